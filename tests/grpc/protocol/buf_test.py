#!/usr/bin/python3
"""buf itself on the protocol: lint is clean, nothing breaks the last release, a type change does.

usage: buf_test.py SOURCE_ROOT
Exit status 77 (skipped) when npm is not there or cannot fetch @bufbuild/buf.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

PACKAGE = "@bufbuild/buf@1.75.0"
BROKE = 100  # what buf exits with when it found something


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def installed(folder):
    """The program, in a folder of its own; its cache too."""
    npm = shutil.which("npm")
    if npm is None:
        skip("npm is not installed")
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts",
               "--prefix", folder, PACKAGE]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90)
    except subprocess.TimeoutExpired:
        skip("npm install took more than 90 s")
    if done.returncode != 0:
        skip(f"npm install failed: {done.stderr.strip().splitlines()[-1:]}")
    return folder / "node_modules" / ".bin" / "buf"


def run(buf, protos, *words):
    environment = {**os.environ, "BUF_CACHE_DIR": str(buf.parents[2] / "cache")}
    done = subprocess.run([buf, *words], cwd=protos, env=environment, capture_output=True,
                          text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def expect(what, got, status, *words):
    code, text = got
    if code != status or not all(word in text for word in words):
        print(f"{what}: expected exit {status} and {words}, got {code}:\n{text}")
        sys.exit(1)


def change(protos, file, before, after):
    path = protos / "clv" / "v1" / file
    text = path.read_text()
    assert text.count(before) == 1, f"{file} has no '{before}'"
    path.write_text(text.replace(before, after))


def main():
    protos = pathlib.Path(sys.argv[1]) / "grpc" / "proto"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        buf = installed(folder)
        against = ["breaking", "--against", protos / "released" / "base.binpb"]
        expect("lint", run(buf, protos, "lint"), 0)
        expect("against the last release", run(buf, protos, *against), 0)
        copy = folder / "proto"
        shutil.copytree(protos, copy)
        change(copy, "common.proto", "optional double p_alive = 3;", "optional float p_alive = 3;")
        expect("another type", run(buf, copy, *against), BROKE, "p_alive", "float")
        change(copy, "table.proto", "int64 row_count = 2;", "int64 rowCount = 2;")
        expect("another case", run(buf, copy, "lint"), BROKE, "row_count")
    return 0


if __name__ == "__main__":
    sys.exit(main())
