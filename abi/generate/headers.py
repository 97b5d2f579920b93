"""Reads the public headers, which are plain enough for it, into a Surface: what every generated file
is written from. Raises Unclear, with file and line, for anything it does not know; nothing is skipped.

The subset: one-line constants, enums without a tag, opaque handles, structs of named fields, function
pointers as fields, functions marked CLV_API. A comment that ends on the line before a declaration, or
begins on its last line, belongs to it; a declaration right after another shares its comment.
"""
from __future__ import annotations

import dataclasses
import pathlib
import re

# In the order in which each includes those before it.
HOST = (
    "clv_base.h",
    "clv_table.h",
    "clv_value.h",
    "clv_action.h",
    "clv_engine.h",
    "clv_service.h",
    "clv_arrow.h",
)
TABLES = ("clv_storage.h", "clv_plugin.h")  # what a host or a plugin implements


class Unclear(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class Type:
    """`base` with `stars` after it: const char** is Type("char", 2). `const` is of the base."""

    base: str
    stars: int = 0
    const: bool = False

    def __str__(self) -> str:
        return ("const " if self.const else "") + self.base + "*" * self.stars


@dataclasses.dataclass(frozen=True)
class Field:
    name: str
    type: Type
    doc: str
    function: Function | None = None  # set where the field is a function pointer


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    returns: Type
    parameters: tuple[Field, ...]
    doc: str
    section: str
    header: str


@dataclasses.dataclass(frozen=True)
class Struct:
    name: str
    fields: tuple[Field, ...]
    doc: str
    section: str
    header: str

    @property
    def sized(self) -> bool:
        return self.fields[0].name == "struct_size"


@dataclasses.dataclass(frozen=True)
class Constant:
    name: str
    value: int | str
    doc: str
    section: str
    header: str


@dataclasses.dataclass
class Surface:
    scalars: dict[str, str] = dataclasses.field(default_factory=dict)  # clv_status: int32_t
    handles: dict[str, str] = dataclasses.field(default_factory=dict)  # name: doc
    foreign: set[str] = dataclasses.field(default_factory=set)  # structs that are declared elsewhere
    constants: list[Constant] = dataclasses.field(default_factory=list)
    structs: list[Struct] = dataclasses.field(default_factory=list)
    functions: list[Function] = dataclasses.field(default_factory=list)
    stories: dict[str, str] = dataclasses.field(default_factory=dict)  # header: its first comment

    def struct(self, name: str) -> Struct | None:
        return next((s for s in self.structs if s.name == name), None)


FIXED = ("void", "char", "double", "uint8_t", "int32_t", "uint32_t", "int64_t", "uint64_t")
SECTION = re.compile(r"-{4} (.*?) -{2,}")


def type_of(words: str, where: str) -> Type:
    """`const char* const*` and the like; a const between stars says nothing to a caller."""
    stars = words.count("*")
    names = [w for w in re.findall(r"\w+", words) if w != "struct"]
    const = bool(names) and names[0] == "const"
    names = [w for w in names if w != "const"]
    if len(names) != 1:
        raise Unclear(f"{where}: cannot read the type '{words}'")
    return Type(names[0], stars, const)


def declared(words: str, where: str) -> tuple[Type, str]:
    """`const char* path` -> its type and name."""
    found = re.fullmatch(r"(.*?[\s*])(\w+)", words.strip(), flags=re.S)
    if not found:
        raise Unclear(f"{where}: cannot read the declaration '{words}'")
    return type_of(found.group(1), where), found.group(2)


def parameters_of(words: str, where: str) -> tuple[Field, ...]:
    if words.strip() == "void":
        return ()
    return tuple(Field(name, kind, "") for kind, name in (declared(p, where) for p in words.split(",")))


def words_of(comment: str) -> str:
    lines = [re.sub(r"^\s*\*? ?", "", line).rstrip() for line in comment.strip().splitlines()]
    return "\n".join(lines).strip()


class Reader:
    """One pass over one header: comments and declarations in turn."""

    PIECES = re.compile(
        r"(?P<blank>\s+)"
        r"|(?P<comment>/\*.*?\*/)"
        r"|(?P<directive>\#(?:[^\n\\]|\\\n)*)"
        r"|(?P<block>CLV_BEGIN_C|CLV_END_C)"
        r"|(?P<struct>typedef struct \w+ \{.*?\n\} \w+;)"
        r"|(?P<foreign>struct \w+;)"
        r"|(?P<handle>typedef struct (\w+) \w+;)"
        r"|(?P<scalar>typedef \w+ \w+;)"
        r"|(?P<entry>typedef [^;{]*\(CLV_CALL\* ?\w+\)\([^;]*;)"
        r"|(?P<enum>enum \{.*?\};)"
        r"|(?P<function>CLV_API [^;]*;)",
        re.S,
    )

    def __init__(self, folder: pathlib.Path, header: str, into: Surface):
        self.header = header
        self.text = (folder / header).read_text()
        self.into = into
        self.section = ""
        self.doc = ""  # of the comment right above
        self.last = ""  # the doc that a declaration right below the last one shares
        self.at = 0

    def where(self) -> str:
        return f"{self.header}:{self.text.count(chr(10), 0, self.at) + 1}"

    def read(self) -> None:
        skipping = 0
        while self.at < len(self.text):
            piece = self.PIECES.match(self.text, self.at)
            if piece is None:
                # C++ inside #if defined(__cplusplus) is comfort, not surface.
                if not skipping:
                    raise Unclear(f"{self.where()}: {self.text[self.at:self.at + 60]!r}")
                self.at = self.text.index("\n", self.at) + 1
                continue
            kind, words = piece.lastgroup or "handle", piece.group()
            if piece.group("handle"):
                kind = "handle"
            if kind == "directive":
                skipping += self.directive(words)
            elif kind == "comment":
                self.comment(words)
            elif kind == "blank":
                if words.count("\n") > 1:
                    self.doc = self.last = ""
            self.at = piece.end()
            if kind in ("struct", "handle", "foreign", "scalar", "enum", "function") and not skipping:
                getattr(self, kind)(words, self.take_doc())

    def directive(self, words: str) -> int:
        constant = re.fullmatch(r'#define (CLV_\w+) (-?\d+u?|"[^"]*")', words.split("/*")[0].strip())
        if constant:
            value = constant.group(2)
            known = value.strip('"') if value.startswith('"') else int(value.rstrip("u"))
            self.add_constant(constant.group(1), known, self.doc)
        if words.startswith("#if") and not words.startswith(f"#ifndef {self.header[:-2].upper()}_H"):
            return 1
        return -1 if words.startswith("#endif") and self.text[self.at + 6 :].strip() else 0

    def comment(self, words: str) -> None:
        inner = words[2:-2]
        if not self.into.stories.get(self.header):
            self.into.stories[self.header] = words_of(inner)
            return
        section = SECTION.match(inner.strip())
        if section:
            self.section = section.group(1)
            inner = re.sub(r"^\s*-{4}.*?-{2,}\s*\n?", "", inner, count=1)
        said = words_of(inner)
        self.doc = said if section or not self.doc else f"{self.doc} {said}".strip()

    def take_doc(self) -> str:
        """What is said above, and behind on the same line; above, it is shared by what follows."""
        behind = re.compile(r"[ \t]*/\*(.*?)\*/", re.S).match(self.text, self.at)
        above = self.doc
        if behind is not None:
            self.at = behind.end()
            self.doc = ""
            return f"{above} {words_of(behind.group(1))}".strip()
        self.last, self.doc = above or self.last, ""
        return self.last

    def add_constant(self, name: str, value: int | str, doc: str) -> None:
        self.into.constants.append(Constant(name, value, doc, self.section, self.header))

    def scalar(self, words: str, doc: str) -> None:
        known, name = words[len("typedef ") : -1].split()
        self.into.scalars[name] = known

    def handle(self, words: str, doc: str) -> None:
        self.into.handles[words[:-1].split()[-1]] = doc

    def foreign(self, words: str, doc: str) -> None:
        self.into.foreign.add(words[:-1].split()[-1])

    def enum(self, words: str, doc: str) -> None:
        inner = words[words.index("{") + 1 : words.rindex("}")]
        for part, said in with_comments(inner, ","):
            found = re.fullmatch(r"(CLV_\w+) = (-?\d+)", part)
            if not found:
                raise Unclear(f"{self.where()}: cannot read the constant '{part}'")
            self.add_constant(found.group(1), int(found.group(2)), said)

    def struct(self, words: str, doc: str) -> None:
        name = words.split()[2]
        inner = words[words.index("{") + 1 : words.rindex("}")]
        fields: list[Field] = []
        for part, said in with_comments(inner, ";"):
            fields += self.fields(part, said)
        self.into.structs.append(Struct(name, tuple(fields), doc, self.section, self.header))

    def fields(self, words: str, doc: str) -> list[Field]:
        pointer = re.fullmatch(r"(.*?)\(CLV_CALL\* ?(\w+)\)\((.*)\)", words, re.S)
        if pointer:
            returns, name = type_of(pointer.group(1), self.where()), pointer.group(2)
            takes = parameters_of(pointer.group(3), self.where())
            called = Function(name, returns, takes, doc, self.section, self.header)
            return [Field(name, Type("void", 1), doc, called)]
        first, *others = (w.strip() for w in words.split(","))
        kind, name = declared(first, self.where())
        return [Field(n, kind, doc) for n in (name, *others)]

    def function(self, words: str, doc: str) -> None:
        found = re.fullmatch(r"CLV_API (.*?)\s?CLV_CALL\s+(\w+)\((.*)\)\s+CLV_NOEXCEPT;", words, re.S)
        if not found:
            raise Unclear(f"{self.where()}: cannot read the function '{words[:60]}'")
        returns = type_of(found.group(1), self.where())
        takes = parameters_of(found.group(3), self.where())
        self.into.functions.append(
            Function(found.group(2), returns, takes, doc, self.section, self.header)
        )


def with_comments(inner: str, end: str) -> list[tuple[str, str]]:
    """The parts up to each `end`, each with what is said before it and behind it on its line; a comment
    on a line of its own that stands as far right goes on with the one above."""
    parts: list[tuple[str, str]] = []
    words, said, depth, column, behind = "", "", 0, 0, -1
    for piece in re.finditer(r"/\*(.*?)\*/|\n|.", inner, re.S):
        text, comment = piece.group(), piece.group(1)
        start = piece.start() - (inner.rfind("\n", 0, piece.start()) + 1)
        if comment is not None:
            fresh = not words.strip()
            if parts and fresh and (column > 0 or start == behind or start > len("  /* ")):
                parts[-1] = (parts[-1][0], f"{parts[-1][1]} {words_of(comment)}".strip())
                behind = start
            else:
                said = f"{said} {words_of(comment)}".strip()
        elif text == "\n":
            column, words = 0, words + " "
        else:
            depth += (text == "(") - (text == ")")
            if text == end and depth == 0:
                parts.append((" ".join(words.split()), said))
                words, said, column = "", "", 1  # what follows on this line is about this part
            else:
                words += text
    if words.strip():
        parts.append((" ".join(words.split()), said))
    return parts


def read(folder: pathlib.Path, headers: tuple[str, ...] = HOST + TABLES) -> Surface:
    surface = Surface()
    for header in headers:
        Reader(folder, header, surface).read()
    check(surface)
    return surface


def check(s: Surface) -> None:
    """Every type that is used is one that is declared."""
    known = {*FIXED, *s.scalars, *s.handles, *s.foreign, *(t.name for t in s.structs)}
    uses = [(t.name, f.type) for t in s.structs for f in t.fields]
    uses += [(f.name, p.type) for f in s.functions for p in f.parameters]
    uses += [(f.name, f.returns) for f in s.functions]
    for user, kind in uses:
        if kind.base not in known:
            raise Unclear(f"{user}: unknown type '{kind.base}'")
