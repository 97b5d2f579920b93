#!/usr/bin/python3
"""Little memory, few descriptors, somebody else's lock, a clock that jumps, a second clvd.

usage: hard_times_test.py CLVD SOURCE_ROOT PROTOC
"""
import contextlib
import functools
import glob
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import service
from service import batch, caller, channel_to, expect, grpc, messages, reason

MEMORY = 1_200 << 20  # address space; a server with one tenant has 1,000 MiB, 40 resident
DESCRIPTORS = 64


class place:
    """A folder, and servers in it."""

    def __init__(self, clvd, m):
        self.clvd, self.m = clvd, m

    @contextlib.contextmanager
    def server(self, folder, *options, limits=(), environment=None):
        def limit():
            for what, value in limits:
                resource.setrlimit(what, (value, value))

        command = [self.clvd, "--socket", folder / "s", "--drain-delay", "0", "--data",
                   folder / "data", "--ballast-mib", "0", *options]
        with open(folder / "log", "ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=limit,
                                       env={**os.environ, **(environment or {})})
        try:
            service.wait_for(folder / "s", process)
            with channel_to(folder / "s") as channel:
                yield process, caller(channel, self.m)
            status, took = service.stop_signal(process)
            expect(status == 0, f"exit status {status} after {took:.1f} s")
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def folder_of_its_own():
    with tempfile.TemporaryDirectory() as name:
        yield pathlib.Path(name)


def store_of(folder):
    return folder / "data/tenants/default/store.clv"


def code_of(call, m, number, rows=50):
    try:
        call("IngestService/IngestBatch", batch(m, number, rows))
        return "OK"
    except grpc.RpcError as failure:
        return reason(m, failure) or failure.code().name


def little_memory(p):
    """Refusals are fine, an end is not."""
    with folder_of_its_own() as folder:
        with p.server(folder, limits=[(resource.RLIMIT_AS, MEMORY)]) as (_, call):
            first = code_of(call, p.m, 1)
            expect(first == "OK", f"a small batch is told {first}")
            codes, request = set(), p.m.ScoreSummariesRequest(horizon=10, quantities=["p_alive"])
            request.parameters.unit, request.parameters.currency_code = "week", "EUR"
            request.parameters.purchase.model = "bg_nbd"
            request.parameters.purchase.parameters.update(r=0.24, alpha=4.4, a=0.8, b=2.4)
            for _ in range(10_000):
                request.rows.add(x=1, t_x=10, T=40)

            def ask():
                try:
                    call("ScoringService/ScoreSummaries", request)
                    codes.add("OK")
                except grpc.RpcError as failure:
                    codes.add(reason(p.m, failure) or failure.code().name)

            callers = [threading.Thread(target=ask) for _ in range(60)]
            for one in callers:
                one.start()
            for one in callers:
                one.join(60)
            expect(codes <= {"OK", "OUT_OF_MEMORY", "QUEUE_FULL", "RESOURCE_EXHAUSTED"}, str(codes))
            expect(code_of(call, p.m, 2) == "OK", "afterwards there is room again")


def few_descriptors(p):
    with folder_of_its_own() as folder:
        limits = [(resource.RLIMIT_NOFILE, DESCRIPTORS)]
        with p.server(folder, limits=limits) as (process, call):
            expect(code_of(call, p.m, 1) == "OK", "one caller")
            with contextlib.ExitStack() as crowd:
                for _ in range(2 * DESCRIPTORS):
                    one = crowd.enter_context(socket.socket(socket.AF_UNIX))
                    one.settimeout(5)
                    with contextlib.suppress(OSError):
                        one.connect(str(folder / "s"))
                expect(process.poll() is None, "the server ended for want of descriptors")
            # The queue of accept() runs dry, and new callers are served.
            service.until(lambda: code_of(call, p.m, 2) == "OK", "a caller after the crowd")
            with channel_to(folder / "s") as channel:
                another = caller(channel, p.m)
                service.until(lambda: code_of(another, p.m, 3) == "OK", "a new caller")


def somebody_holds_the_lock(p):
    """A shell with a write transaction: no hang, no loss, and it goes on afterwards."""
    with folder_of_its_own() as folder:
        with p.server(folder) as (process, call):
            expect(code_of(call, p.m, 1) == "OK", "before")
            db = service.sqlite3.connect(store_of(folder), isolation_level=None)
            db.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            code = code_of(call, p.m, 2)
            took = time.monotonic() - began
            expect(code in ("STORE_BUSY", "STORE_UNAVAILABLE", "UNAVAILABLE"), f"told as {code}")
            expect(took < 20, f"the call hung for {took:.1f} s")
            call("AdminService/GetServerInfo", p.m.GetServerInfoRequest())
            db.execute("ROLLBACK")
            db.close()
            expect(code_of(call, p.m, 2) == "OK", "afterwards")
            expect(process.poll() is None, "the server lives")
        events = service.stored_events(store_of(folder))
        expect(len(events) == len(set(events)) == 100, f"{len(events)} rows")


def a_second_clvd_on_the_same_folder(p):
    with folder_of_its_own() as folder:
        with p.server(folder) as (_, call):
            second = subprocess.run([p.clvd, "--socket", folder / "s2", "--data", folder / "data"],
                                    capture_output=True, check=False, timeout=60)
            expect(second.returncode == 3, f"it ended with {second.returncode}")
            expect(code_of(call, p.m, 1) == "OK", "the first serves on")


def a_stopped_server_goes_on(p):
    """As a suspended machine does."""
    with folder_of_its_own() as folder:
        with p.server(folder) as (process, call):
            process.send_signal(signal.SIGSTOP)
            waiting = threading.Thread(target=code_of, args=(call, p.m, 1))
            waiting.start()
            process.send_signal(signal.SIGCONT)
            waiting.join(60)
            expect(not waiting.is_alive(), "the call has ended")
            expect(code_of(call, p.m, 2) == "OK", "and more are served")


def a_clock_that_jumps(p):
    """A day forward, then two back: nothing hangs, nothing ends, and the rows are there."""
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        print("without libfaketime: skipped")
        return
    with folder_of_its_own() as folder:
        clock = folder / "clock"
        clock.write_text("+0d")
        fake = {"LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": str(clock),
                "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}
        with p.server(folder, environment=fake) as (process, call):
            for number, offset in enumerate(("+0d", "+1d", "-1d", "+0d"), 1):
                clock.write_text(offset)
                code = code_of(call, p.m, number)
                expect(code == "OK", f"with the clock at {offset}: {code}")
                job = call.finished(call("ModelService/FitModel", p.m.FitModelRequest()).job)
                expect(job.state in (3, 4), f"with the clock at {offset}: {job}")
            expect(process.poll() is None, "the server lives")
        expect(len(service.stored_events(store_of(folder))) == 200, "all rows are there")


def main():
    clvd, root, protoc = sys.argv[1:]
    with folder_of_its_own() as folder:
        p = place(clvd, messages(root, folder, protoc))
        return service.run_all([functools.partial(f, p) for f in (
            little_memory, few_descriptors, somebody_holds_the_lock,
            a_second_clvd_on_the_same_folder, a_stopped_server_goes_on, a_clock_that_jumps)])


if __name__ == "__main__":
    sys.exit(main())
