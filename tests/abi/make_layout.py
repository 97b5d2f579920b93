#!/usr/bin/env python3
"""Writes the layout lock of one release: make_layout.py <include folder> > layout_1_0.c

The output is checked in and never changed again; a new minor version gets a new file. Parses the
public headers, which are plain enough for it, and asks the C compiler for the numbers.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

include = pathlib.Path(sys.argv[1]).resolve()
headers = ("clv_base.h", "clv.h", "clv_store.h", "clv_storage.h", "clv_plugin.h")
text = "".join((include / h).read_text() for h in headers)
text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)

structs = {}
for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\n\} \w+;", text, flags=re.S):
    fields = []
    for line in body.split(";"):
        if not line.strip():
            continue
        pointer = re.search(r"\(CLV_CALL\s*\*\s*(\w+)\)", line)
        # "double x, t_x" declares two; a table's function pointer has commas of its own.
        names = [pointer.group(1)] if pointer else re.findall(r"(\w+)\s*(?:,|$)", line.rstrip())
        fields += names
    structs[name] = fields

probe = "#include <stdio.h>\n#include \"clv_store.h\"\n#include \"clv_storage.h\"\n#include \"clv_plugin.h\"\nint main(void) {\n"
for name, fields in structs.items():
    probe += f'  printf("S {name} %zu\\n", sizeof({name}));\n'
    for f in fields:
        probe += f'  printf("O {name} {f} %zu\\n", offsetof({name}, {f}));\n'
probe += "  return 0;\n}\n"

with tempfile.TemporaryDirectory() as folder:
    source = pathlib.Path(folder) / "probe.c"
    source.write_text(probe)
    subprocess.run(["cc", "-I", include, source, "-o", source.with_suffix("")], check=True)
    numbers = subprocess.run([source.with_suffix("")], check=True, capture_output=True, text=True)

print("/* The layout of every public struct as of ABI 1.0, by make_layout.py. Never edited: nothing in")
print(" * a struct may move, and what is appended later is not there for CLV_TARGET_MINOR 0. */")
print("#define CLV_TARGET_MINOR 0")
print('#include "clv_store.h"\n#include "clv_storage.h"\n#include "clv_plugin.h"\n')
print("#if UINTPTR_MAX == 0xFFFFFFFFFFFFFFFFu")
for line in numbers.stdout.splitlines():
    words = line.split()
    what = f"sizeof({words[1]})" if words[0] == "S" else f"offsetof({words[1]}, {words[2]})"
    print(f'_Static_assert({what} == {words[-1]}, "ABI 1.0");')
print("#endif")
