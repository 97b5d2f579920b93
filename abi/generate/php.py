"""PHP's constants: FFI declarations carry none."""
from headers import HOST, Surface


def text(s: Surface) -> str:
    lines = [
        "<?php",
        "// Generated from abi/include by abi/generate; do not edit.",
        "// What each is for: clv.h, or abi/REFERENCE.md.",
        "declare(strict_types=1);",
        "",
        "namespace Clv;",
        "",
        "final class Constants",
        "{",
    ]
    lines += [f"    public const {c.name} = {php(c.value)};" for c in s.constants if c.header in HOST]
    return "\n".join([*lines, "}"]) + "\n"


def php(value: int | str) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"
