#!/usr/bin/python3
"""Runs examples/node_connect as its README says and compares what it prints.

usage: node_connect_test.py CLVD SOURCE_ROOT PROTOC
Exit status 77 (skipped) when Node 20 or npm is not there, or npm cannot fetch the packages.
"""
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def node_and_npm():
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        skip("node and npm are not installed")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < 20:
        skip(f"node {version.strip()} is older than 20")
    return node, npm


def install(npm, root, folder):
    """A copy of the example with its packages: the source tree stays as it is."""
    copy = folder / "node_connect"
    shutil.copytree(root / "examples" / "node_connect", copy)
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=90)
    except subprocess.TimeoutExpired:
        skip("npm install took more than 90 s")
    if done.returncode != 0:
        skip(f"npm install failed: {done.stderr.strip().splitlines()[-1:]}")
    return copy


def serving(path):
    """Waits, at most half a minute, until somebody listens."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(str(path)) == 0:
                return
        time.sleep(0.01)
    raise SystemExit("clvd does not listen")


def descriptors(protoc, root, folder):
    names = ["clv/v1/scoring_service.proto", "google/rpc/error_details.proto"]
    out = folder / "clv.binpb"
    subprocess.run([protoc, "-I", root / "grpc" / "proto", "--include_imports",
                    f"--descriptor_set_out={out}", *names], check=True)
    return out


def run_clients(node, copy, folder, binpb):
    """JSON, then the same calls in binary."""
    command = [node, copy / "client.mjs", "--http", f"unix:{folder / 'http'}",
               "--descriptors", binpb]
    run = lambda *more: subprocess.run([*command, *more], check=True, capture_output=True,
                                       text=True, timeout=60).stdout
    return run(), run("--binary")


def main():
    clvd, root, protoc = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    node, npm = node_and_npm()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copy = install(npm, root, folder)
        binpb = descriptors(protoc, root, folder)
        server = subprocess.Popen(
            [clvd, "--socket", folder / "s", "--http", f"unix:{folder / 'http'}"],
            stderr=subprocess.DEVNULL)
        try:
            serving(folder / "http")
            by_json, by_proto = run_clients(node, copy, folder, binpb)
        finally:
            server.send_signal(signal.SIGTERM)
            stopped = server.wait(timeout=60)
    expected = (pathlib.Path(__file__).parent / "node_connect_expected.txt").read_text()
    for printed in (by_json, by_proto):
        if printed != expected:
            print(f"expected:\n{expected}\nprinted:\n{printed}")
            return 1
    return stopped


if __name__ == "__main__":
    sys.exit(main())
