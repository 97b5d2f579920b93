#!/usr/bin/python3
"""Raw sockets at the gRPC door: idle and half-open connections, floods of HTTP/2 frames, calls
whose answers nobody takes. The process lives, others are served, memory stays bounded, and what the
crowd took is given back.

usage: hostile_clients_test.py CLVD SOURCE_ROOT PROTOC
"""
import contextlib
import functools
import pathlib
import socket
import struct
import sys
import tempfile
import time

import service
from service import caller, channel_to, expect, grpc, messages, resident, running_clvd

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST, SETTINGS, PING, WINDOW, CONTINUATION = 0, 1, 3, 4, 6, 8, 9
END_STREAM, END_HEADERS = 1, 4
IDLE = 400
# gRPC 1.51 has taken 200 to 430 MiB for 10,000 calls that are reset before any of them reaches the
# server (measured). When they are gone, ops/heap_guard.hpp gives it back.
MOST_GROWTH = 900 << 20
MOST_LEFT_BEHIND = 128 << 20
MOST_FOR_MORE_OF_THE_SAME = 48 << 20


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(name, value):
    """HPACK: a literal header that is not indexed."""
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def call_headers(path=b"/clv.v1.ScoringService/ScoreSummaries"):
    return b"".join(literal(*pair) for pair in (
        (b":method", b"POST"), (b":scheme", b"http"), (b":path", path), (b":authority", b"x"),
        (b"te", b"trailers"), (b"content-type", b"application/grpc")))


def settings(*pairs):
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", *pair) for pair in pairs))


class crowd:
    """Connections to one server, and what must be true of it after an attack."""

    def __init__(self, server, m):
        self.path, self.pid, self.m = server.socket, server.server.pid, m
        self.first = resident(self.pid)

    @contextlib.contextmanager
    def connection(self, greeting=PREFACE + settings()):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(self.path))
            client.sendall(greeting)
            yield client

    def send(self, client, bytes_):
        """Until it is all sent, or the server has had enough of it."""
        try:
            client.sendall(bytes_)
            return True
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            return False

    def check_others_are_served(self, what, within=5):
        began = time.monotonic()
        with channel_to(self.path) as channel:
            caller(channel, self.m)("AdminService/GetServerInfo", self.m.GetServerInfoRequest())
        took = time.monotonic() - began
        expect(took < within, f"{what}: another client waited {took:.2f} s")
        grown = resident(self.pid) - self.first
        expect(grown < MOST_GROWTH, f"{what}: memory grew by {grown >> 20} MiB")


def idle_and_half_open(c):
    descriptors = service.descriptors(c.pid)
    with contextlib.ExitStack() as all_:
        for i in range(IDLE):
            greeting = (b"", PREFACE[:9], PREFACE + settings(),
                        PREFACE + settings() + frame(HEADERS, 0, 1, call_headers()[:20]))[i % 4]
            all_.enter_context(c.connection(greeting))
        c.check_others_are_served(f"{IDLE} idle")
        print(f"{IDLE} idle: {(resident(c.pid) - c.first) >> 10} KiB more")
    service.until(lambda: service.descriptors(c.pid) <= descriptors + 8, "their descriptors")


def rapid_reset(c):
    """CVE-2023-44487: calls that are taken back at once."""
    with c.connection() as client:
        for first in range(1, 20_000, 200):
            pair = b"".join(frame(HEADERS, END_HEADERS, stream, call_headers()) +
                            frame(RST, 0, stream, struct.pack(">I", 8))
                            for stream in range(first, first + 200, 2))
            if not c.send(client, pair):
                break
        c.check_others_are_served("10,000 calls that are reset")


def rapid_reset_again_and_again(c):
    for _ in range(7):
        rapid_reset(c)
    service.until(lambda: resident(c.pid) - c.first < MOST_LEFT_BEHIND,
                  "the memory of calls that are gone is given back", 120)


def floods(c):
    for name, bytes_ in (
            ("SETTINGS", settings((4, 65_535)) * 500),
            ("PING", frame(PING, 0, 0, b"8 bytes!") * 500),
            ("empty DATA", frame(DATA, 0, 1) * 500),
            ("WINDOW_UPDATE", frame(WINDOW, 0, 0, struct.pack(">I", 1)) * 500),
            ("RST of nothing", frame(RST, 0, 1, struct.pack(">I", 8)) * 500)):
        with c.connection() as client:
            client.setblocking(True)
            client.settimeout(2)  # a server that stopped reading is no reason to wait for it
            for _ in range(100):
                if not c.send(client, bytes_):
                    break
            c.check_others_are_served(f"a flood of {name}")


