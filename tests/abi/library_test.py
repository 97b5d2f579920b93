#!/usr/bin/env python3
"""library_test.py <libclv.so> <symbols.map> <null_test.c> [sanitized]: what the built library
exports, needs and runs at load, and that the NULL test calls each of its functions."""
import pathlib
import re
import subprocess
import sys

library, symbols, null_test = map(pathlib.Path, sys.argv[1:4])
sanitized = len(sys.argv) > 4
allowed = re.compile(r"lib(c|m|stdc\+\+|gcc_s|sqlite3|date-tz)\.so\.\d+|ld-linux.*\.so\.\d+")
failures = []


def check(what, good, detail):
    print(("ok    " if good else "FAIL  ") + what)
    if not good:
        failures.append(what)
        print(f"      {detail}")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


listed = set(re.findall(r"^ +(clv_\w+);$", symbols.read_text(), flags=re.M))
check("the list has functions, each by its name", len(listed) > 50, listed)

exported = set()
for line in output("nm", "-D", "--defined-only", library).splitlines():
    kind, name = line.split()[-2:]
    if kind != "A":  # the version nodes themselves
        exported.add(name)
wanted = {f"{name}@@CLV_1.0" for name in listed}
check("exactly the listed symbols are exported", exported == wanted, exported ^ wanted)

dynamic = output("readelf", "-dW", library)
needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
surplus = [n for n in needed if not allowed.fullmatch(n)]
check("it needs nothing that a CRM host might have in another version",
      sanitized or (needed and not surplus), needed)
check("SQLite and the time zones are linked dynamically",
      any("sqlite3" in n for n in needed) and any("date-tz" in n for n in needed), needed)
check("its SONAME is libclv.so.1", "Library soname: [libclv.so.1]" in dynamic, dynamic)
check("no search path is built in", not re.search(r"\((RPATH|RUNPATH)\)", dynamic), dynamic)

sections = output("readelf", "-SW", library)
size = int(re.search(r"\.init_array\s+INIT_ARRAY\s+\w+\s+\w+\s+(\w+)", sections).group(1), 16)
check("nothing runs when it is loaded (.init_array has 8 bytes)", sanitized or size == 8, size)
check("it has no thread-local storage", sanitized or ".tbss" not in sections, sections)

called = set(re.findall(r"\b(clv_\w+)\(", null_test.read_text()))
check("the NULL test calls every function", listed <= called, listed - called)

sys.exit(bool(failures))
