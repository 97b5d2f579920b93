#!/usr/bin/python3
"""A mix of everything for CLV_SOAK seconds: memory, descriptors and threads do not grow, every
acknowledged row is there, the metrics page is well-formed, and neither it nor the log holds an id,
an amount or a token.

usage: soak_test.py CLVD PLUGIN SOURCE_ROOT PROTOC
"""
import functools
import os
import pathlib
import re
import sys
import tempfile
import threading
import time

import service
from service import (batch, caller, channel_to, expect, grpc, messages, page, resident,
                     running_clvd)
from running_clvd import make_token

ROWS = 40
CUSTOMERS = 200
# Of the second half against the first quarter: caches and arenas fill at first.
MOST_GROWTH, MOST_DESCRIPTORS, MOST_THREADS = 48 << 20, 10, 4
GAUGES = ("clv_ingest_queue_rows", "clv_wal_bytes", "clv_db_bytes", "clv_disk_free_bytes",
          'clv_jobs{state="queued"}', 'clv_jobs{state="running"}',
          'clv_model_age_seconds{alias="live"}',
          'clv_plugin_up{plugin="winback"}', 'clv_plugin_restarts_total{plugin="winback"}',
          'clv_plugin_timeouts_total{plugin="winback"}', 'clv_plugin_rss_bytes{plugin="winback"}',
          "clv_ballast_bytes")
EXPECTED = (grpc.StatusCode.ABORTED, grpc.StatusCode.FAILED_PRECONDITION)


class mix:
    def __init__(self, m, socket, token):
        self.m, self.socket, self.token = m, socket, token
        self.kept, self.lock, self.over = service.history(), threading.Lock(), threading.Event()
        self.done, self.wrong = {}, []

    def run(self, work):
        with channel_to(self.socket) as channel:
            call = caller(channel, self.m, self.token)
            while not self.over.is_set() and not self.wrong:
                try:
                    work(call)
                    self.done[work.__name__] = self.done.get(work.__name__, 0) + 1
                except grpc.RpcError as failure:
                    if failure.code() not in EXPECTED:
                        self.wrong.append(f"{work.__name__}: {failure.code()} {failure.details()}")
                except AssertionError as failure:
                    self.wrong.append(str(failure))

    def ingest(self, call):
        with self.lock:
            number = len(self.kept.sent) + 1
            self.kept.sent[number] = ROWS
        answer = call("IngestService/IngestBatch", batch(self.m, number, ROWS, customers=CUSTOMERS))
        expect(answer.accepted_count == ROWS, f"{answer}")
        self.kept.acknowledged.add(number)
        self.over.wait(0.05)  # so that the store grows slowly; the mix is what is measured

    def model(self, call):
        job = call.finished(call("ModelService/FitModel", self.m.FitModelRequest()).job)
        expect(job.state == 3, f"a fit: {job.state}")
        listed = call("ModelService/ListModels", self.m.ListModelsRequest(page_size=1))
        model = call("ModelService/ExportModel",
                     self.m.ExportModelRequest(name=listed.models[0].name)).model_json
        model = re.sub(rb'"status": "[a-z_]+"', b'"status": "converged"', model)
        made = call("ModelService/ImportModel", self.m.ImportModelRequest(model_json=model)).model
        etag = next((a.etag for a in listed.aliases if a.name == "aliases/live"), "")
        call("ModelService/PromoteModel", self.m.PromoteModelRequest(
            alias="aliases/live", model=made.name, etag=etag))

    def score(self, call):
        job = call.finished(call("ScoringService/StartBatchScore",
                                 self.m.StartBatchScoreRequest()).job)
        expect(job.state in (3, 4), f"a score: {job}")

    def decide(self, call):
        call("ActionService/Propose", self.m.ProposeRequest(page_size=10))
        call("ActionService/Decide", self.m.DecideRequest(page_size=10))

    def read(self, call):
        m = self.m
        call("CustomerService/ListCustomers", m.ListCustomersRequest())
        for method, request in (("CustomerService/GetCustomer",
                                 m.GetCustomerRequest(customer="nobody-424242")),
                                ("IngestService/IngestBatch",
                                 m.IngestBatchRequest(source="nobody-424242"))):
            try:
                call(method, request)
            except grpc.RpcError:
                pass  # refused: what is logged of it is what counts here


