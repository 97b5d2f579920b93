"""What the tests of the whole process share: messages, calls, rows, and what a store holds."""
import contextlib
import importlib
import os
import pathlib
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "grpc"))
from running_clvd import running_clvd, skip, wait_for  # noqa: E402,F401

try:
    import google.protobuf  # noqa: F401
    import grpc
except ImportError as missing:
    skip(missing)

NAMES = ("common", "table", "transaction", "job_service", "ingest_service", "model_service",
         "action_service", "customer_service", "scoring_service", "admin_service")
FIRST_DAY = 1_600_000_000  # of the customers' histories


class messages:
    """All messages of clv.v1 as attributes: messages(root, folder, protoc).IngestBatchRequest."""

    def __init__(self, root, folder, protoc):
        protos = pathlib.Path(root) / "grpc" / "proto"
        subprocess.run([protoc, "-I", protos, f"--python_out={folder}", "google/rpc/status.proto",
                        "google/rpc/error_details.proto", *(f"clv/v1/{n}.proto" for n in NAMES)],
                       check=True)
        sys.path.insert(0, str(folder))
        self.modules = [importlib.import_module(f"clv.v1.{n}_pb2") for n in NAMES]
        self.status = importlib.import_module("google.rpc.status_pb2")
        self.details = importlib.import_module("google.rpc.error_details_pb2")

    def __getattr__(self, name):
        for module in self.modules:
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(name)


class caller:
    """Unary calls by name: caller(channel, m)("IngestService/IngestBatch", request)."""

    def __init__(self, channel, m, token=None):
        self.channel, self.m, self.stubs = channel, m, {}
        self.headers = [("authorization", f"Bearer {token}")] if token else None

    def __call__(self, method, request, timeout=30):
        if method not in self.stubs:
            answer = getattr(self.m, method.split("/")[1] + "Response")
            self.stubs[method] = self.channel.unary_unary(
                f"/clv.v1.{method}", request_serializer=lambda r: r.SerializeToString(),
                response_deserializer=answer.FromString)
        return self.stubs[method](request, timeout=timeout, metadata=self.headers)

    def finished(self, job, seconds=60):
        """The job after its end."""
        until = time.monotonic() + seconds
        while job.state < 3 and time.monotonic() < until:
            time.sleep(0.02)
            job = self("JobService/GetJob", self.m.GetJobRequest(name=job.name)).job
        return job


def channel_to(path):
    """Tries again within a tenth of a second; an attempt has time, as on a busy machine."""
    return grpc.insecure_channel(f"unix:{path}", options=[
        ("grpc.initial_reconnect_backoff_ms", 20), ("grpc.min_reconnect_backoff_ms", 5_000),
        ("grpc.max_reconnect_backoff_ms", 100), ("grpc.use_local_subchannel_pool", 1)])


def reason(m, failure):
    """ErrorInfo's reason of a grpc.RpcError; "" where it has none."""
    for key, value in failure.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in m.status.Status.FromString(value).details:
                info = m.details.ErrorInfo()
                if detail.Unpack(info):
                    return info.reason
    return ""


def batch(m, number, rows, seed=0, customers=200, **more):
    """Purchases of which each row's event id names the batch and the row."""
    made = random.Random(f"{seed} {number}")
    request = m.IngestBatchRequest(source="test", request_id=f"batch-{seed}-{number}", **more)
    for row in range(rows):
        one = request.events.transactions.add(event_id=f"{number}.{row}",
                                              customer=f"person-{made.randrange(customers)}")
        one.time.seconds = FIRST_DAY + made.randrange(700) * 86_400 + row
        one.amount.currency_code, one.amount.minor_units = "EUR", made.randrange(100, 9_000)
    return request


class history:
    """Set model of what was sent and acknowledged; what is stored must fit it."""

    def __init__(self):
        self.sent, self.acknowledged = {}, set()

    def complaints(self, stored):
        found, wrong = {}, []
        for event in stored:
            number, row = map(int, event.split("."))
            if number not in self.sent or row >= self.sent[number]:
                wrong.append(f"{event} was never sent")
            elif row in found.setdefault(number, set()):
                wrong.append(f"{event} is there twice")
            else:
                found[number].add(row)
        for number, rows in self.sent.items():
            kept = len(found.get(number, ()))
            if kept == 0 and number in self.acknowledged:
                wrong.append(f"batch {number} was acknowledged and is lost")
            elif 0 < kept < rows:
                wrong.append(f"batch {number}: {kept} of {rows} rows")
        return wrong


def stored_events(store):
    """Event ids in a store file, read beside its server or after its end."""
    # An open connection would keep the next server from removing its write-ahead log.
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=20)) as db:
        return [row[0] for row in db.execute("SELECT event_id FROM txn")]


def expect(truth, what):
    if not truth:
        raise AssertionError(what)


def page(path):
    """/metrics of --ops unix:PATH as {series: value}."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(str(path))
        client.sendall(b"GET /metrics HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        text = b""
        while True:
            more = client.recv(65_536)
            if not more:
                break
            text += more
    body = text.split(b"\r\n\r\n", 1)[1].decode()
    lines = (line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#"))
    return {series: float(value) for series, value in lines}


def resident(pid):
    """Bytes."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024


def descriptors(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


def threads(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/task").iterdir()))


def size_of(path):
    return os.stat(path).st_size if os.path.exists(path) else 0


def until(truth, what, seconds=60):
    end = time.monotonic() + seconds
    while not truth():
        expect(time.monotonic() < end, f"not within {seconds} s: {what}")
        time.sleep(0.02)


def stop_signal(server, seconds=60):
    """SIGTERM; exit status and how long it took."""
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    status = server.wait(timeout=seconds)
    return status, time.monotonic() - began


def run_all(tests):
    """Functions without arguments; all run, the names of those that fail are told."""
    failed = 0
    for test in tests:
        began = time.monotonic()
        name = getattr(test, "func", test).__name__
        try:
            test()
            print(f"ok {name} ({time.monotonic() - began:.1f} s)", flush=True)
        except AssertionError as wrong:
            failed += 1
            print(f"FAILED {name}: {wrong}", flush=True)
    return 1 if failed else 0
