"""The host's surface as C declarations without a directive, macro or attribute, for readers of headers
that have no preprocessor: PHP FFI, cffi, koffi, LuaJIT."""
from headers import HOST, Field, Surface, Type

BY = "Generated from abi/include by abi/generate; do not edit."


def spelled(kind: Type, name: str) -> str:
    return f"{kind} {name}"


def listed(parameters: tuple[Field, ...]) -> str:
    return ", ".join(spelled(p.type, p.name) for p in parameters) or "void"


def declarations(s: Surface) -> str:
    """Handles first: a struct may point to one that is declared later, by its typedef."""
    lines: list[str] = []
    lines += [f"typedef {known} {name};" for name, known in s.scalars.items()]
    structs = [t for t in s.structs if t.header in HOST]
    lines += [f"typedef struct {name} {name};" for name in s.handles if used(s, name)]
    lines += [f"typedef struct {t.name} {t.name};" for t in structs]
    lines += [f"typedef struct {t.name} {t.name};" for t in s.structs if t not in structs and used(s, t.name)]
    lines += [f"typedef struct {name} {name};" for name in sorted(s.foreign) if not s.struct(name)]
    for t in structs:
        lines += ["", f"struct {t.name} {{"]
        lines += [f"  {spelled(f.type, f.name)};" for f in t.fields]
        lines += ["};"]
    lines += [""]
    lines += [f"{f.returns} {f.name}({listed(f.parameters)});" for f in s.functions]
    return "\n".join(lines) + "\n"


def used(s: Surface, name: str) -> bool:
    """Whether a host's function or struct names it."""
    hosts = (f.type.base for t in s.structs if t.header in HOST for f in t.fields)
    return name in {*hosts, *(p.type.base for f in s.functions for p in f.parameters)}


def constants(s: Surface) -> str:
    return "\n".join(
        f"/* {c.name} = {c.value} */" for c in s.constants if c.header in HOST and isinstance(c.value, int)
    )


def text(s: Surface) -> str:
    return f"/* clang-format off */\n/* {BY}\n * Constants are comments: a reader without a preprocessor has no use for them. */\n" + (
        constants(s) + "\n\n" + declarations(s)
    )


def scoped(s: Surface) -> str:
    """For FFI::load in a preload file: PHP finds it again by FFI::scope("CLV")."""
    return f'#define FFI_SCOPE "CLV"\n#define FFI_LIB "libclv.so.1"\n/* clang-format off */\n/* {BY} */\n' + declarations(s)
