"""Node's koffi: types, constants and prototypes."""
from headers import HOST, Field, Function, Surface, Type


def direction(s: Surface, p: Field) -> str:
    """What C writes, koffi must be told: _Out_ where it only writes, _Inout_ where it reads
    struct_size or an earlier value first."""
    if p.type.stars == 0 or p.type.const or p.type.base == "void":
        return ""
    if p.type.stars == 1 and p.type.base in s.handles:
        return ""
    if p.type.stars == 1 and s.struct(p.type.base):
        return "_Inout_ "
    return "_Inout_ " if p.name == "etag" else "_Out_ "


def spelled(s: Surface, kind: Type) -> str:
    struct = s.struct(kind.base)
    known = struct is None or struct.header in HOST
    if not known:
        return "void *"
    if kind.base == "char" and kind.stars == 2 and not kind.const:
        return "char **"
    return ("const " if kind.const else "") + kind.base + " " + "*" * kind.stars


def prototype(s: Surface, f: Function) -> str:
    takes = [f"{direction(s, p)}{spelled(s, p.type)}{p.name}" for p in f.parameters]
    return f"{spelled(s, f.returns)}{f.name}({', '.join(takes) or 'void'})"


def text(s: Surface) -> str:
    lines = [
        "// Generated from abi/include by abi/generate; do not edit.",
        "// What each is for, and who owns what: clv.h, or abi/REFERENCE.md.",
        "'use strict';",
        "",
        "exports.constants = {",
    ]
    lines += [f"  {c.name}: {js(c.value)}," for c in s.constants if c.header in HOST]
    lines += ["};", "", "// Types are known to koffi by their names from then on.", "exports.declare = (koffi) => {"]
    lines += [f"  koffi.alias('{name}', '{known}');" for name, known in s.scalars.items()]
    lines += [f"  koffi.opaque('{name}');" for name in s.handles if not name.startswith("clv_storage")]
    for t in (t for t in s.structs if t.header in HOST):
        lines.append(f"  koffi.struct('{t.name}', {{")
        # A pointer in a struct is an address: arrays stay the caller's.
        lines += [f"    {f.name}: '{in_struct(s, f)}'," for f in t.fields]
        lines.append("  });")
    lines += ["};", "", "exports.prototypes = ["]
    lines += [f"  '{prototype(s, f)}'," for f in s.functions]
    return "\n".join([*lines, "];"]) + "\n"


def in_struct(s: Surface, f: Field) -> str:
    if f.type.stars == 0:
        return f.type.base
    if f.type.base == "char" and f.type.stars == 1:
        return "const char *"
    return "void *"


def js(value: int | str) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"
