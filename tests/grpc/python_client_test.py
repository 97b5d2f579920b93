#!/usr/bin/python3
"""Runs examples/python_grpc/client.py as its README says and compares what it prints.

usage: python_client_test.py CLVD SOURCE_ROOT PROTOC
Exit status 77 (skipped) when python3-grpcio or python3-protobuf is not there.
"""
import pathlib
import signal
import subprocess
import sys
import tempfile

try:
    import google.protobuf  # noqa: F401
    import grpc
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


def serving(socket):
    """Waits, at most half a minute, until clvd takes connections."""
    with grpc.insecure_channel(f"unix:{socket}") as channel:
        grpc.channel_ready_future(channel).result(timeout=30)


def run_client(root, folder, protoc):
    """The README's commands."""
    protos = root / "grpc" / "proto"
    names = ["clv/v1/common.proto", "clv/v1/scoring_service.proto"]
    subprocess.run([protoc, "-I", protos, f"--python_out={folder}", *names], check=True)
    client = root / "examples" / "python_grpc" / "client.py"
    command = [sys.executable, client, "--socket", folder / "s"]
    environment = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def main():
    clvd, root, protoc = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = subprocess.Popen([clvd, "--socket", folder / "s"], stderr=subprocess.DEVNULL)
        try:
            serving(folder / "s")
            printed = run_client(root, folder, protoc)
        finally:
            server.send_signal(signal.SIGTERM)
            stopped = server.wait(timeout=60)
    expected = (pathlib.Path(__file__).parent / "python_client_expected.txt").read_text()
    if printed != expected:
        print(f"expected:\n{expected}\nprinted:\n{printed}")
        return 1
    return stopped


if __name__ == "__main__":
    sys.exit(main())
