#!/usr/bin/env python3
"""Installs the binding for Node beside its tests, as a host does, and runs them.

usage: run_tests.py LIBRARY PLUGIN
Exit status 77 (skipped) as abi/bindings/node/install.sh says.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ORDERS = HERE.parents[2] / "examples" / "hosts" / "orders.csv"
INSTALL = HERE.parents[2] / "abi" / "bindings" / "node" / "install.sh"


def main():
    library, plugin = (str(pathlib.Path(name).resolve()) for name in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        installed = subprocess.run([INSTALL, folder])
        if installed.returncode != 0:
            return installed.returncode
        tests = [shutil.copy(test, folder) for test in sorted(HERE.glob("*_test.mjs"))]
        given = {"CLV_LIBRARY": library, "CLV_PLUGIN": plugin, "CLV_ORDERS": str(ORDERS)}
        environment = {**os.environ, **given}
        command = ["node", "--expose-gc", "--test", "--test-reporter=spec", *tests]
        return subprocess.run(command, cwd=folder, env=environment, timeout=300).returncode


if __name__ == "__main__":
    sys.exit(main())
