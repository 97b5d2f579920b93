#!/usr/bin/env python3
"""library_abidiff_test.py <libclv.so> <release folder> [--keep]: the built library against what abidw
wrote of the release's (libclv.abi.xz). --keep writes that file; never for a release that is out.

77: abidiff is not installed. A library without .debug_info fails: abidiff would be silent."""
import lzma
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

library, release = map(pathlib.Path, sys.argv[1:3])
kept = release / "libclv.abi.xz"
here = pathlib.Path(__file__).parent


def described(library: pathlib.Path) -> str:
    """As abidw tells it, without the folders of one machine."""
    command = ["abidw", "--no-comp-dir-path", "--no-corpus-path", library]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"path='(?!/usr/)[^']*?/((?:abi|sdk|Unity)/[^']*)'", r"path='\1'", told)


if shutil.which("abidw") is None:
    print("abidw is not installed (package abigail-tools): skipped")
    sys.exit(77)
sections = subprocess.run(["readelf", "-SW", library], check=True, capture_output=True, text=True).stdout
if ".debug_info" not in sections:
    sys.exit(f"{library} has no .debug_info")
if "--keep" in sys.argv[3:]:
    if not release.name.endswith("-rc") and kept.exists():
        sys.exit(f"{release.name} is a release: its description is never written again")
    kept.write_bytes(lzma.compress(described(library).encode(), preset=9 | lzma.PRESET_EXTREME))
    print("kept", kept.name, kept.stat().st_size, "bytes")
    sys.exit(0)
with tempfile.NamedTemporaryFile(suffix=".abi") as old:
    old.write(lzma.decompress(kept.read_bytes()))
    old.flush()
    command = ["abidiff", "--no-added-syms"]
    for file in ("suppressions.ini", "behind_handles.ini"):
        command += ["--suppressions", here / file]
    done = subprocess.run([*command, old.name, library], capture_output=True, text=True)
print(done.stdout + done.stderr or "the library keeps the release's promises")
if done.returncode:
    print(
        f"exit {done.returncode}. While 1.0 is a candidate a change may be meant: "
        "tests/abi/abidiff/library_abidiff_test.py LIBRARY tests/abi/v1.0-rc --keep"
    )
sys.exit(done.returncode)
