"""Ruby's Fiddle: structs, constants and functions."""
from headers import HOST, Surface, Type

SCALAR = {
    "int32_t": "int",
    "uint32_t": "unsigned int",
    "int64_t": "long long",
    "uint64_t": "unsigned long long",
    "uint8_t": "unsigned char",
    "double": "double",
    "void": "void",
}


def spelled(s: Surface, kind: Type) -> str:
    if kind.stars:
        return "char*" if kind.base == "char" and kind.stars == 1 else "void*"
    return SCALAR[s.scalars.get(kind.base, kind.base)]


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.removeprefix("clv_").split("_"))


def text(s: Surface) -> str:
    lines = [
        "# frozen_string_literal: true",
        "",
        "# Generated from abi/include by abi/generate; do not edit.",
        "# What each is for, and who owns what: clv.h, or abi/REFERENCE.md.",
        "require 'fiddle/import'",
        "",
        "module Clv",
        "  # The C functions under their own names, and the C structs without their prefix.",
        "  module Native",
        "    extend Fiddle::Importer",
        "    dlload Clv.path",
        "",
    ]
    lines += [f"    {c.name} = {ruby(c.value)}" for c in s.constants if c.header in HOST]
    for t in (t for t in s.structs if t.header in HOST):
        lines += ["", f"    {camel(t.name)} = struct ["]
        lines += [f"      '{spelled(s, f.type)} {f.name}'," for f in t.fields]
        lines += ["    ]"]
    lines += [""]
    for f in s.functions:
        takes = ", ".join(spelled(s, p.type) for p in f.parameters)
        lines.append(f"    extern '{spelled(s, f.returns)} {f.name}({takes})'")
    return "\n".join([*lines, "  end", "end"]) + "\n"


def ruby(value: int | str) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"
