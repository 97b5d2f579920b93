#!/usr/bin/env python3
"""reach_test.py ROOT: call, begin and made of clv.hpp take every function of the headers, with its own
parameters: a program that calls each compiles. Exit status 77 (skipped) without a C++ compiler."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
sys.dont_write_bytecode = True
sys.path.insert(0, str(root / "abi" / "generate"))
import headers  # noqa: E402

HANDLES = {f"clv_{name}": name for name in ("model", "engine", "plugins", "scorer", "arrow")} | {"clv_result": "table"}
# No diagnostics: they are about these themselves.
WITHOUT_DIAG = {"clv_diag_get"}


def wrapper(function):
    """A C++ function that reaches it by clv.hpp, or None where it cannot fail and is called as it is."""
    if str(function.returns) != "clv_status" or function.name in WITHOUT_DIAG:
        return None
    *taken, last = function.parameters
    assert str(last.type) == "clv_diag*", f"{function.name} does not end with a clv_diag"
    made = taken[-1].type if taken else None
    by, returns = f"call({function.name}", "clv_status"
    if made and made.stars == 2 and made.base == "clv_job":
        by, returns = f"begin({function.name}", "job"
    elif made and made.stars == 2 and made.base in HANDLES:
        by, returns = f"made<{HANDLES[made.base]}>({function.name}", HANDLES[made.base]
    if returns != "clv_status":
        taken = taken[:-1]
    parameters = ", ".join(f"{kind(p.type)} p{i}" for i, p in enumerate(taken))
    passed = "".join(f", p{i}" for i in range(len(taken)))
    return f"{returns} with_{function.name}({parameters}) {{ return {by}{passed}); }}"


def kind(t):
    if t.base == "clv_keyed_batch" and t.stars == 2:
        return "const clv_keyed_batch* const*"
    if t.base == "char" and t.stars == 2 and t.const:
        return "const char**"
    return str(t)


def main():
    compiler = shutil.which("c++")
    if compiler is None:
        print("skipped: no C++ compiler (c++) here")
        return 77
    functions = headers.read(root / "abi" / "include").functions
    wrappers = [line for line in map(wrapper, functions) if line]
    source = "\n".join(['#include "clv.hpp"', "using namespace clv::host;", *wrappers, ""])
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "reach.cpp")
        program.write_text(source)
        flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
        done = subprocess.run([compiler, *flags, "-I", root / "abi" / "include", program])
    print(f"{len(wrappers)} of {len(functions)} functions through call, begin and made")
    return done.returncode or len(wrappers) < 60


if __name__ == "__main__":
    sys.exit(main())
