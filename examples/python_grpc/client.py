#!/usr/bin/python3
"""Asks clvd for the value of a few customers and prints a table.

Needs Debian's python3-grpcio and python3-protobuf, and the messages of clv.v1 on PYTHONPATH:

    protoc -I grpc/proto --python_out=/tmp/stubs clv/v1/common.proto clv/v1/scoring_service.proto
    PYTHONPATH=/tmp/stubs examples/python_grpc/client.py --socket /run/clvd/clvd.sock
"""
import argparse
import sys

import grpc

from clv.v1 import common_pb2, scoring_service_pb2 as scoring

# Published estimates for the CDNOW sample, ages in weeks: Fader, Hardie & Lee (2005) for purchases,
# Fader & Hardie (2013) for spend.
PURCHASE = {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}
SPEND = {"p": 6.2500, "q": 3.7442, "gamma": 15.4415}

# customer, repeat purchases, week of the last one, weeks observed, mean spend
CUSTOMERS = [
    ("anna", 2, 30.43, 38.86, 22.35),
    ("ben", 10, 35.10, 38.00, 48.90),
    ("cleo", 10, 5.00, 38.00, 48.90),
    ("dora", 0, 0.0, 30.00, None),
]


def request():
    """A model written out by name, and one row per customer; mean_spend is left out where unknown."""
    rows = [
        common_pb2.SummaryRow(customer=name, x=x, t_x=t_x, T=T, mean_spend=spend)
        for name, x, t_x, T, spend in CUSTOMERS
    ]
    return scoring.ScoreSummariesRequest(
        parameters=scoring.ModelParameters(
            unit="week",
            currency_code="USD",
            purchase=scoring.ModelPart(model="bg_nbd", parameters=PURCHASE),
            spend=scoring.ModelPart(model="gamma_gamma", parameters=SPEND),
        ),
        rows=rows,
        horizon=39,
        annual_discount=0.15,
    )


def score(channel):
    """Without generated stubs: the method's path and the two message types are all a call needs."""
    call = channel.unary_unary(
        "/clv.v1.ScoringService/ScoreSummaries",
        request_serializer=scoring.ScoreSummariesRequest.SerializeToString,
        response_deserializer=scoring.ScoreSummariesResponse.FromString,
    )
    return call(request(), timeout=10)


def table(response):
    """One line per customer; the interval is 10 % to 90 %."""
    yield f"{'customer':<10}{'alive':>7}{'purchases':>11}{response.currency_code:>9}  interval"
    for row in response.rows:
        yield (
            f"{row.customer:<10}{row.p_alive:>7.3f}{row.expected_purchases:>11.3f}{row.clv:>9.2f}"
            f"  {row.clv_p10:.2f} to {row.clv_p90:.2f}"
        )


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--socket", required=True, help="path that clvd serves on")
    socket = arguments.parse_args().socket
    with grpc.insecure_channel(f"unix:{socket}") as channel:
        try:
            response = score(channel)
        except grpc.RpcError as error:
            print(f"clvd: {error.code().name}: {error.details()}", file=sys.stderr)
            return 1
    print("\n".join(table(response)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
