#!/usr/bin/env python3
"""Installs the binding for Node beside its test, as a host does, and runs it.

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
INSTALL = HERE.parents[2] / "abi" / "bindings" / "node" / "install.sh"


def main():
    library, plugin = (str(pathlib.Path(name).resolve()) for name in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        installed = subprocess.run([INSTALL, folder])
        if installed.returncode != 0:
            return installed.returncode
        test = shutil.copy(HERE / "binding_test.mjs", folder)
        environment = {**os.environ, "CLV_LIBRARY": library, "CLV_PLUGIN": plugin}
        command = ["node", "--expose-gc", "--test-reporter=spec", test]
        return subprocess.run(command, cwd=folder, env=environment, timeout=300).returncode


if __name__ == "__main__":
    sys.exit(main())
