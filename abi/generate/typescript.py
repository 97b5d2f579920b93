"""Node's declarations for TypeScript: constants, and the structs that are objects in JavaScript."""
from fiddle import camel
from headers import HOST, Field, Struct, Surface

# What a pointer is in JavaScript, by the name of its member; others are addresses.
POINTERS = {
    "inputs": "Tables",
    "facts": "Tables",
    "proposals": "Rows",
    "rows": "Rows",
    "model": "Model",
    "answer": "Answer",
    "text": "string | Uint8Array",
    "bytes": "string | Uint8Array",
}
SIZES = ("struct_size", "spare", "size")  # set by the binding


def told(t: Struct) -> bool:
    """Options, and the few other structs that hosts see."""
    options = t.name.endswith("_options") and t.name != "clv_read_options"  # Table.typed reads
    return options or t.name in ("clv_keyed_batch", "clv_answer", "clv_history", "clv_score")


def spelled(f: Field, s: Surface) -> str:
    if f.type.base == "char" and f.type.stars == 1:
        return "string | null"
    if f.type.stars or f.function:
        return f"{POINTERS.get(f.name, 'bigint')} | null"
    wide = s.scalars.get(f.type.base, f.type.base) in ("int64_t", "uint64_t")
    return "number | bigint" if wide else "number"


def member(f: Field, s: Surface, answer: bool) -> list[str]:
    words = " ".join(f.doc.split())
    kind = spelled(f, s).replace("number | bigint", "number") if answer else spelled(f, s)
    line = f"  {f.name}{'' if answer else '?'}: {kind};"
    return [f"  /** {words} */", line] if words else [line]


def text(s: Surface) -> str:
    lines = [
        "// Generated from abi/include by abi/generate; do not edit.",
        "// What each is for, and who owns what: clv.h, or abi/REFERENCE.md.",
        "import type { Model, Rows, Tables } from './index';",
        "",
        "export interface Constants {",
    ]
    lines += [f"  readonly {c.name}: {js(c.value)};" for c in s.constants if c.header in HOST]
    lines += ["}"]
    for t in (t for t in s.structs if t.header in HOST and told(t)):
        lines += ["", f"export interface {camel(t.name)} {{"]
        for f in t.fields:
            if f.name not in SIZES and not f.name.startswith("n_"):
                lines += member(f, s, t.name == "clv_score")
        lines += ["}"]
    return "\n".join(lines) + "\n"


def js(value: int | str) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"
