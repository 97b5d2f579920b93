#!/usr/bin/env python3
"""Runs hosts and compares what they print with expected.txt, byte for byte.

compare.py [--renew] LIBRARY PLUGIN [LANGUAGE ...]   all languages when none is named

Exit status: 0 all that ran are alike, 1 one differs, 77 none of those named can run here.
"""
import argparse
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
MOST_LINES = 100  # a host is less: more would not be read
SOURCES = {".c", ".h", ".cpp", ".hpp", ".cs", ".go", ".java", ".js", ".mjs", ".php", ".py", ".rb"}


def long_sources(folder):
    """The host itself, which is one file: what is shared or generated belongs into the binding."""
    hosts = [path for path in folder.rglob("*") if path.stem.lower() == "host" and path.is_file()]
    if not hosts:
        return [f"{folder.name} has no file host.*"]
    lengths = {path: len(path.read_text().splitlines()) for path in hosts}
    beside = sorted(path.name for path in folder.rglob("*") if path.suffix in SOURCES and path not in hosts)
    return [f"{path.name} has {n} lines" for path, n in lengths.items() if n >= MOST_LINES] + [
        f"{name} lies beside it" for name in beside
    ]


def run(language, library, plugin):
    """What the host printed, or None where its language is not here."""
    with tempfile.TemporaryDirectory(prefix=f"clv_host_{language}_") as work:
        # Not the C locale's ASCII: björn is printed.
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        words = [HERE / language / "run.sh", library, plugin, HERE / "orders.csv", work]
        done = subprocess.run(words, capture_output=True, env=environment, timeout=300)
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode == SKIPPED:
        print(f"{language}: skipped: {said or 'its run.sh says so'}")
        return None
    if done.returncode != 0:
        sys.exit(f"{language}: exit status {done.returncode}\n{said}")
    return done.stdout


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--renew", action="store_true", help="write expected.txt from the host in Python")
    asked.add_argument("library", type=os.path.abspath)
    asked.add_argument("plugin", type=os.path.abspath)
    asked.add_argument("languages", nargs="*")
    asked = asked.parse_args()
    expected = HERE / "expected.txt"
    if asked.renew:
        expected.write_bytes(run("python", asked.library, asked.plugin))
    wanted = expected.read_bytes()
    alike, wrong = 0, 0
    for language in asked.languages or sorted(path.parent.name for path in HERE.glob("*/run.sh")):
        for complaint in long_sources(HERE / language):
            print(f"{language}: {complaint}, a host is one file of less than {MOST_LINES}")
            wrong += 1
        printed = run(language, asked.library, asked.plugin)
        if printed is None:
            continue
        if printed == wanted:
            print(f"{language}: the same {len(wanted.splitlines())} lines")
            alike += 1
            continue
        wrong += 1
        texts = [text.decode(errors="replace").replace("\r", "\\r").split("\n") for text in (wanted, printed)]
        print("\n".join(difflib.unified_diff(*texts, "expected.txt", language, lineterm="", n=0)))
    return 1 if wrong else 0 if alike else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
