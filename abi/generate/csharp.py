"""C#'s P/Invoke: structs, constants and functions. int, never bool; byte* for UTF-8."""
from headers import HOST, Surface, Type

SCALAR = {
    "int32_t": "int",
    "uint32_t": "uint",
    "int64_t": "long",
    "uint64_t": "ulong",
    "uint8_t": "byte",
    "double": "double",
    "void": "void",
}
KEYWORDS = ("as", "out", "fixed", "params", "in", "ref")


def named(name: str) -> str:
    return "@" + name if name in KEYWORDS else name


def spelled(s: Surface, kind: Type) -> str:
    """Handles and tables are IntPtr: a SafeHandle or a fixed array is the caller's choice."""
    base = s.scalars.get(kind.base, kind.base)
    struct = s.struct(base)
    known = struct is not None and struct.header in HOST
    if kind.stars == 0:
        return SCALAR[base]
    if base == "char":
        return "byte" + "*" * kind.stars
    if known or base in SCALAR and base != "void":
        return (base if known else SCALAR[base]) + "*" * kind.stars
    return "IntPtr" + "*" * (kind.stars - 1)


def text(s: Surface) -> str:
    lines = [
        "// Generated from abi/include by abi/generate; do not edit.",
        "// What each is for, and who owns what: clv.h, or abi/REFERENCE.md.",
        "using System;",
        "using System.Runtime.InteropServices;",
        "",
        "namespace Libclv {",
    ]
    for t in (t for t in s.structs if t.header in HOST):
        lines += ["  [StructLayout(LayoutKind.Sequential)]", f"  public unsafe struct {t.name} {{"]
        lines += [f"    public {spelled(s, f.type)} {named(f.name)};" for f in t.fields]
        lines += ["  }", ""]
    lines += ["  public static unsafe class Native {", '    private const string Library = "libclv.so.1";']
    lines += [
        f"    public const int {c.name} = {c.value};"
        for c in s.constants
        if c.header in HOST and isinstance(c.value, int)
    ]
    for f in s.functions:
        takes = ", ".join(f"{spelled(s, p.type)} {named(p.name)}" for p in f.parameters)
        lines += [
            "    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]",
            f"    public static extern {spelled(s, f.returns)} {f.name}({takes});",
        ]
    return "\n".join([*lines, "  }", "}"]) + "\n"
