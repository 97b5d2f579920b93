#!/usr/bin/env python3
"""Packages of the bindings that write a version down have that of the headers."""
import pathlib
import re
import sys

ABI = pathlib.Path(__file__).resolve().parents[2] / "abi"
SAYS = {
    "node/package.json": r'"version": "([^"]+)"',
    "ruby/clv.gemspec": r"gem\.version = '([^']+)'",
}


def main():
    base = (ABI / "include" / "clv_base.h").read_text()
    parts = (re.search(rf"#define CLV_VERSION_{part} (\d+)", base).group(1) for part in ("MAJOR", "MINOR", "PATCH"))
    wanted = ".".join(parts)
    wrong = 0
    for name, pattern in SAYS.items():
        found = re.search(pattern, (ABI / "bindings" / name).read_text(), re.MULTILINE)
        if found is None or found.group(1) != wanted:
            wrong = 1
            print(f"{name} says {found and found.group(1)}, clv_base.h {wanted}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
