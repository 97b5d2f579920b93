#!/usr/bin/python3
"""Readers that keep the write-ahead log from being emptied while producers write: a stranger's is
told, a job of clvd's own is ended at the limit, and the log is small again. Nobody's rows wait.

usage: log_starvation_test.py CLVD SOURCE_ROOT PROTOC
"""
import contextlib
import functools
import itertools
import pathlib
import sys
import tempfile
import threading

import service
from service import batch, caller, channel_to, expect, grpc, messages, page, running_clvd, until

ALARM, LIMIT = 4, 8  # MiB
ROWS, BEFORE = 2_000, 60


class writers:
    """Two senders of batches as long as the block lasts."""

    def __init__(self, server, m, kept, numbers):
        self.server, self.m, self.kept, self.numbers = server, m, kept, numbers
        self.over, self.wrong = threading.Event(), []

    def send(self, call):
        number = next(self.numbers)
        self.kept.sent[number] = ROWS
        call("IngestService/IngestBatch", batch(self.m, number, ROWS))
        self.kept.acknowledged.add(number)

    def run(self):
        try:
            with channel_to(self.server.socket) as channel:
                call = caller(channel, self.m)
                while not self.over.is_set():
                    self.send(call)
        except grpc.RpcError as failure:
            self.wrong.append(f"{failure.code()} {failure.details()}")

    def __enter__(self):
        self.threads = [threading.Thread(target=self.run) for _ in range(2)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(60)
        expect(not self.wrong, f"a sender was refused: {self.wrong}")


class shop:
    def __init__(self, server, m):
        self.server, self.m = server, m
        self.kept, self.numbers = service.history(), itertools.count(1)
        self.store = server.folder / "data/tenants/default/store.clv"

    def writers(self):
        return writers(self.server, self.m, self.kept, self.numbers)

    def log(self):
        return (self.server.folder / "clvd.log").read_text()

    def told(self, event):
        return self.log().count(f'"{event}"')

    def log_bytes(self):
        return service.size_of(f"{self.store}-wal")


def a_strangers_reader_is_told_and_when_it_leaves_the_log_is_small_again(s):
    with contextlib.closing(service.sqlite3.connect(f"file:{s.store}?mode=ro", uri=True,
                                                    isolation_level=None)) as db:
        db.execute("BEGIN")
        before = db.execute("SELECT count(*) FROM txn").fetchone()
        with s.writers():
            until(lambda: s.told("wal_too_large") > 0, "a large log is told")
            until(lambda: page(s.server.folder / "ops").get("clv_checkpoint_busy_total", 0) > 0,
                  "the busy checkpoint is counted")
            acknowledged = len(s.kept.acknowledged)
            until(lambda: len(s.kept.acknowledged) > acknowledged, "rows are still taken")
        expect(db.execute("SELECT count(*) FROM txn").fetchone() == before, "its moment, still")
        db.execute("COMMIT")
    until(lambda: s.log_bytes() <= ALARM << 20, "the log is small again")
    until(lambda: s.told("wal_is_small_again") == s.told("wal_too_large"), "which is told")


def reason_of(m, job):
    for detail in job.error.details:
        info = m.details.ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return ""


def a_job_that_holds_the_log_is_ended_at_the_limit(s):
    with channel_to(s.server.socket) as channel:
        call, request = caller(channel, s.m), s.m.StartIntegrityCheckRequest()
        with s.writers():
            for attempt in itertools.count(1):
                job = call.finished(call("AdminService/StartIntegrityCheck", request).job)
                if job.state != 3:
                    break
                expect(attempt < 30, "no check was ever slower than its writers")
        expect(job.state == 4 and reason_of(s.m, job) == "LOG_TOO_LARGE", f"check {attempt}: {job}")
        expect('"log_holder_cut"' in s.log(), "its end is told")
        until(lambda: s.log_bytes() <= ALARM << 20, "the log is small again")
        job = call.finished(call("AdminService/StartIntegrityCheck", request).job)
        expect(job.state == 3, f"a check without writers: {job}")
        print(f"check {attempt} was ended, {len(s.kept.acknowledged)} batches acknowledged")


def main():
    clvd, root, protoc = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        m = messages(root, folder, protoc)
        with running_clvd(clvd, folder, "--data", folder / "data", "--ops", f"unix:{folder}/ops",
                          "--ballast-mib", "0", "--wal-alarm-mib", str(ALARM),
                          "--wal-limit-mib", str(LIMIT)) as server:
            s = shop(server, m)
            with channel_to(server.socket) as channel:
                for _ in range(BEFORE):
                    s.writers().send(caller(channel, m))
            failed = service.run_all([functools.partial(f, s) for f in (
                a_strangers_reader_is_told_and_when_it_leaves_the_log_is_small_again,
                a_job_that_holds_the_log_is_ended_at_the_limit)])
        wrong = s.kept.complaints(service.stored_events(s.store))
        expect(not wrong, "; ".join(wrong[:5]))
        return failed


if __name__ == "__main__":
    sys.exit(main())
