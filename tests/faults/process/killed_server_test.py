#!/usr/bin/python3
"""SIGKILL to clvd at random while producers ingest, a model is fitted and promoted and decisions
are made: what was acknowledged is there once and whole after every restart.

usage: killed_server_test.py CLVD PLUGIN SOURCE_ROOT PROTOC; CLV_KILLS rounds, CLV_SEED
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

import service
from service import batch, caller, channel_to, expect, grpc, messages

ROWS = 40
LONGEST_RESTART = 20  # seconds; measured: 0.1 to 0.5
MODEL = (b'{"format":"clv.model/1","unit":"week","currency":"EUR","purchase":{"model":"bg_nbd",'
         b'"parameters":{"r":0.24,"alpha":4.4,"a":%.1f,"b":2.4}}}')
ENDED = 3  # JobState from here on


class ledger:
    """What all threads of all rounds did."""

    def __init__(self):
        self.lock, self.batches = threading.Lock(), service.history()
        self.open, self.next, self.jobs, self.etag, self.answers = [], 0, [], 0, {}

    def number(self):
        """An unacknowledged batch again, or a new one."""
        with self.lock:
            if self.open:
                return self.open.pop(0)
            self.next += 1
            self.batches.sent[self.next] = ROWS
            return self.next

    def outcome(self, number, acknowledged):
        with self.lock:
            if acknowledged:
                self.batches.acknowledged.add(number)
            else:
                self.open.append(number)


def ingest(call, m, kept):
    while True:
        number = kept.number()
        done = False
        try:
            call("IngestService/IngestBatch", batch(m, number, ROWS))
            done = True
        finally:
            kept.outcome(number, done)


def fit(call, m, kept):
    while True:
        try:
            job = call("ModelService/FitModel", m.FitModelRequest(model="bg_nbd")).job
        except grpc.RpcError as failure:
            if failure.code() not in (grpc.StatusCode.FAILED_PRECONDITION,
                                      grpc.StatusCode.ABORTED, grpc.StatusCode.INVALID_ARGUMENT):
                raise
            time.sleep(0.02)  # nothing to fit yet
            continue
        with kept.lock:
            kept.jobs.append(job.name)
        call.finished(job, 10)


def promote(call, m, kept):
    while True:
        listed = call("ModelService/ListModels", m.ListModelsRequest())
        etag = next((a.etag for a in listed.aliases if a.name == "aliases/live"), "")
        expect(int(etag or 0) >= kept.etag, f"alias at {etag}, acknowledged was {kept.etag}")
        for model in [one for one in listed.models if one.status == "given"][:1]:
            alias = call("ModelService/PromoteModel", m.PromoteModelRequest(
                alias="aliases/live", model=model.name, etag=etag)).alias
            kept.etag = int(alias.etag)
        time.sleep(0.01)


def decide(call, m, kept):
    while True:
        name = f"decide-{len(kept.answers)}"
        request = m.DecideRequest(request_id=name, page_size=10, now_us=1_700_000_000_000_000,
                                  holdout_share=0)
        try:
            answer = call("ActionService/Decide", request)
        except grpc.RpcError as failure:
            if failure.code() not in (grpc.StatusCode.FAILED_PRECONDITION,
                                      grpc.StatusCode.ABORTED):
                raise
            time.sleep(0.02)  # no scores yet
            continue
        kept.answers[name] = (request, answer.fingerprint)


def until_killed(work, call, m, kept, wrong):
    try:
        work(call, m, kept)
    except grpc.RpcError as failure:
        if failure.code() != grpc.StatusCode.UNAVAILABLE:
            wrong.append(f"{work.__name__}: {failure.code()} {failure.details()}")
    except AssertionError as failure:
        wrong.append(str(failure))


def check_restarted(call, m, kept):
    for name in kept.jobs:
        state = call("JobService/GetJob", m.GetJobRequest(name=name)).job.state
        expect(state >= ENDED, f"{name} has state {state} after the restart")
    kept.jobs.clear()
    for name, (request, fingerprint) in list(kept.answers.items())[-3:]:
        again = call("ActionService/Decide", request)
        expect(again.fingerprint == fingerprint, f"{name} has another answer than before")


def prepare(call, m, kept):
    """Scores, for decisions."""
    for _ in range(20):
        number = kept.number()
        call("IngestService/IngestBatch", batch(m, number, ROWS))
        kept.outcome(number, True)
    job = call.finished(call("ModelService/FitModel", m.FitModelRequest()).job)
    expect(job.state == ENDED, f"the first fit: {job}")
    for a in (0.7, 0.8):  # models that may be promoted, whatever the random rows say
        call("ModelService/ImportModel", m.ImportModelRequest(model_json=MODEL % a))
    job = call.finished(call("ScoringService/StartBatchScore", m.StartBatchScoreRequest()).job)
    expect(job.state == ENDED, f"the first score: {job}")


def one_round(command, log, folder, m, kept, made):
    """Start, check, load, kill. Returns the seconds of the start."""
    began = time.monotonic()
    server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        service.wait_for(folder / "s", server)
        with channel_to(folder / "s") as channel:
            call = caller(channel, m)
            call("AdminService/GetServerInfo", m.GetServerInfoRequest())
            took = time.monotonic() - began
            check_restarted(call, m, kept)
            if kept.next == 0:
                prepare(call, m, kept)
            wrong = []
            workers = [threading.Thread(target=until_killed, args=(w, call, m, kept, wrong))
                       for w in (ingest, ingest, fit, promote, decide)]
            for worker in workers:
                worker.start()
            time.sleep(made.uniform(0.02, 0.6))  # the moment of the kill, not a wait for anything
            server.kill()
            for worker in workers:
                worker.join(60)
    finally:
        server.kill()
        server.wait()
    expect(not wrong, "; ".join(wrong))
    return took


def main():
    clvd, plugin, root, protoc = sys.argv[1:]
    kills, seed = int(os.environ.get("CLV_KILLS", 4)), int(os.environ.get("CLV_SEED", 1))
    made, kept, starts = random.Random(seed), ledger(), []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        m = messages(root, folder, protoc)
        store = folder / "data/tenants/default/store.clv"
        command = [clvd, "--socket", folder / "s", "--data", folder / "data", "--plugin", plugin,
                   "--ballast-mib", "0"]
        with open(folder / "clvd.log", "ab") as log:
            for i in range(kills):
                try:
                    starts.append(one_round(command, log, folder, m, kept, made))
                    wrong = kept.batches.complaints(service.stored_events(store))
                    expect(not wrong, "; ".join(wrong[:10]))
                except BaseException:
                    print(f"round {i} of seed {seed}")
                    print((folder / "clvd.log").read_text(errors="replace")[-3000:])
                    raise
    print(f"{kills} kills, {len(kept.batches.acknowledged)} batches acknowledged and there, "
          f"alias at {kept.etag}, {len(kept.answers)} decisions, slowest start {max(starts):.2f} s")
    return 0 if max(starts) < LONGEST_RESTART and kept.batches.acknowledged else 1


if __name__ == "__main__":
    sys.exit(main())
