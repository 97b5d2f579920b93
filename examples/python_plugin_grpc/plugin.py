#!/usr/bin/python3
"""A retention idea as a gRPC service: offers a call to customers who are valuable and slipping away.

Needs Debian's python3-grpcio and python3-protobuf, and the messages of clv.plugin.v1 on PYTHONPATH:

    protoc -I grpc/proto --python_out=/tmp/stubs clv/plugin/v1/action_plugin_service.proto
    PYTHONPATH=/tmp/stubs examples/python_plugin_grpc/plugin.py --socket /run/clvd/call.sock
"""
import argparse
import concurrent.futures
import json
import os
import signal
import sys
import threading

import grpc

from clv.plugin.v1 import action_plugin_service_pb2 as v1

SERVICE = "clv.plugin.v1.ActionPluginService"
SETTINGS = {"p_alive_below": 0.5, "clv_above": 100.0}


def settings(config_json, context):
    """The operator's settings over the defaults; what is not known is refused, not ignored."""
    given = json.loads(config_json or "{}")
    unknown = sorted(set(given) - set(SETTINGS))
    if unknown:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"unknown setting {unknown[0]!r}")
    return {**SETTINGS, **given}


def describe(request, context):
    settings(request.config_json, context)
    return v1.DescribeResponse(
        id="org.example.valuable_call",
        name="Call the valuable",
        version="1.0.0",
        vendor="Example",
        licence="Apache-2.0",
        summary="Offers a call to valuable customers who are slipping away.",
        reads=["p_alive", "clv"],
        actions=["valuable_call.phone"],
    )


def values(column):
    """One value per row; None where the customer has none."""
    rows = column.numbers or column.integers or column.texts
    if not column.present:
        return list(rows)
    bits = column.present
    return [v if bits[i // 8] >> (i % 8) & 1 else None for i, v in enumerate(rows)]


def proposal(row, p_alive, clv):
    """What is known about the effect, never a profit or a priority: the core prices it."""
    return v1.Proposal(
        row=row,
        action="valuable_call.phone",
        channel="phone",
        reason=f"Worth keeping, and probably leaving: the chance to be a customer is {p_alive:.0%}.",
        effect_mean=0.05,
        effect_sd=0.02,
        effect_n=40,
        contact_cost_minor=250,
        agent_minutes=6,
        message_json=json.dumps({"p_alive": round(p_alive, 3)}),
    )


def propose(request, context):
    limits = settings(request.config_json, context)
    columns = {column.name: values(column) for column in request.columns}
    nothing = [None] * request.rows
    rows = zip(columns.get("p_alive", nothing), columns.get("clv", nothing))
    return v1.ProposeResponse(
        proposals=[
            proposal(row, p_alive, clv)
            for row, (p_alive, clv) in enumerate(rows)
            if p_alive is not None and clv is not None
            and p_alive < limits["p_alive_below"] and clv > limits["clv_above"]
        ]
    )


def handlers():
    """Without generated stubs: a method is its name, its function and the two message types."""
    method = grpc.unary_unary_rpc_method_handler
    methods = {
        "Describe": method(describe, v1.DescribeRequest.FromString,
                           v1.DescribeResponse.SerializeToString),
        "Propose": method(propose, v1.ProposeRequest.FromString,
                          v1.ProposeResponse.SerializeToString),
    }
    return grpc.method_handlers_generic_handler(SERVICE, methods)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--socket", required=True, help="path to serve on")
    socket = arguments.parse_args().socket
    server = grpc.server(
        concurrent.futures.ThreadPoolExecutor(max_workers=2),
        options=[("grpc.max_receive_message_length", -1)],
    )
    server.add_generic_rpc_handlers((handlers(),))
    os.umask(0o077)  # customers' numbers: for the user of clvd only
    if server.add_insecure_port(f"unix:{socket}") == 0:
        return f"cannot serve on {socket}"
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server.start()
    print("serving", flush=True)
    ended.wait()
    server.stop(grace=1).wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
