"""Every verb of the library has a method, which reaches the C function that it is named after."""
import os
import pathlib
import tempfile
import unittest
import unittest.mock

from support import EUROS, MIDNIGHT, ORDERS, libclv, library, three_orders

from libclv.library import Library

US = 1_000_000
NOW_US = int(MIDNIGHT.timestamp()) * US
CLAIM = {"ticket": "T1", "agent": "bob", "as_of": "2025-01-01T11:00Z"}
# Other ways to what methods read: a diag's entries, a result's batch.
ELSEWHERE = {f"clv_result_{what}" for what in ("column", "columns", "number", "text")}
ELSEWHERE |= {"clv_diag_clear", "clv_diag_text"}


def samples():
    built = pathlib.Path(os.environ["CLV_PLUGIN"]).parents[1]
    return [built / name / f"{name}.so" for name in ("winback", "buying_habits", "lifecycle")]


class Verbs(unittest.TestCase):
    def setUp(self):
        self.called, found = set(), Library.function
        recorded = lambda library, name: self.called.add(name) or found(library, name)  # noqa: E731
        patched = unittest.mock.patch.object(Library, "function", recorded)
        patched.start()
        self.addCleanup(patched.stop)
        self.clv = library()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.store = self.folder / "shop.clv"

    def test_every_function_of_the_library_is_reached_by_a_method(self):
        with self.clv.engine(self.store) as engine, self.clv.plugins() as plugins:
            for path in samples():
                plugins.load(path, now_us=NOW_US)
            self.take_events(engine)
            scores = self.value(engine)
            self.act(engine, plugins, scores)
            self.keep_models(engine)
            self.keep_house(engine)
        self.work_without_a_store(scores)
        self.store_files()
        declared = set(libclv.declarations.FUNCTIONS)
        self.assertEqual(declared - self.called - ELSEWHERE, set())
        self.assertEqual(ELSEWHERE & self.called, set(), "these have a method now")

    def take_events(self, engine):
        engine.ingest(self.clv.csv(ORDERS, currency="EUR").result(), source="shop")
        engine.ingest_batches([three_orders()], units=EUROS, source="desk")
        rows = {"rows": three_orders() | {"event_id": ["1", "2", "3"]}, "units": EUROS, "source": "till"}
        taken = engine.group([rows | {"key": "once"}, rows | {"key": "stream", "sequence": 1}]).result()
        self.assertEqual((taken["status"][:], taken["accepted"][:]), ([0, 0], [3, 0]))
        self.assertEqual(engine.group([rows | {"key": "once"}]).result()["repeated"][:], [1])
        self.assertEqual((engine.sequence("stream"), engine.sequence("nobody")), (1, 0))
        ticket = {"ticket": ["T1"], "customer": ["anna"], "time": [MIDNIGHT], "kind": ["created"]}
        engine.record("ticket_events", ticket, source="desk")
        engine.record("agents", {"agent": ["bob"]}, source="desk")
        applied = engine.apply("desk_claim", ingest={"source": "desk"}, **CLAIM)
        self.assertEqual(applied.result("recorded")["accepted"][:], [1])

    def value(self, engine):
        engine.fit()
        scores = engine.score(flags=libclv.CLV_SCORE_SUMMARIZE, margin=0.3).result()
        self.assertEqual(engine.segment().result()["customer"][:], scores["customer"][:])
        part = engine.read("scores", first=10, count=5)
        self.assertEqual(part["customer"][:], scores["customer"][10:15])
        self.assertEqual(len(engine.read("scores", first=299)), len(scores) - 299)
        self.assertEqual(engine.summarize(["björn", "nobody"]).result()["customer"][:], ["björn"])
        self.assertGreater(engine.report("equity").result()["customer_equity"][0], 0)
        return scores

    def act(self, engine, plugins, scores):
        features = engine.features(plugins).result()
        self.assertEqual(features["customer"][:], scores["customer"][:])
        engine.segment_by(plugins, "clv.lifecycle")
        proposals = engine.propose(plugins).result()
        decided = engine.decide(plugins, flags=libclv.CLV_DECIDE_NO_HOLDOUT, margin=0.3).result()
        self.assertLessEqual(set(decided["action"]) - {None}, set(proposals["action"]))
        self.assertEqual(set(engine.replay().result()["matches"]), {1})
        plugins.renew(now_us=NOW_US + US, seed=8)
        self.assertEqual(len(plugins.list()), 3)
        plugins.log()
        self.assertEqual(self.clv.describe(samples()[0])["id"][:], ["clv.winback"])
        with self.clv.engine(self.store, flags=libclv.CLV_OPEN_READ_ONLY) as reader:
            done = reader.score(margin=0.4)
        answer = {"key": "score", "body_hash": "4", "bytes": b"\0done", "now_us": NOW_US}
        engine.adopt(done, answer=answer)
        kept = engine.answer("score")
        self.assertEqual((kept["bytes"], kept["body_hash"], kept["now_us"]), (b"\0done", "4", NOW_US))
        with self.assertRaises(libclv.Error) as again:
            engine.adopt(done, answer=answer)
        self.assertEqual(again.exception.name, "CLV_E_EXISTS")

    def keep_models(self, engine):
        first = engine.model()
        self.assertEqual(engine.add_model(self.clv.load_model(first.save()), answer={"key": "add", "bytes": b"anna's"}), "2")
        self.assertEqual((engine.answer("add")["made"], engine.answer("add")["bytes"]), (2, b"anna's"))
        etag = engine.set_alias("production", "1", flags=libclv.CLV_ALIAS_UNCHECKED)
        moved = engine.set_alias("production", "2", etag=etag, flags=libclv.CLV_ALIAS_UNCHECKED)
        back = engine.set_alias("production", etag=moved, flags=libclv.CLV_ALIAS_ROLLBACK)
        self.assertGreater(back, moved)
        engine.retire_model("2")
        self.assertEqual(engine.read("models")["retired"][:], [0, 1])
        self.assertEqual(engine.model("production").save(), first.save())
        parameters = first.table()["parameter"][:]
        self.assertIn("alpha", parameters)

    def keep_house(self, engine):
        engine.backup(self.folder / "backup.clv")
        self.assertIn("transactions", engine.export("anna").result()["name"][:])
        self.assertEqual(engine.prune("ticket_events", NOW_US + 1).result()["rows"][:], [0])
        engine.forget("anna", answer={"key": "forget", "bytes": b"done"})
        self.assertEqual(engine.answer("forget")["bytes"], b"done")
        self.assertIsNone(engine.answer("add")["bytes"])  # she was named in it
        self.assertNotIn("anna", engine.read("transactions")["customer"][:])

    def work_without_a_store(self, scores):
        clv, log = self.clv, self.clv.csv(ORDERS, currency="EUR").result()
        summary = clv.summarize(log).result()
        model = clv.fit(summary).model()
        scored = clv.score(model, summary, margin=0.3).result()
        clv.segment(scored)
        with clv.plugins() as plugins:
            for path in samples():
                plugins.load(path, now_us=NOW_US)
            clv.features(plugins, scored)
            groups = clv.segment_by(plugins, "clv.lifecycle", scored).result()
            self.assertEqual(len(groups), len(scored))
            proposals = clv.propose(plugins, scored).result()
        decided = clv.decide(model, scored, proposals, facts={"customers": {"customer": ["c000022"]}}).result()
        self.assertEqual(set(clv.replay(decided).result()["matches"]), {1})
        self.assertEqual(len(clv.simulate(model, customers=10, seed=1).result("truth")), 10)
        self.assertGreater(clv.report("equity", {"scores": scored}).result()["customer_equity"][0], 0)
        self.assertIn("bg_nbd", clv.catalogue("models")["name"][:])
        job = clv.summarize(scores_as_arrow(log), wait=False)
        while not job.step():
            pass
        self.assertEqual(job.progress[1], 1)
        job.cancel()
        job.result().write_csv(self.folder / "summary.csv")
        self.assertEqual(job.result().fingerprint, summary.fingerprint)
        gaps = clv.csv(text="customer,n\na,\nb,1\n", schema="any").result()["n"]
        self.assertEqual(gaps.__array_interface__["shape"], (2,))
        self.single_customer(model)

    def single_customer(self, model):
        history = self.clv.history().add(20_000, 1999).add(20_014, 500)
        again = self.clv.history(**history.fields).add(20_021, 700)
        with self.clv.scorer(model, margin=0.3) as scorer:
            kept = scorer.history(again, 20_030)
            row = scorer(x=kept.x, t_x=kept.t_x, T=kept.T, mean_spend=kept.mean_spend)
        self.assertEqual((kept.x, kept.t_x, kept.T, kept.mean_spend), (2, 3, 30 / 7, 6))
        self.assertEqual((kept.clv, kept.p_alive), (row.clv, row.p_alive))

    def store_files(self):
        copy = self.folder / "copy.clv"
        self.clv.restore(self.folder / "backup.clv", copy)
        self.assertEqual(set(self.clv.check(copy).result()["status"]), {"ok"})
        self.clv.migrate(copy)
        with self.clv.engine(copy) as engine:
            self.assertIn("anna", engine.read("transactions")["customer"][:])  # as before she was forgotten

    def test_a_function_is_called_by_its_name_with_what_python_has(self):
        self.assertEqual(self.clv.call("clv_plugins_renew", self.clv.plugins(), NOW_US, 7), libclv.CLV_OK)
        with self.clv.begin("clv_summarize_begin", None, three_orders(), units=EUROS) as job:
            self.assertEqual(len(job.run().result()), 2)
        with self.assertRaises(libclv.Error) as caught:
            self.clv.call("clv_plugins_renew", None, NOW_US, 7)
        self.assertEqual(caught.exception.name, "CLV_E_INVALID")

    def test_an_answer_may_have_no_bytes(self):
        with self.clv.engine() as engine:
            engine.ingest(three_orders(), units=EUROS)
            engine.forget("anna", answer={"key": "once", "bytes": None})
            self.assertEqual(engine.answer("once")["bytes"], b"")

    def test_the_constants_of_options_are_the_package_s_own(self):
        self.assertEqual(libclv.CLV_DECIDE_NO_HOLDOUT, libclv.declarations.CLV_DECIDE_NO_HOLDOUT)
        self.assertFalse([name for name in libclv.declarations.__all__ if not hasattr(libclv, name)])


def scores_as_arrow(table):
    """Only what Arrow libraries see of a table."""
    return type("Stream", (), {"__arrow_c_stream__": lambda self: table.__arrow_c_stream__()})()


if __name__ == "__main__":
    unittest.main()
