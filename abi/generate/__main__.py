"""python3 abi/generate [--check] | --probe FOLDER: writes every file that follows from the public headers.

--check writes nothing and fails when a file differs from what would be written. --probe prints the
source of the probe library (see probe.py) of the headers in FOLDER.
"""
import argparse
import difflib
import pathlib
import sys

import csharp
import ctypes_module
import fiddle
import flat
import go
import headers
import jna
import koffi
import layout
import php
import probe
import reference
import typescript

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "abi" / "include"
BINDINGS = ROOT / "abi" / "bindings"


def files(surface: headers.Surface) -> dict[pathlib.Path, str]:
    return {
        BINDINGS / "clv_ffi.h": flat.text(surface),
        BINDINGS / "php" / "clv_scope.h": flat.scoped(surface),
        BINDINGS / "php" / "src" / "Constants.php": php.text(surface),
        BINDINGS / "python" / "libclv" / "declarations.py": ctypes_module.text(surface),
        BINDINGS / "node" / "declarations.js": koffi.text(surface),
        BINDINGS / "node" / "declarations.d.ts": typescript.text(surface),
        BINDINGS / "ruby" / "lib" / "clv" / "declarations.rb": fiddle.text(surface),
        BINDINGS / "java" / "src" / "org" / "libclv" / "Native.java": jna.text(surface),
        BINDINGS / "dotnet" / "Native.cs": csharp.text(surface),
        BINDINGS / "go" / "options.go": go.text(surface),
        ROOT / "tests" / "abi" / "layout_1_0.c": layout.text(surface, INCLUDE),
        ROOT / "abi" / "REFERENCE.md": reference.text(surface),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--check", action="store_true")
    asked.add_argument("--probe", type=pathlib.Path, metavar="FOLDER")
    given = asked.parse_args()
    if given.probe:
        print(probe.text(headers.read(given.probe)), end="")
        return 0
    check = given.check
    differing = 0
    for path, wanted in files(headers.read(INCLUDE)).items():
        present = path.read_text() if path.exists() else ""
        if present == wanted:
            continue
        differing += 1
        name = str(path.relative_to(ROOT))
        if check:
            lines = difflib.unified_diff(
                present.splitlines(), wanted.splitlines(), name, "what the headers say", lineterm="", n=1
            )
            print("\n".join(list(lines)[:40]))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted)
            print("wrote", name)
    if check and differing:
        print(f"{differing} files differ from the headers: run python3 abi/generate")
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
