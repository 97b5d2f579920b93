#!/usr/bin/env python3
"""keep_headers.py <include folder> <folder of a release> [--check]: keeps the public headers of a
release, so that programs and plugins go on being compiled with them.

A candidate (its name ends in -rc) follows the headers: --check fails while they differ, and without
it they are copied again. Those of a release never change: only a folder that has none is filled."""
import filecmp
import pathlib
import shutil
import sys

include, release = map(pathlib.Path, sys.argv[1:3])
check = "--check" in sys.argv[3:]
kept = release / "include"
# With their own rules of formatting: the copies are never to be formatted otherwise.
names = sorted(p.name for p in include.iterdir() if p.suffix in (".h", ".hpp") or p.name == ".clang-format")
differing = [n for n in names if not (kept / n).exists() or not filecmp.cmp(include / n, kept / n, shallow=False)]
surplus = [p.name for p in sorted(kept.glob("*")) if p.name not in names]
candidate = release.name.endswith("-rc")
if check and candidate and (differing or surplus):
    sys.exit(
        f"{release.name} keeps other headers than today's: {', '.join(differing + surplus)}\n"
        "While 1.0 is a candidate that may be meant: python3 tests/abi/keep_headers.py "
        "abi/include tests/abi/v1.0-rc, and say in CHANGELOG.md what plugins and hosts must change"
    )
if not check:
    if not candidate and kept.exists():
        sys.exit(f"{release.name} is a release: its headers are never written again")
    kept.mkdir(parents=True, exist_ok=True)
    for name in surplus:
        (kept / name).unlink()
    for name in differing:
        shutil.copyfile(include / name, kept / name)
        print("kept", name)
