#!/usr/bin/python3
"""ghz, a load generator that knows nothing of clv.v1, asks by reflection: every call of the load
has its answer, every row is there once, and a load beyond the server's queue is refused, not lost.

usage: ghz_test.py CLVD SOURCE_ROOT
Exit status 77 (skipped) where Go is not there or cannot fetch ghz.
"""
import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import languages  # noqa: E402
from running_clvd import running_clvd  # noqa: E402

CLVD = sys.argv[1]
GHZ = "github.com/bojand/ghz/cmd/ghz@v0.121.0"
MODEL = {"purchase": {"model": "bg_nbd",
                      "parameters": {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}}}
SCORE = {"parameters": MODEL, "rows": [{"x": 2, "t_x": 30.43, "T": 38.86}] * 50}
SALE = {"event_id": "{{.RequestNumber}}", "customer": "c", "time": "2025-01-01T00:00:00Z",
        "amount": {"currency_code": "EUR", "minor_units": 500}}


class ghz(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        languages.done([languages.program("go"), "install", GHZ], cls.folder, seconds=480,
                       GOBIN=str(cls.folder))

    @contextlib.contextmanager
    def server(self, *options):
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = pathlib.Path(name)
            with running_clvd(CLVD, folder, "--data", folder / "data", *options) as server:
                yield server

    def load(self, server, method, request, *options):
        """What ghz has to say of it."""
        done = subprocess.run(
            [self.folder / "ghz", "--insecure", "--call", f"clv.v1.{method}", "--data",
             json.dumps(request), "--format", "json", *options, f"unix://{server.socket}"],
            capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        waits = {one["percentage"]: one["latency"] / 1e6
                 for one in report.get("latencyDistribution") or ()}
        print(f"{method}: {report['statusCodeDistribution']}, {report['rps']:.0f} a second, "
              f"half within {waits.get(50, 0):.1f} ms, 99 % within {waits.get(99, 0):.1f} ms")
        return report

    def test_every_call_of_a_steady_load_is_answered(self):
        with self.server() as server:
            report = self.load(server, "ScoringService/ScoreSummaries", SCORE, "--total", "20000",
                               "--concurrency", "32", "--connections", "4")
        self.assertEqual(report["statusCodeDistribution"], {"OK": 20_000})

    def test_every_row_of_many_senders_is_there_once(self):
        request = {"source": "shop", "request_id": "r{{.RequestNumber}}",
                   "events": {"transactions": [SALE]}}
        with self.server() as server:
            report = self.load(server, "IngestService/IngestBatch", request, "--total", "5000",
                               "--concurrency", "32", "--connections", "4")
            store = server.folder / "data" / "tenants" / "default" / "store.clv"
            with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
                rows, ids = db.execute(
                    "SELECT count(*), count(DISTINCT event_id) FROM txn").fetchone()
        self.assertEqual(report["statusCodeDistribution"], {"OK": 5_000})
        self.assertEqual((rows, ids), (5_000, 5_000))

    def test_what_is_too_much_is_refused_and_what_is_not_is_served(self):
        with self.server("--queue", "4") as server:
            report = self.load(server, "ScoringService/ScoreSummaries", SCORE, "--total", "5000",
                               "--concurrency", "64", "--connections", "8")
        codes = report["statusCodeDistribution"]
        self.assertEqual(sum(codes.values()), 5_000)
        self.assertLessEqual(set(codes), {"OK", "ResourceExhausted"})
        self.assertGreater(codes["OK"], 0)
        self.assertGreater(codes.get("ResourceExhausted", 0), 0)

    def test_callers_without_patience_get_their_answer_or_their_deadline(self):
        with self.server() as server:
            report = self.load(server, "ScoringService/ScoreSummaries", SCORE, "--total", "5000",
                               "--concurrency", "64", "--timeout", "3ms")
            codes = report["statusCodeDistribution"]
            # grpc-go's word for a deadline in the middle of an answer: grpc/grpc-go#8281.
            cut_short = report["errorDistribution"].pop(
                "rpc error: code = Internal desc = unexpected EOF", 0)
            self.assertEqual(codes.pop("Internal", 0), cut_short)
            self.assertLessEqual(set(codes), {"OK", "DeadlineExceeded", "ResourceExhausted"})
            self.assertGreater(codes.get("DeadlineExceeded", 0), 0)
            after = self.load(server, "ScoringService/ScoreSummaries", SCORE, "--total", "100")
        self.assertEqual(after["statusCodeDistribution"], {"OK": 100})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