def endless_headers(c):
    """CVE-2024-27316: CONTINUATION without an end."""
    with c.connection() as client:
        client.settimeout(2)
        c.send(client, frame(HEADERS, 0, 1, call_headers()))
        filler = literal(b"x-filler", b"y" * 120) * 100
        for _ in range(2_000):
            if not c.send(client, frame(CONTINUATION, 0, 1, filler)):
                break
        c.check_others_are_served("headers without an end")


def answers_that_nobody_takes(c):
    """Window 0: the server may send nothing. Its answers must not pile up without a bound."""
    request = c.m.ScoreSummariesRequest(horizon=10, quantities=["p_alive"])
    request.parameters.unit, request.parameters.currency_code = "week", "EUR"
    request.parameters.purchase.model = "bg_nbd"
    request.parameters.purchase.parameters.update(r=0.24, alpha=4.4, a=0.8, b=2.4)
    for _ in range(400):
        request.rows.add(x=1, t_x=10, T=40)
    body = request.SerializeToString()
    message = b"\0" + struct.pack(">I", len(body)) + body
    with contextlib.ExitStack() as all_:
        for _ in range(20):
            client = all_.enter_context(c.connection(PREFACE + settings((4, 0))))
            client.settimeout(2)
            for stream in range(1, 100, 2):
                part = frame(HEADERS, END_HEADERS, stream, call_headers()) + b"".join(
                    frame(DATA, 0, stream, message[at:at + 16_384])
                    for at in range(0, len(message), 16_384)) + frame(DATA, END_STREAM, stream)
                if not c.send(client, part):
                    break
        c.check_others_are_served("1,000 answers that nobody takes", within=20)


def oversized_and_nested(c):
    """What is too large or too deep is refused before it is held, packed or not."""
    before = resident(c.pid)
    with channel_to(c.path) as channel:
        ask = channel.unary_unary("/clv.v1.ScoringService/ScoreSummaries")

        def code(message, packed=grpc.Compression.NoCompression):
            try:
                ask(message, timeout=60, compression=packed)
                return grpc.StatusCode.OK
            except grpc.RpcError as failure:
                return failure.code()

        for message, packed, expected in (
                (b"\0" * (5 << 20), None, grpc.StatusCode.RESOURCE_EXHAUSTED),
                (b"\0" * (64 << 20), None, grpc.StatusCode.RESOURCE_EXHAUSTED),
                (b"\0" * (300 << 20), grpc.Compression.Gzip, grpc.StatusCode.UNIMPLEMENTED),
                (b"\0" * (300 << 20), grpc.Compression.Deflate, grpc.StatusCode.UNIMPLEMENTED),
                (b"\x0b" * 100_000 + b"\x0c" * 100_000, None,
                 grpc.StatusCode.INVALID_ARGUMENT)):
            got = code(message, packed)
            expect(got == expected, f"{len(message)} bytes, {packed}: {got}")
            grown = resident(c.pid) - before
            expect(grown < MOST_FOR_MORE_OF_THE_SAME,
                   f"{len(message)} bytes, {packed}: memory grew by {grown >> 20} MiB")
        c.check_others_are_served("messages that are too large")


def garbage(c):
    for bytes_ in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 1_000, b"\xff" * 100_000,
                   PREFACE + b"\xff" * 100_000,
                   PREFACE + settings() + frame(HEADERS, 5, 1, b"\xff" * 99),
                   PREFACE + settings() + frame(HEADERS, 4, 2, call_headers()),
                   PREFACE + settings() + frame(DATA, 0, 0, b"x"),
                   PREFACE + settings() + b"\xff\xff\xff\0\0\0\0\0\1" + b"x" * 70_000):
        for _ in range(20):
            with c.connection(b"") as client:
                c.send(client, bytes_)
        c.check_others_are_served(f"{bytes_[:40]!r}")


def main():
    clvd, root, protoc = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        m = messages(root, folder, protoc)
        with running_clvd(clvd, folder, "--queue", "5000", "--log-level", "error") as server:
            c = crowd(server, m)
            failed = service.run_all([
                functools.partial(f, c) for f in (
                    idle_and_half_open, oversized_and_nested, floods, endless_headers,
                    answers_that_nobody_takes, garbage, rapid_reset_again_and_again)])
            service.until(lambda: service.descriptors(c.pid) < 60, "all connections are closed")
            print(f"memory {resident(c.pid) >> 20} MiB, {(resident(c.pid) - c.first) >> 20} more "
                  f"than at first; {service.threads(c.pid)} threads")
            return failed


if __name__ == "__main__":
    sys.exit(main())
