#!/usr/bin/env python3
"""headers_test.py <include folder> <headers_use.c>: the public headers, each alone and all macros
used once, compile without a warning in every language level and compiler found here."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

include, use = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
warnings = "-Wall -Wextra -Wpedantic -Wpadded -Wshadow -Wconversion -Werror".split()
levels = [("c", s) for s in ("c99", "c11", "c17")]
levels += [("c++", s) for s in ("c++11", "c++14", "c++17", "c++20")]
compilers = [c for c in ("gcc", "clang") if shutil.which(c)]
failures = 0


def check(compiler, language, level, source, *more):
    command = [compiler, "-x", language, f"-std={level}", *warnings, *more, "-I", include]
    done = subprocess.run([*command, "-fsyntax-only", source], capture_output=True, text=True)
    if done.returncode:
        print(f"{compiler} {level} {source.name}:\n{done.stderr}")
    return done.returncode != 0


with tempfile.TemporaryDirectory() as folder:
    sources = [use]
    for header in sorted(include.glob("*.h")):
        alone = pathlib.Path(folder) / f"alone_{header.stem}.c"
        alone.write_text(f'#include "{header.name}"\nextern int {header.stem}_alone;\n')
        sources.append(alone)
    comfort = []  # of plugins in C++: each alone
    for header in sorted(include.glob("*.hpp")):
        alone = pathlib.Path(folder) / f"alone_{header.stem}.cpp"
        alone.write_text(f'#include "{header.name}"\n')
        comfort.append(alone)
        # The example in its first comment, indented by three blanks.
        example = [line[5:] for line in header.read_text().splitlines() if line.startswith("//   ")]
        if example:
            shown = pathlib.Path(folder) / f"example_{header.stem}.cpp"
            shown.write_text("\n".join([f'#include "{header.name}"', *example, ""]))
            comfort.append(shown)
    for compiler in compilers:
        for language, level in levels:
            failures += sum(check(compiler, language, level, s) for s in sources)
        for level in ("c++17", "c++20"):
            failures += sum(check(compiler, "c++", level, s, "-Wno-padded") for s in comfort)

print(f"{len(compilers)} compilers, {len(levels)} levels, {len(sources) + len(comfort)} files: {failures} failed")
sys.exit(failures != 0 or not compilers or len(sources) < 4)
