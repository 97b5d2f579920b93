#!/usr/bin/env python3
"""breaches_test.py <include folder> <layout lock> <kept release>: breaks the headers in every way that
abi/README.md forbids, one at a time and in a copy, and asks the check which that page names."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

include, lock, release = map(pathlib.Path, sys.argv[1:4])


def compiles(source: pathlib.Path, headers: pathlib.Path, *flags: str) -> bool:
    command = ["cc", "-std=c11", "-fsyntax-only", "-Werror", *flags, "-I", headers, source]
    return subprocess.run(command, capture_output=True).returncode == 0


def locked(headers: pathlib.Path) -> bool:
    return compiles(lock, headers)


def kept_programs(headers: pathlib.Path) -> bool:
    return all(compiles(release / name, headers) for name in ("host.c", "action.c"))


def plain_c(headers: pathlib.Path) -> bool:
    strict = ("-Wall", "-Wextra", "-Wpedantic", "-Wpadded", "-Wno-unused")
    with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
        file.write('#include "clv.h"\n#include "clv_plugin.h"\n#include "clv_storage.h"\n')
        file.flush()
        return compiles(pathlib.Path(file.name), headers, "-std=c99", *strict)


CHECKS = {"the layout lock": locked, "the kept programs": kept_programs, "the compile matrix": plain_c}

BREACHES = [  # what, header, pattern, replacement, which check must fail
    ("a member put in the middle", "clv_value.h", r"(  double l2_life;)", r"  double early;\n\1", "the layout lock"),
    ("a member appended to a release", "clv_value.h", r"(\} clv_fit_options;)", r"  double late;\n\1", "the layout lock"),
    ("a member taken out", "clv_value.h", r"  double l2_life;", "", "the layout lock"),
    ("a member renamed", "clv_table.h", r"clv_type as_type;", "clv_type kind;", "the layout lock"),
    ("a member of another type", "clv_value.h", r"int32_t max_iterations;", "int64_t max_iterations;", "the layout lock"),
    ("an array's element grown", "clv_base.h", r"(\} clv_column;)", r"  const void* more;\n\1", "the layout lock"),
    ("a table's function moved", "clv_plugin.h", r"(  void\(CLV_CALL\* log\))", r"  void(CLV_CALL* added)(void* ctx);\n\1", "the layout lock"),
    ("a constant renumbered", "clv_base.h", r"CLV_E_DATA = -7", "CLV_E_DATA = -27", "the layout lock"),
    ("a constant taken out", "clv_base.h", r"CLV_E_FULL = -19\b", "CLV_E_DISK = -19", "the layout lock"),
    ("a function renamed", "clv_table.h", r"clv_job_step\(", "clv_job_run(", "the kept programs"),
    ("a parameter more", "clv_table.h", r"(uint32_t budget_ms),", r"\1, uint32_t flags,", "the kept programs"),
    ("a parameter of another type", "clv_table.h", r"uint32_t budget_ms,", "const char* budget,", "the kept programs"),
    ("a macro taken out", "clv_base.h", r"#define CLV_HAS\(", "#define CLV_OFFERS(", "the kept programs"),
    ("padding by the compiler", "clv_base.h", r"  uint32_t spare_word; /\* 0 \*/\n", "", "the compile matrix"),
    ("a bool", "clv_value.h", r"(\} clv_fit_options;)", r"  _Bool late;\n\1", "the compile matrix"),
    ("an enum with a name", "clv_plugin.h", r"(CLV_END_C)", r"enum clv_mode { CLV_A, };\nstruct s { enum clv_mode m; void* p; };\n\1", "the compile matrix"),
]


def broken(breach: tuple[str, ...], folder: pathlib.Path) -> pathlib.Path:
    copy = folder / "include"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(include, copy)
    header = copy / breach[1]
    text, found = re.subn(breach[2], breach[3], header.read_text(), count=1)
    if not found:
        sys.exit(f"{breach[1]} has no {breach[2]} any more: mend this test")
    header.write_text(text)
    return copy


failed = [name for name, check in CHECKS.items() if not check(include)]
if failed:
    sys.exit(f"fail without a breach: {failed}")
with tempfile.TemporaryDirectory() as name:
    for breach in BREACHES:
        caught = not CHECKS[breach[4]](broken(breach, pathlib.Path(name)))
        print(f"{'ok  ' if caught else 'FAIL'} {breach[0]}: {'caught' if caught else 'NOT caught'} by {breach[4]}")
        failed += [] if caught else [breach[0]]
sys.exit(bool(failed))
