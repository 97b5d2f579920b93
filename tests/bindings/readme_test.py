#!/usr/bin/env python3
"""Runs the program in a binding's README as it stands there.

usage: readme_test.py LIBRARY LANGUAGE
Exit status 77 (skipped) where the language is not installed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRINTED = re.compile(r"c\d{6} \d+\.\d\d EUR")
COMMANDS = {
    "php": ("program.php", ["php", "-d", "ffi.enable=preload"]),
    "node": ("program.mjs", ["node"]),
    "ruby": ("program.rb", ["ruby", "-w", "-I", ROOT / "abi" / "bindings" / "ruby" / "lib"]),
}


def program(binding, language):
    text = (binding / "README.md").read_text()
    block = re.search(r"<!-- run -->\n```\w+\n(.*?)```", text, re.DOTALL).group(1)
    return "<?php\n" + block if language == "php" else block


def main():
    library, language = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    name, command = COMMANDS[language]
    binding = ROOT / "abi" / "bindings" / language
    if shutil.which(command[0]) is None:
        print(f"skipped: {command[0]} is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        if language == "node":
            installed = subprocess.run([binding / "install.sh", folder])
            if installed.returncode != 0:
                return installed.returncode
        pathlib.Path(folder, name).write_text(program(binding, language))
        shutil.copy(ROOT / "examples" / "hosts" / "orders.csv", folder)
        known = {"LD_LIBRARY_PATH": str(library.parent), "CLV_PHP": str(binding), "LC_ALL": "C.UTF-8"}
        done = subprocess.run([*command, name], cwd=folder, env={**os.environ, **known}, capture_output=True,
                              text=True, timeout=120)
        print(done.stdout, done.stderr, sep="")
        lines = done.stdout.splitlines()
        fine = done.returncode == 0 and not done.stderr and lines and all(map(PRINTED.fullmatch, lines))
        return 0 if fine and pathlib.Path(folder, "shop.clv").exists() else 1


if __name__ == "__main__":
    sys.exit(main())