def measure(mixed, server, seconds):
    """[(second, bytes, descriptors, threads)], about 200 of them."""
    began, samples = time.monotonic(), []
    while time.monotonic() - began < seconds and not mixed.wrong:
        samples.append((time.monotonic() - began, resident(server.pid),
                        service.descriptors(server.pid), service.threads(server.pid)))
        time.sleep(seconds / 200)
    return samples


def check_slopes(samples):
    def middle(part, column):
        values = sorted(s[column] for s in part)
        return values[len(values) // 2]

    n = len(samples)
    for column, most, what in ((1, MOST_GROWTH, "bytes"), (2, MOST_DESCRIPTORS, "descriptors"),
                               (3, MOST_THREADS, "threads")):
        first, last = middle(samples[n // 4:n // 2], column), middle(samples[3 * n // 4:], column)
        print(f"{what}: {first} in the second quarter, {last} in the last")
        expect(last - first < most, f"{what} grew from {first} to {last}")


def check_nothing_personal(text, token, where):
    for pattern in (r"person-\d", "nobody-424242", re.escape(token), r"batch-0-\d",
                    r"\d+\.\d+\.clv"):
        found = re.search(pattern, text)
        expect(not found, f"{where} holds {found and found.group()!r}")


def main():
    clvd, plugin, root, protoc = sys.argv[1:]
    seconds = float(os.environ.get("CLV_SOAK", 7))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        m, tokens = messages(root, folder, protoc), folder / "tokens"
        token = make_token(clvd, tokens, "shop", "ingest,read,fit,score,decide")
        options = ["--data", folder / "data", "--ops", f"unix:{folder / 'ops'}", "--plugin", plugin,
                   "--tokens", tokens, "--log-level", "debug"]
        with running_clvd(clvd, folder, *options) as server:
            mixed = mix(m, server.socket, token)
            threads = [threading.Thread(target=mixed.run, args=(work,)) for work in (
                mixed.ingest, mixed.ingest, mixed.model, mixed.score, mixed.decide, mixed.read)]
            for thread in threads:
                thread.start()
            samples = measure(mixed, server.server, seconds)
            mixed.over.set()
            for thread in threads:
                thread.join(120)
            series = page(folder / "ops")
        store = folder / "data/tenants/shop/store.clv"

        def all_is_done():
            expect(not mixed.wrong, "; ".join(mixed.wrong))
            expect(len(mixed.done) == 5, f"some of the mix was never done: {mixed.done}")
            wrong = mixed.kept.complaints(service.stored_events(store))
            expect(not wrong, "; ".join(wrong[:5]))
            print(f"{seconds:.0f} s: {mixed.done}")

        def all_gauges_are_set():
            missing = [name for name in GAUGES if name not in series]
            expect(not missing, f"not on the page: {missing}")
            expect(series["clv_db_bytes"] > 0 and series["clv_disk_free_bytes"] > 0, "sizes")
            expect(series['clv_plugin_up{plugin="winback"}'] == 1, "the plugin serves")
            expect(not any("shop" in name for name in series), "a tenant is a label")

        def nothing_personal_is_told():
            check_nothing_personal((folder / "clvd.log").read_text(), token, "the log")
            check_nothing_personal("\n".join(series), token, "the page")

        return service.run_all([all_is_done, functools.partial(check_slopes, samples),
                                all_gauges_are_set, nothing_personal_is_told])


if __name__ == "__main__":
    sys.exit(main())
