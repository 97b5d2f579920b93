#!/usr/bin/env python3
"""headers_test.py <include folder> <headers_use.c>: the public headers, each alone and all macros
used once, compile without a warning in every language level and compiler found here; and each
function says from which threads it may be called."""
import pathlib
import re
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


def unmarked(header, opening, marks):
    """The names that `opening` finds whose comment, before or behind them, has none of the marks."""
    text = header.read_text()
    names = []
    for found in re.finditer(opening, text):
        before = text[: found.start()].rstrip()
        comment = before[before.rindex("/*") :] if before.endswith("*/") else ""
        behind = re.match(r"[^;]*;[^\n]*", text[found.start() :]).group()
        if not re.search(marks, comment + behind):
            names.append(f"{header.name}: {found.group(1)} has no mark {marks}")
    return names


# What a plugin provides and calls; what a storage and a source provide has its rule in a sentence.
silent = unmarked(include / "clv_plugin.h", r"(?:typedef )?(?:const )?\w+\*?\(CLV_CALL\* ?(\w+)\)", r"\[(any|scan|create|instance)\]")
for header in sorted(include.glob("clv_*.h")):
    silent += unmarked(header, r"CLV_API [^;(]*?CLV_CALL (\w+)\(", r"\[(any|one)\]")
for sentence in silent:
    print(sentence)
failures += len(silent)

with tempfile.TemporaryDirectory() as folder:
    sources = [use]
    for header in sorted(include.glob("*.h")):
        alone = pathlib.Path(folder) / f"alone_{header.stem}.c"
        alone.write_text(f'#include "{header.name}"\nextern int {header.stem}_alone;\n')
        sources.append(alone)
    # The example in the first comment of what is comfort in C, indented by three blanks.
    run = include / "clv_run.h"
    if run.exists():
        shown = [line[5:] for line in run.read_text().splitlines() if line.startswith(" *   ")]
        in_c = pathlib.Path(folder) / "example_clv_run.c"
        declared = "clv_status value_of_first(clv_engine*, double*, clv_diag*);"
        in_c.write_text("\n".join(['#include "clv_run.h"', declared, *shown, ""]))
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
            if run.exists() and language == "c":
                failures += check(compiler, language, level, in_c)
        for level in ("c++17", "c++20"):
            failures += sum(check(compiler, "c++", level, s, "-Wno-padded") for s in comfort)

print(f"{len(compilers)} compilers, {len(levels)} levels, {len(sources) + len(comfort)} files: {failures} failed")
sys.exit(failures != 0 or not compilers or len(sources) < 4)
