"""Java's JNA: one interface with the functions, constants and structures."""
from headers import HOST, Surface, Type

SCALAR = {
    "int32_t": "int",
    "uint32_t": "int",
    "int64_t": "long",
    "uint64_t": "long",
    "uint8_t": "byte",
    "double": "double",
    "void": "void",
}


def parameter(s: Surface, kind: Type, array: bool = False) -> str:
    """`array`: the caller's, of as many items as another parameter says; a StringArray is a Pointer."""
    base = s.scalars.get(kind.base, kind.base)
    if array:
        return "Pointer"
    if kind.stars == 0:
        return SCALAR[base]
    if base == "char" and kind.stars == 1:
        return "byte[]" if not kind.const else "String"
    if kind.stars == 1 and not kind.const and base in ("int64_t", "int32_t", "double"):
        return {"int64_t": "LongByReference", "int32_t": "IntByReference", "double": "DoubleByReference"}[base]
    if kind.stars == 1 and s.struct(base) and s.struct(base).header in HOST:
        return camel(base)
    if kind.stars == 2 and not kind.const or kind.stars == 2 and base == "char" and kind.const:
        return "PointerByReference"
    return "Pointer"


def member(s: Surface, kind: Type) -> str:
    return "Pointer" if kind.stars else SCALAR[s.scalars.get(kind.base, kind.base)]


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.removeprefix("clv_").split("_"))


def text(s: Surface) -> str:
    lines = [
        "// Generated from abi/include by abi/generate; do not edit.",
        "// What each is for, and who owns what: clv.h, or abi/REFERENCE.md.",
        "package org.libclv;",
        "",
        "import com.sun.jna.Library;",
        "import com.sun.jna.Pointer;",
        "import com.sun.jna.Structure;",
        "import com.sun.jna.ptr.LongByReference;",
        "import com.sun.jna.ptr.PointerByReference;",
        "",
        "/** The C functions under their own names; unsigned integers keep their bits. */",
        "public interface Native extends Library {",
    ]
    for c in (c for c in s.constants if c.header in HOST and isinstance(c.value, int)):
        lines.append(f"  int {c.name} = {c.value};")
    for t in (t for t in s.structs if t.header in HOST):
        order = ", ".join(f'"{f.name}"' for f in t.fields)
        lines += ["", f"  @Structure.FieldOrder({{{order}}})", f"  class {camel(t.name)} extends Structure {{"]
        lines += [f"    public {member(s, f.type)} {f.name};" for f in t.fields]
        if t.sized:
            lines += ["", f"    public {camel(t.name)}() {{", "      struct_size = size();", "    }"]
        lines += ["  }"]
    lines += [""]
    for f in s.functions:
        names = [p.name for p in f.parameters]
        takes = ", ".join(f"{parameter(s, p.type, 'n_' + p.name in names)} {p.name}" for p in f.parameters)
        returns = "Pointer" if f.returns.stars and f.returns.base != "char" else parameter(s, f.returns)
        lines.append(f"  {returns} {f.name}({takes});")
    return "\n".join([*lines, "}"]) + "\n"
