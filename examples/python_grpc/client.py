#!/usr/bin/python3
"""Sends a log of orders to clvd, has a model fitted, and prints what three customers are worth.

    CLV_TOKEN=clv_... client.py --socket /run/clvd/clvd.sock --log orders.csv

Start it again after a break at any point: it goes on where the server's disk says.
"""
import argparse
import csv
import os
import queue
import sys
import uuid

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from clv.v1 import ingest_service_pb2 as ingest, ingest_service_pb2_grpc
from clv.v1 import job_service_pb2 as jobs, job_service_pb2_grpc
from clv.v1 import model_service_pb2 as models, model_service_pb2_grpc
from clv.v1 import scoring_service_pb2 as scoring, scoring_service_pb2_grpc
from clv.v1.common_pb2 import Money
from clv.v1.transaction_pb2 import Transaction

BATCH_ROWS = 5  # small, to show several; up to max_batch_items


def time(text):
    stamp = Timestamp()
    stamp.FromJsonString(text)
    return stamp


def transactions(path):
    with open(path, newline="", encoding="utf-8") as log:
        for row in csv.DictReader(log):
            cents = int(row["amount"].replace(".", ""))  # "24.77": money is never a float
            yield Transaction(event_id=row["event_id"], customer=row["customer"],
                              time=time(row["time"]),
                              amount=Money(currency_code="EUR", minor_units=cents))


def send(channel, metadata, path, at_most):
    """Batch n of the file has sequence n, so that `opened` says which are on disk already."""
    rows = list(transactions(path))
    batches = [rows[i:i + BATCH_ROWS] for i in range(0, len(rows), BATCH_ROWS)]
    outgoing = queue.SimpleQueue()
    responses = ingest_service_pb2_grpc.IngestServiceStub(channel).IngestStream(
        iter(outgoing.get, None), metadata=metadata, timeout=60)
    outgoing.put(ingest.IngestStreamRequest(
        open=ingest.IngestStreamRequest.Open(source="shop", producer_id="orders")))
    opened = next(responses).opened
    acks, durable, window = [], opened.durable_sequence, opened.window
    for sequence in range(durable + 1, min(len(batches), durable + at_most) + 1):
        while sequence - durable > window:  # as many may be on their way; an ack covers several
            acks.append(next(responses).ack)
            durable, window = acks[-1].durable_sequence, acks[-1].window
        outgoing.put(ingest.IngestStreamRequest(batch=ingest.IngestStreamRequest.Batch(
            sequence=sequence, events=ingest.EventBatch(transactions=batches[sequence - 1]))))
    outgoing.put(None)
    acks += [response.ack for response in responses]
    print(f"sent after batch {opened.durable_sequence}: {sum(a.accepted_count for a in acks)} new, "
          f"{sum(a.duplicate_count for a in acks)} known")


def fit(channel, metadata):
    """A job: it goes on when this client goes away, and the same request_id finds it again."""
    request = models.FitModelRequest(request_id=str(uuid.uuid4()), promote_to="aliases/production")
    stub = model_service_pb2_grpc.ModelServiceStub(channel)
    job = stub.FitModel(request, metadata=metadata, timeout=60).job
    watch = job_service_pb2_grpc.JobServiceStub(channel).WatchJob
    for response in watch(jobs.WatchJobRequest(name=job.name), metadata=metadata, timeout=60):
        job = response.job
    words = [job.kind, jobs.JobState.Name(job.state), *job.warnings, job.error.message]
    print(" ".join(filter(None, words)))


def score(channel, metadata, customers):
    request = scoring.ScoreCustomersRequest(customers=customers, as_of=time("2025-01-01T00:00:00Z"))
    stub = scoring_service_pb2_grpc.ScoringServiceStub(channel)
    response = stub.ScoreCustomers(request, metadata=metadata, timeout=60)
    for row in response.rows:
        print(row.customer, f"{row.clv:#.17g}", response.currency_code)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--socket", required=True, help="path that clvd serves on")
    arguments.add_argument("--log", required=True, help="event_id,customer,time,amount")
    arguments.add_argument("--batches", type=int, default=sys.maxsize, help="stop after so many")
    given = arguments.parse_args()
    token = os.environ.get("CLV_TOKEN")
    metadata = [("authorization", f"Bearer {token}")] if token else []
    with grpc.insecure_channel(f"unix:{given.socket}") as channel:
        try:
            send(channel, metadata, given.log, given.batches)
            if given.batches == sys.maxsize:
                fit(channel, metadata)
                score(channel, metadata, ["c000001", "c000003", "c000011"])
        except grpc.RpcError as error:
            sys.exit(f"clvd: {error.code().name}: {error.details()}")


if __name__ == "__main__":
    main()
