#!/usr/bin/python3
"""The same customers through the C ABI, the clv command, gRPC and HTTP/JSON: the same doubles.

usage: conformance_test.py LIBCLV CLVD CLV SOURCE_ROOT PROTOC
Exit status 77 (skipped) when python3-grpcio or python3-protobuf is not there.
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from running_clvd import running_clvd, skip, wait_for  # noqa: E402
from vectors import ROWS, questions  # noqa: E402
from ways import by_abi, by_command, by_grpc, by_json  # noqa: E402

try:
    import google.protobuf  # noqa: F401
    import grpc
except ImportError as missing:
    skip(missing)

FEWEST_CUSTOMERS = 300


def bits(value):
    """-0 is 0 on the wire, by rule: JSON cannot keep it (grpc/HTTP.md)."""
    return struct.pack(">d", value + 0.0).hex()


def messages(root, folder, protoc):
    protos = root / "grpc" / "proto"
    subprocess.run([protoc, "-I", protos, f"--python_out={folder}", "google/rpc/status.proto",
                    *(f"clv/v1/{n}.proto" for n in ("common", "table", "job_service",
                                                    "scoring_service"))], check=True)
    sys.path.insert(0, str(folder))
    from clv.v1 import scoring_service_pb2
    return scoring_service_pb2


def differences(q, expected, way, answer):
    """One sentence per double that is another one, or is missing, or should be."""
    if len(answer) != len(expected):
        yield f"{q}: {way} has {len(answer)} rows, not {len(expected)}"
        return
    for row, (wanted, got) in enumerate(zip(expected, answer)):
        for name in q.quantities:
            a, b = wanted.get(name), got.get(name)
            if (a is None) != (b is None) or (a is not None and bits(a) != bits(b)):
                yield f"{q}: row {row} {q.rows[row]}: {name} is {a!r} by ABI, {b!r} by {way}"


def compare(abi, others):
    customers = doubles = 0
    wrong = []
    for q in questions(abi.catalogue()):
        expected = abi(q)
        customers += ROWS
        doubles += sum(len(row) for row in expected)
        for way, ask in others.items():
            wrong += differences(q, expected, way, ask(q))
    print(f"{customers} customers, {doubles} doubles, each by ABI, {', '.join(others)}")
    print("\n".join(wrong[:20]))
    return 0 if not wrong and customers >= FEWEST_CUSTOMERS and doubles > 4 * customers else 1


def main():
    library, clvd, clv, root, protoc = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        door = folder / "http"
        scoring = messages(pathlib.Path(root), folder, protoc)
        with running_clvd(clvd, folder, "--http", f"unix:{door}") as server:
            wait_for(door, server.server)
            with grpc.insecure_channel(f"unix:{server.socket}") as channel:
                return compare(by_abi(library), {"command": by_command(clv, folder),
                                                 "gRPC": by_grpc(channel, scoring),
                                                 "JSON": by_json(door)})


if __name__ == "__main__":
    sys.exit(main())
