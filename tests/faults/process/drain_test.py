#!/usr/bin/python3
"""SIGTERM at random under load: each call has a whole answer or UNAVAILABLE, and the process ends
within its time; also after a second SIGTERM and with a plugin that hangs.

usage: drain_test.py CLVD HANGING_PLUGIN SOURCE_ROOT PROTOC; CLV_DRAINS rounds, CLV_SEED
"""
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

import service
from service import batch, caller, channel_to, expect, grpc, messages

DRAIN = 5
CLOSING = 10  # what main.cpp allows for closing the stores
ROWS = 30


class load:
    """Callers until the server is gone."""

    def __init__(self, folder, m, kept, first):
        self.folder, self.m, self.kept, self.wrong, self.answers = folder, m, kept, [], 0
        self.first, self.lock = first, threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(work,))
                        for work in (self.ingest, self.ingest, self.score, self.stream, self.fit)]
        for thread in self.threads:
            thread.start()

    def number(self):
        with self.lock:
            self.first += 1
            self.kept.sent[self.first] = ROWS
            return self.first

    def run(self, work):
        try:
            with channel_to(self.folder / "s") as channel:
                while True:
                    work(caller(channel, self.m))
                    self.answers += 1
        except grpc.RpcError as failure:
            if failure.code() != grpc.StatusCode.UNAVAILABLE:
                self.wrong.append(f"{work.__name__}: {failure.code()} {failure.details()}")
        except AssertionError as failure:
            self.wrong.append(str(failure))

    def ingest(self, call):
        number = self.number()
        answer = call("IngestService/IngestBatch", batch(self.m, number, ROWS))
        expect(answer.accepted_count == ROWS, f"half an answer: {answer}")
        self.kept.acknowledged.add(number)

    def score(self, call):
        request = self.m.ScoreSummariesRequest(horizon=10, quantities=["p_alive"])
        request.parameters.unit, request.parameters.currency_code = "week", "EUR"
        request.parameters.purchase.model = "bg_nbd"
        request.parameters.purchase.parameters.update(r=0.24, alpha=4.4, a=0.8, b=2.4)
        for row in range(2_000):
            request.rows.add(x=row % 20, t_x=1 + row % 30 if row % 20 else 0, T=40)
        answer = call("ScoringService/ScoreSummaries", request)
        expect(len(answer.rows) == 2_000, f"{len(answer.rows)} rows instead of 2000")

    def stream(self, call):
        """One stream: it may end early and in order, and what it acknowledged is durable."""
        m, first = self.m, self.number()
        name = f"producer-{first}"

        def frames():
            open_ = m.IngestStreamRequest()
            open_.open.source, open_.open.producer_id = "test", name
            yield open_
            for sequence in range(1, 4):
                frame = m.IngestStreamRequest()
                frame.batch.sequence = sequence
                number = first if sequence == 1 else self.number()
                numbers.append(number)
                frame.batch.events.CopyFrom(batch(m, number, ROWS).events)
                yield frame

        numbers = []
        answers = call.channel.stream_stream(
            "/clv.v1.IngestService/IngestStream",
            request_serializer=lambda r: r.SerializeToString(),
            response_deserializer=m.IngestStreamResponse.FromString)(frames(), timeout=30)
        try:
            for answer in answers:
                for number in numbers[:answer.ack.durable_sequence]:
                    self.kept.acknowledged.add(number)
        finally:
            answers.cancel()

    def fit(self, call):
        try:
            job = call("ModelService/FitModel", self.m.FitModelRequest(model="bg_nbd")).job
            call.finished(job)
        except grpc.RpcError as failure:
            if failure.code() == grpc.StatusCode.UNAVAILABLE:
                raise  # else: nothing to fit yet, or a fit is on

    def join(self):
        for thread in self.threads:
            thread.join(60)
            expect(not thread.is_alive(), "a call did not end with its server")


def start(clvd, folder, log, *more):
    server = subprocess.Popen([clvd, "--socket", folder / "s", "--drain-delay", "0",
                               "--drain-timeout", str(DRAIN), *more], stdout=log, stderr=log)
    service.wait_for(folder / "s", server)
    return server


