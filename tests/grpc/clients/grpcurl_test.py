#!/usr/bin/python3
"""grpcurl, which knows nothing of clv.v1, asks clvd what it serves, sends a stream, scores, and
reads a refusal: reflection, JSON and error details as an operator at a shell meets them.

usage: grpcurl_test.py CLVD SOURCE_ROOT
Exit status 77 (skipped) where Go is not there or cannot fetch grpcurl.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import languages  # noqa: E402
from running_clvd import running_clvd  # noqa: E402

CLVD, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
GRPCURL = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3"
MODEL = {"purchase": {"model": "bg_nbd",
                      "parameters": {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}}}


class grpcurl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        languages.done([languages.program("go"), "install", GRPCURL], folder, GOBIN=str(folder))
        cls.program = folder / "grpcurl"
        cls.server = cls.enterClassContext(running_clvd(CLVD, folder, "--data", folder / "data"))

    def ask(self, *words, request=None):
        given = ["-d", request] if request else []
        return subprocess.run([self.program, "-plaintext", *given, f"unix://{self.server.socket}",
                               *words], capture_output=True, text=True, timeout=60)

    def answer(self, method, *requests):
        """Messages one after another, in and out."""
        done = self.ask(method, request="".join(map(json.dumps, requests)))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads("[" + done.stdout.strip().replace("}\n{", "},{") + "]")

    def test_lists_every_service_by_reflection(self):
        protos = (ROOT / "grpc" / "proto" / "clv" / "v1").glob("*_service.proto")
        names = {"clv.v1." + p.stem.title().replace("_", "") for p in protos}
        self.assertGreater(len(names), 8)
        self.assertLessEqual(names, set(self.ask("list").stdout.split()))

    def test_streams_a_batch_and_reads_its_watermark(self):
        row = {"event_id": "1", "customer": "c", "time": "2025-01-01T00:00:00Z",
               "amount": {"currency_code": "EUR", "minor_units": 500}}
        opened, ack = self.answer("clv.v1.IngestService/IngestStream",
                                  {"open": {"source": "shop", "producer_id": "p"}},
                                  {"batch": {"sequence": 1, "events": {"transactions": [row]}}})
        self.assertGreater(opened["opened"]["window"], 0)
        self.assertEqual((ack["ack"]["durable_sequence"], ack["ack"]["accepted_count"]), ("1", "1"))
        mark, = self.answer("clv.v1.IngestService/GetWatermark", {"producer_id": "p"})
        self.assertEqual(mark, {"durable_sequence": "1"})

    def test_scores_a_customer(self):
        scores, = self.answer("clv.v1.ScoringService/ScoreSummaries",
                              {"parameters": MODEL, "rows": [{"x": 2, "t_x": 30.43, "T": 38.86}]})
        self.assertAlmostEqual(scores["rows"][0]["p_alive"], 0.7266, places=4)

    def test_shows_why_a_row_is_refused(self):
        request = json.dumps({"parameters": MODEL, "rows": [{"x": 2, "t_x": 50, "T": 38}]})
        refused = self.ask("clv.v1.ScoringService/ScoreSummaries", request=request)
        self.assertNotEqual(refused.returncode, 0)
        for word in ("InvalidArgument", "OUT_OF_DOMAIN", "rows[0].t_x"):
            self.assertIn(word, refused.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
