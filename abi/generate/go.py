"""Go's cgo: constants, and each struct of options as a Go struct that turns itself into the C one."""
from headers import HOST, Field, Struct, Surface

SCALAR = {"int32_t": "int32", "uint32_t": "uint32", "int64_t": "int64", "uint64_t": "uint64", "double": "float64"}
KEYWORDS = ("map", "range", "type")  # cgo sets a '_' before them
BY_HAND = ("clv_read_options",)  # Table.read fills it


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.lower().split("_"))


def constant(name: str) -> str:
    """CLV_E_DATA: StatusData, CLV_T_TIME: TypeTime, CLV_DECIDE_WHAT_IF: DecideWhatIf."""
    name = name.removeprefix("CLV_")
    if name in ("OK", "MORE", "END") or name.startswith("E_"):
        return "Status" + camel(name.removeprefix("E_"))
    return "Type" + camel(name[2:]) if name.startswith("T_") else camel(name)


def kind(s: Surface, f: Field) -> str:
    """How the field is carried over; "" where Go's struct has none."""
    base = s.scalars.get(f.type.base, f.type.base)
    if f.name in ("struct_size", "spare"):
        return ""
    if f.type.stars == 0:
        return SCALAR[base]
    named = {"char": "string", "clv_named_batch": "[]Named", "clv_batch": "Batch", "clv_model": "*Model", "void": "[]byte"}
    named["clv_answer"] = "*Answer"
    return named.get(base, "")


def members(s: Surface, t: Struct) -> list[tuple[Field, str]]:
    """Fields that Go has too: the count of an array is known from the array."""
    arrays = {f.name for f in t.fields if kind(s, f).startswith("[]")}
    counts = {"n_" + name for name in arrays} | ({"size"} if "text" in arrays else set())
    return [(f, kind(s, f)) for f in t.fields if kind(s, f) and f.name not in counts]


def carried(f: Field, go: str) -> list[str]:
    own = "o." + camel(f.name)
    field = f"c._{f.name}" if f.name in KEYWORDS else f"c.{f.name}"
    if go == "string":
        return [f"{field} = m.text({own})"]
    if go == "[]Named":
        return [f"{field} = m.named({own})", f"c.n_{f.name} = C.int32_t(len({own}))"]
    if go == "Batch":
        return [f"{field} = m.batch({own})"]
    if go == "*Answer":
        return [f"{field} = m.answer({own})"]
    if go == "*Model":
        return [f"{field} = {own}.pointer()"]
    if go == "[]byte":
        return [f"{field} = m.bytes({own})", f"c.size = C.int64_t(len({own}))"]
    c = {"float64": "double"}.get(go, go + "_t")
    return [f"{field} = C.{c}({own})"]


def aligned(rows: list[tuple[str, str]]) -> list[str]:
    """As gofmt sets them."""
    width = max(len(name) for name, _ in rows)
    return [f"\t{name:<{width}} {rest}" for name, rest in rows]


def options(s: Surface, t: Struct) -> list[str]:
    name = camel(t.name.removeprefix("clv_"))
    lines = ["", f"// {name} is {t.name}: zero values are the defaults.", f"type {name} struct {{"]
    lines += aligned([(camel(f.name), go) for f, go in members(s, t)])
    lines += ["}", "", f"func (o *{name}) c(m *memory) *C.{t.name} {{", "\tif o == nil {", "\t\treturn nil", "\t}"]
    lines += [f"\tc := (*C.{t.name})(m.zeroed(C.sizeof_{t.name}))", f"\tc.struct_size = C.sizeof_{t.name}"]
    lines += ["\t" + line for f, go in members(s, t) for line in carried(f, go)]
    return [*lines, "\treturn c", "}"]


def text(s: Surface) -> str:
    lines = [
        "// Code generated from abi/include by abi/generate; DO NOT EDIT.",
        "// What each is for: clv.h, or abi/REFERENCE.md.",
        "",
        "package clv",
        "",
        '// #include "clv.h"',
        'import "C"',
        "",
        "// The constants of clv.h.",
        "const (",
    ]
    constants = [c for c in s.constants if c.header in HOST and isinstance(c.value, int)]
    lines += aligned([(constant(c.name), f"= {c.value}") for c in constants])
    lines += [")"]
    for t in (t for t in s.structs if t.header in HOST and t.sized):
        if t.name.endswith("_options") and t.name not in BY_HAND:
            lines += options(s, t)
    return "\n".join(lines) + "\n"
