"""Python's ctypes: structs, constants, and functions to be bound to a library."""
from headers import HOST, Struct, Surface, Type

SCALAR = {
    "int32_t": "c_int32",
    "uint32_t": "c_uint32",
    "int64_t": "c_int64",
    "uint64_t": "c_uint64",
    "uint8_t": "c_uint8",
    "double": "c_double",
}


def spelled(s: Surface, kind: Type) -> str:
    base = s.scalars.get(kind.base, kind.base)
    if kind.stars == 0:
        return "None" if base == "void" else SCALAR[base]
    struct = s.struct(kind.base)
    if base == "char":
        inner, stars = "c_char_p", kind.stars - 1
    elif base == "void" or base in s.handles or struct is None and base not in SCALAR:
        inner, stars = "c_void_p", kind.stars - 1
    elif struct is not None and struct.header not in HOST:
        inner, stars = "c_void_p", kind.stars - 1
    else:
        inner, stars = SCALAR.get(base, base), kind.stars
    return "POINTER(" * stars + inner + ")" * stars


def mentioned_first(s: Surface) -> list[Struct]:
    """Hosts' structs, each after those it points to: Python knows no declaration ahead."""
    placed: dict[str, Struct] = {}

    def place(t: Struct) -> None:
        for other in (s.struct(f.type.base) for f in t.fields):
            if other and other.header in HOST and other.name not in placed:
                place(other)
        placed[t.name] = t

    for t in s.structs:
        if t.header in HOST and t.name not in placed:
            place(t)
    return list(placed.values())


def text(s: Surface) -> str:
    lines = [
        '"""Generated from abi/include by abi/generate; do not edit.',
        "",
        "What each is for, and who owns what: clv.h, or abi/REFERENCE.md.",
        '"""',
        "# ruff: noqa: N801",
        "from ctypes import POINTER, Structure, c_char_p, c_double, c_int32, c_int64, c_uint8, c_uint32",
        "from ctypes import c_uint64, c_void_p",
        "",
    ]
    hosts = [c for c in s.constants if c.header in HOST]
    lines += [f"{c.name} = {c.value!r}" for c in hosts]
    lines += ["", "__all__ = ["]  # of `import *`: what hosts write in options
    lines += [f'    "{c.name}",' for c in hosts]
    lines += ["]"]
    for t in mentioned_first(s):
        lines += ["", "", f"class {t.name}(Structure):", "    _fields_ = ["]
        lines += [f'        ("{f.name}", {spelled(s, f.type)}),' for f in t.fields]
        lines += ["    ]"]
    lines += ["", "", "# name: (result, arguments)", "FUNCTIONS = {"]
    for f in s.functions:
        takes = "".join(f"{spelled(s, p.type)}, " for p in f.parameters)
        lines.append(f'    "{f.name}": ({spelled(s, f.returns)}, ({takes.rstrip(" ")})),')
    lines += ["}"]
    return "\n".join(lines) + "\n"
