"""The reference page: every name of the headers with its contract, in their order."""
from headers import Constant, Function, Struct, Surface


def signature(f: Function) -> str:
    takes = ", ".join(f"{p.type} {p.name}" for p in f.parameters) or "void"
    return f"{f.returns} {f.name}({takes})"


def paragraph(doc: str) -> str:
    """As it stands in the header, but for what Markdown would read as its own."""
    return doc.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_").replace("|", "\\|")


def fields(t: Struct) -> list[str]:
    lines = ["", "| field | type | |", "|---|---|---|"]
    for f in t.fields:
        kind = f.type if f.function is None else "function"
        said = " ".join(paragraph(f.doc).split())
        lines.append(f"| `{f.name}` | `{kind}` | {said} |")
    return lines


def constants(of: list[Constant]) -> list[str]:
    lines = ["", "| constant | value | |", "|---|---:|---|"]
    return lines + [f"| `{c.name}` | {c.value} | {' '.join(paragraph(c.doc).split())} |" for c in of]


def text(s: Surface) -> str:
    lines = [
        "# Reference",
        "",
        "Generated from the headers by `python3 abi/generate`; the headers themselves are the contract. How it grows, and",
        "what is guaranteed: [README.md](README.md).",
    ]
    for header, story in s.stories.items():
        lines += ["", f"## {header}", "", "```text", story, "```"]
        seen: list[str] = []
        everything = (*s.constants, *s.structs, *s.functions)
        for x in everything:
            if x.header == header and x.section not in seen:
                seen.append(x.section)
        for section in seen:
            if section:
                lines += ["", f"### {section}"]
            mine = [c for c in s.constants if (c.header, c.section) == (header, section)]
            if mine:
                lines += constants(mine)
            for t in (t for t in s.structs if (t.header, t.section) == (header, section)):
                lines += ["", f"**`{t.name}`** {paragraph(t.doc)}".rstrip(), *fields(t)]
            for f in (f for f in s.functions if (f.header, f.section) == (header, section)):
                lines += ["", "```c", signature(f), "```", "", paragraph(f.doc)]
    return "\n".join(lines) + "\n"
