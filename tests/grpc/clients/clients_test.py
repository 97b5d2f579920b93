#!/usr/bin/python3
"""Builds and runs one of examples/*_grpc as its README says, against a clvd with tenants and
tokens, and compares the digits it prints with those of the clv command on the same log.

usage: clients_test.py python|ruby|node|go CLVD CLV SOURCE_ROOT PROTOC
Exit status 77 (skipped) where the language or its packages are not there.
"""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import languages  # noqa: E402
from running_clvd import make_token, running_clvd  # noqa: E402

CUSTOMERS = ["c000001", "c000003", "c000011"]


def values_of_the_command(clv, log, folder):
    """What a client must print of its customers."""
    store, scores = folder / "reference.clv", folder / "scores.csv"
    for words in (["import", "--store", store, "--source", "shop", "--currency", "EUR", log],
                  ["fit", "--store", store],
                  ["score", "--store", store, "--summarise", "--as-of", "2025-01-01",
                   "--out", scores]):
        subprocess.run([clv, *words], check=True, capture_output=True)
    with open(scores, newline="", encoding="utf-8") as table:
        clv_of = {row["customer"]: float(row["clv"]) for row in csv.DictReader(table)}
    return [f"{customer} {clv_of[customer]:#.17g} EUR" for customer in CUSTOMERS]


def run(command, token):
    environment = {**os.environ, **command.environment, "CLV_TOKEN": token}
    return subprocess.run(command.words, env=environment, capture_output=True, text=True,
                          timeout=120, check=False)


def expect(command, token, lines):
    done = run(command, token)
    if done.returncode != 0 or done.stdout.splitlines() != lines:
        print(f"expected {lines}, got exit {done.returncode}:\n{done.stdout}{done.stderr}")
        sys.exit(1)


def expect_refusal(command):
    done = run(command, "clv_" + "A" * 43)
    if done.returncode == 0 or "unauthenticated" not in done.stderr.lower():
        print(f"a wrong token: got exit {done.returncode}:\n{done.stdout}{done.stderr}")
        sys.exit(1)


def main():
    language, clvd, clv, root, protoc = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder, root = pathlib.Path(name), pathlib.Path(root)
        log = root / "examples" / "orders.csv"
        client = languages.BUILDERS[language](root, folder, protoc)
        values = values_of_the_command(clv, log, folder)
        tokens = folder / "tokens"
        token = make_token(clvd, tokens, "shop", "ingest,read,score,fit")
        fitted = ["FitModel JOB_STATE_SUCCEEDED", *values]
        with running_clvd(clvd, folder, "--data", folder / "data", "--tokens", tokens) as server:
            command = client(server.socket, log)
            expect_refusal(command)
            if language == "python":  # stops in the middle; the next run goes on there
                expect(client(server.socket, log, "--batches", "2"), token,
                       ["sent after batch 0: 10 new, 0 known"])
                expect(command, token, ["sent after batch 2: 40 new, 0 known", *fitted])
            else:
                expect(command, token, ["sent after batch 0: 50 new, 0 known", *fitted])
            expect(command, token, ["sent after batch 10: 0 new, 0 known", *fitted])
    return 0


if __name__ == "__main__":
    sys.exit(main())