def under_load(clvd, folder, log, m, rounds, seed):
    made, kept, slowest, answers = random.Random(seed), service.history(), 0, 0
    for i in range(rounds):
        server = start(clvd, folder, log, "--data", folder / "data", "--ballast-mib", "0")
        try:
            calls = load(folder, m, kept, max(kept.sent, default=0))
            time.sleep(made.uniform(0, 0.4))  # the moment of the signal
            twice = i % 4 == 3
            server.send_signal(signal.SIGTERM)
            began = time.monotonic()
            if twice:  # at once it may be one signal for the kernel: both are fine
                server.send_signal(signal.SIGTERM)
            status = server.wait(timeout=DRAIN + CLOSING + 20)
            slowest = max(slowest, time.monotonic() - began)
        finally:
            server.kill()
            server.wait()
        calls.join()
        answers += calls.answers
        where = f"round {i} of seed {seed}: "
        expect(status == 0, f"{where}exit status {status}")
        expect(not calls.wrong, where + "; ".join(calls.wrong))
        store = folder / "data/tenants/default/store.clv"
        left = service.size_of(f"{store}-wal")
        expect(left == 0, f"{where}{left} bytes of write-ahead log are left")
        # The signal may come before anything made the store.
        wrong = kept.complaints(service.stored_events(store) if store.exists() else [])
        expect(not wrong, where + "; ".join(wrong[:10]))
    expect(slowest < DRAIN + CLOSING, f"a stop took {slowest:.1f} s")
    print(f"{rounds} drains, {answers} answers, {len(kept.acknowledged)} batches acknowledged and "
          f"there, slowest stop {slowest:.2f} s")


def with_a_plugin_that_hangs(clvd, folder, log, m, plugin, signals):
    """Its run would last for a minute."""
    server = start(clvd, folder, log, "--data", folder / f"hang-{signals}", "--ballast-mib", "0",
                   "--plugin", plugin, "--plugin-limit-ms", f"{pathlib.Path(plugin).stem}=60000")
    codes = []

    def propose():
        with channel_to(folder / "s") as channel:
            try:
                caller(channel, m)("ActionService/Propose", m.ProposeRequest(), 90)
                codes.append("answered")
            except grpc.RpcError as failure:
                codes.append(failure.code().name)

    try:
        with channel_to(folder / "s") as channel:
            call = caller(channel, m)
            call("IngestService/IngestBatch", batch(m, 1, 200))
            for method, request in (("ModelService/FitModel", m.FitModelRequest()),
                                    ("ScoringService/StartBatchScore",
                                     m.StartBatchScoreRequest())):
                job = call.finished(call(method, request).job)
                expect(job.state == 3, f"{method}: {job}")
        asking = threading.Thread(target=propose)
        asked = (folder / "clvd.log").read_text().count("plugin_started")
        asking.start()
        service.until(lambda: (folder / "clvd.log").read_text().count("plugin_started") > asked,
                      "the plugin is asked")
        drains = (folder / "clvd.log").read_text().count('"draining"')
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        if signals == 2:
            service.until(lambda: (folder / "clvd.log").read_text().count('"draining"') > drains,
                          "the first signal is seen")
            server.send_signal(signal.SIGTERM)
        status = server.wait(timeout=DRAIN + CLOSING + 20)
        took = time.monotonic() - began
        asking.join(60)
    finally:
        server.kill()
        server.wait()
    expect(status == 0, f"exit status {status} beside a plugin that hangs")
    expect(took < DRAIN + CLOSING, f"the stop took {took:.1f} s")
    expect(codes and codes[0] in ("UNAVAILABLE", "CANCELLED"), f"its caller got {codes}")
    print(f"a plugin that hangs, {signals} signal(s): {took:.2f} s, its caller got {codes[0]}")


def main():
    clvd, plugin, root, protoc = sys.argv[1:]
    rounds, seed = int(os.environ.get("CLV_DRAINS", 8)), int(os.environ.get("CLV_SEED", 1))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        m = messages(root, folder, protoc)
        with open(folder / "clvd.log", "ab") as log:
            try:
                under_load(clvd, folder, log, m, rounds, seed)
                with_a_plugin_that_hangs(clvd, folder, log, m, plugin, 2)
                if rounds > 20:
                    with_a_plugin_that_hangs(clvd, folder, log, m, plugin, 1)
            except BaseException:
                print((folder / "clvd.log").read_text(errors="replace")[-3000:])
                raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
