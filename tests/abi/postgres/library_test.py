#!/usr/bin/env python3
"""library_test.py <libclv_postgres.so> [sanitized]: it exports one function and needs libpq beside
the usual, not libclv."""
import re
import subprocess
import sys

library, sanitized = sys.argv[1], len(sys.argv) > 2


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


exported = [line.split()[-1] for line in output("nm", "-D", "--defined-only", library).splitlines()
            if line.split()[-2] != "A"]
needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-dW", library))
allowed = re.compile(r"lib(c|m|stdc\+\+|gcc_s|pq)\.so\.\d+|ld-linux.*\.so\.\d+")
surplus = [n for n in needed if not allowed.fullmatch(n)]

print("exported:", exported)
print("needed:", needed)
good = exported == ["clv_storage_postgres@@CLV_POSTGRES_1.0"] and "libpq.so.5" in needed
sys.exit(not good or (bool(surplus) and not sanitized))
