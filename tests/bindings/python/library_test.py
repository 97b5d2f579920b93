"""Errors, handles, jobs: what a host meets whatever its tables are."""
import gc
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock

from support import EUROS, ORDERS, libclv, library, three_orders

BG_NBD = {"r": 0.24, "alpha": 4.41, "a": 0.79, "b": 2.43}
SPEND = {"p": 6.25, "q": 3.74, "gamma": 15.44}


def model(clv):
    """A model from given parameters."""
    parts = {
        "purchase": {"model": "bg_nbd", "parameters": BG_NBD},
        "spend": {"model": "gamma_gamma", "parameters": SPEND},
    }
    return clv.load_model(json.dumps({"format": "clv.model/1", "unit": "week", "currency": "EUR"} | parts))


class Errors(unittest.TestCase):
    def setUp(self):
        self.clv = library()

    def test_a_refused_row_is_named_with_its_column(self):
        orders = three_orders() | {"customer": ["anna", None, "anna"]}
        with self.assertRaises(libclv.Error) as caught:
            self.clv.summarize(orders, units=EUROS)
        wrong = caught.exception
        self.assertEqual((wrong.name, wrong.row, wrong.column), ("CLV_E_DATA", 1, "customer"))
        self.assertEqual(str(wrong), f"CLV_E_DATA: {wrong.message}")
        self.assertIn("row 2", wrong.message)

    def test_an_error_that_is_about_no_row_has_none(self):
        with self.assertRaises(libclv.Error) as caught:
            self.clv.catalogue("nonsense")
        self.assertEqual((caught.exception.name, caught.exception.row), ("CLV_E_NOT_FOUND", None))
        self.assertIsNone(caught.exception.column)

    def test_an_option_that_does_not_exist_is_refused_by_its_name(self):
        with self.assertRaisesRegex(TypeError, "clv_score_options has no member magrin"):
            self.clv.engine().score(magrin=0.3)

    def test_a_number_that_does_not_fit_is_not_cut(self):
        with self.assertRaisesRegex(OverflowError, "threads of clv_score_options cannot be -1"):
            self.clv.engine().score(threads=-1)
        with self.assertRaises(OverflowError):
            self.clv.engine().decide(self.clv.plugins(), budget_minor=(1 << 64) + 5)

    def test_a_text_with_a_nul_is_not_cut(self):
        with self.assertRaisesRegex(ValueError, "NUL"):
            self.clv.engine("shop\0.clv")
        with self.assertRaisesRegex(ValueError, "NUL"):
            self.clv.catalogue("models\0")
        engine = self.clv.engine()
        for cut in (
            lambda: engine.score(model=b"1\0"),
            lambda: engine.export("anna\0"),
            lambda: engine.read("scores\0"),
            lambda: engine.summarize(["anna", "b\0"]),
            lambda: engine.ingest({"customer\0": ["a"]}),
            lambda: engine.report("equity", {"scores\0": three_orders()}),
            lambda: self.clv.describe("/plugin\0.so"),
            lambda: self.clv.call("clv_plugins_load", self.clv.plugins(), None, "/plugin.so\0"),
            lambda: engine.forget("anna", answer={"key": "once\0"}),
        ):
            with self.assertRaisesRegex(ValueError, "has a NUL in it"):
                cut()

    def test_a_file_that_is_no_library_is_refused(self):
        with self.assertRaises(OSError):
            libclv.Clv("/nowhere/libclv.so.1")

    def test_a_library_of_another_major_is_refused_with_both_versions_and_the_remedy(self):
        compiler = shutil.which("cc")
        if not compiler:
            self.skipTest("no C compiler")
        with tempfile.TemporaryDirectory() as folder:
            other = os.path.join(folder, "libclv.so.2")
            source = "unsigned clv_abi(void) { return 2u << 16 | 3u; }"
            make = [compiler, "-shared", "-fPIC", "-x", "c", "-", "-o", other]
            subprocess.run(make, input=source, text=True, check=True)
            with self.assertRaisesRegex(ImportError, r"has ABI 2\.3, this module is made for 1\.x: install"):
                libclv.Clv(other)

    def test_the_library_says_what_it_is(self):
        self.assertEqual(self.clv.abi[0], 1)
        self.assertEqual(self.clv.build["version"], self.clv.version)

    def test_a_plugin_that_lacks_a_column_is_a_note_and_no_error(self):
        with self.clv.engine() as engine, self.clv.plugins() as plugins:
            engine.ingest(self.clv.csv(ORDERS, currency="EUR").result())
            engine.fit()
            engine.score()
            engine.segment()
            plugins.load(os.environ["CLV_PLUGIN"])
            self.assertEqual(plugins.list()["id"][:], ["clv.winback"])
            job = engine.decide(plugins)
            self.assertTrue(any("discounted_orders" in note for note in job.notes), job.notes)

    def test_all_rejected_rows_of_a_file_are_told(self):
        text = "customer,time,amount\nanna,2025-01-01,19.99\nben,yesterday,5.00\n"
        job = self.clv.csv(text=text, currency="EUR", wait=False)
        with self.assertRaises(libclv.Error):
            job.run()
        self.assertEqual(job.result("rejects")["column"][:], ["time"])


class Handles(unittest.TestCase):
    def setUp(self):
        self.clv = library()

    def test_one_that_is_closed_says_so(self):
        with self.clv.engine() as engine:
            pass
        engine.close()  # a second time is nothing
        with self.assertRaisesRegex(ValueError, "this Engine is closed"):
            engine.fit()

    def test_a_column_keeps_its_result(self):
        amounts = self.clv.csv(ORDERS, currency="EUR").result()["amount"]
        before = amounts.tolist()
        gc.collect()
        self.clv.csv(ORDERS, currency="EUR").result()
        self.assertEqual(amounts.tolist(), before)

    def test_a_column_outlives_a_result_that_was_closed(self):
        with self.clv.csv(ORDERS, currency="EUR").result() as result:
            amounts = result["amount"]
            before = amounts.tolist()
        with self.assertRaisesRegex(ValueError, "this Result is closed"):
            result["amount"]
        self.clv.csv(ORDERS, currency="EUR").result()
        self.assertEqual(amounts.tolist(), before)

    def test_a_program_ends_in_peace_with_everything_open(self):
        end = (
            "import support; clv = support.library(); engine = clv.engine(); "
            "orders = clv.csv(support.ORDERS, currency='EUR').result(); column = orders['amount'];"
            "capsule = orders.__arrow_c_stream__(); job = engine.ingest(orders, wait=False); job.step(1)"
        )
        done = subprocess.run(
            [sys.executable, "-c", end], cwd=pathlib.Path(__file__).parent, capture_output=True, text=True
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_model_goes_to_json_and_back(self):
        saved = model(self.clv).save()
        self.assertEqual(self.clv.load_model(saved).save(), saved)

    def test_one_is_not_used_in_the_child_of_a_fork(self):
        engine = self.clv.engine()
        engine.ingest(three_orders(), units=EUROS)
        children = []
        for _ in range(4):  # a prefork server's workers
            children.append(os.fork())
            if children[-1] == 0:
                os._exit(self.worker(engine))
        for child in children:
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.assertEqual(len(engine.read("transactions")), 3)

    def worker(self, of_the_parent):
        try:
            of_the_parent.read("transactions")
            return 1
        except RuntimeError as refused:
            own = self.clv.engine()
            own.ingest(self.clv.csv(ORDERS, currency="EUR").result())
            own.fit()
            scored = len(own.score().result())
            return 0 if "before a fork" in str(refused) and scored == 300 else 2

    def test_a_store_is_kept_in_its_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "geschäft.clv"
            with self.clv.engine(path) as engine:
                engine.ingest(three_orders(), units=EUROS)
            with self.clv.engine(path) as engine:
                self.assertIn("björn", engine.read("transactions")["customer"].tolist())


class Jobs(unittest.TestCase):
    def setUp(self):
        self.clv = library()

    def long_job(self):
        return self.clv.simulate(model(self.clv), customers=3_000_000, observed_days=365, wait=False)

    def test_one_is_stepped_and_tells_how_far_it_is(self):
        job = self.clv.simulate(model(self.clv), customers=100_000, wait=False)
        seen = []
        while not job.step(5):
            seen.append(job.progress)
        self.assertGreater(len(seen), 1)
        shares = [share for _, share in seen]
        self.assertEqual(shares, sorted(shares))
        self.assertTrue(seen[0][0])

    def test_control_c_is_answered_while_a_job_runs(self):
        def interrupt(*_):
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGALRM, interrupt)
        job = self.long_job()
        try:
            started = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            with self.assertRaises(KeyboardInterrupt):
                job.run()
            self.assertLess(time.monotonic() - started, 1.0)  # the whole job takes longer
        finally:
            signal.signal(signal.SIGALRM, before)
        with self.assertRaisesRegex(ValueError, "this Job is closed"):
            job.step()

    def test_one_that_is_cancelled_says_so(self):
        job = self.long_job()
        job.step(1)
        job.cancel()
        with self.assertRaises(libclv.Error) as caught:
            job.run()
        self.assertEqual(caught.exception.name, "CLV_E_CANCELLED")

    def refused(self, engine):
        """A job whose rows contradict what was taken before."""
        other = three_orders() | {"amount": [1, 2, 3], "event_id": ["1", "2", "3"]}
        return engine.ingest(other, units=EUROS, source="shop", wait=False)

    def test_the_next_verb_works_at_once_after_one_that_failed_was_cancelled_or_left(self):
        many = self.clv.simulate(model(self.clv), customers=30_000).result()
        with self.clv.engine() as engine:
            engine.ingest(three_orders() | {"event_id": ["1", "2", "3"]}, units=EUROS, source="shop")
            failed = self.refused(engine)
            with self.assertRaises(libclv.Error):
                failed.run()
            cancelled = engine.ingest(many, source="shop", wait=False)
            cancelled.step(1)
            cancelled.cancel()
            with self.assertRaises(libclv.Error):
                cancelled.run()
            with engine.ingest(many, source="shop", wait=False) as left:
                self.assertFalse(left.step(1))
            interrupted = engine.ingest(many, source="shop", wait=False)
            interrupted.step = unittest.mock.Mock(side_effect=[False, KeyboardInterrupt])
            with self.assertRaises(KeyboardInterrupt):
                interrupted.run()
            self.assertEqual(len(engine.read("transactions")), 3)
            self.assertTrue(failed and cancelled)  # they are alive still

    def test_another_thread_goes_on_during_a_step(self):
        job, counted, done = self.long_job(), [0], threading.Event()

        def count():
            while not done.is_set():
                counted[0] += 1
                time.sleep(0.001)

        thread = threading.Thread(target=count)
        thread.start()
        before = counted[0]
        job.step(300)
        during = counted[0] - before
        done.set()
        thread.join()
        self.assertGreater(during, 30)  # with the GIL held it would be none

    def test_a_second_thread_within_a_job_gets_busy(self):
        job = self.long_job()
        thread = threading.Thread(target=job.step, args=(400,))
        thread.start()
        time.sleep(0.1)
        with self.assertRaises(libclv.Error) as caught:
            job.step(1)
        self.assertEqual(caught.exception.name, "CLV_E_BUSY")
        thread.join()

    def test_proposals_made_elsewhere_are_decided_on(self):
        with self.clv.engine() as engine, self.clv.plugins() as plugins:
            engine.ingest(self.clv.csv(ORDERS, currency="EUR").result())
            engine.fit()
            engine.score(margin=0.3)
            engine.segment()
            plugins.load(os.environ["CLV_PLUGIN"])
            proposed = engine.propose(plugins).result()
            given = engine.decide(self.clv.plugins(), proposals=proposed, margin=0.3).result()
            asked = engine.decide(plugins, margin=0.3).result()
            self.assertIn("winback.nudge", given["action"].tolist())
            self.assertEqual(given["action"].tolist(), asked["action"].tolist())

    def test_plugins_compute_features_and_segments(self):
        built = pathlib.Path(os.environ["CLV_PLUGIN"]).parents[1]
        with self.clv.engine() as engine, self.clv.plugins() as plugins:
            for name in ("buying_habits", "lifecycle"):
                plugins.load(built / name / f"{name}.so")
            engine.ingest(self.clv.csv(ORDERS, currency="EUR").result())
            engine.fit()
            scores = engine.score().result()
            features = self.clv.features(plugins, scores).result()
            self.assertEqual(features["customer"].tolist(), scores["customer"].tolist())
            overdue = [value for value in features["feature.overdue"] if value is not None]
            self.assertEqual(len(overdue), sum(x > 0 for x in scores["x"]))
            alone = self.clv.segment_by(plugins, "clv.lifecycle", scores).result()
            engine.segment_by(plugins, "clv.lifecycle")
            stored = dict(zip(*(engine.read("segments")[k] for k in ("customer", "segment"))))
            self.assertEqual(dict(zip(alone["customer"], alone["segment"])), stored)
            self.assertLess({"active", "one_time"}, set(stored.values()))

    def test_two_engines_work_in_two_threads(self):
        prints = []

        def work():
            with self.clv.engine() as engine:
                engine.ingest(self.clv.csv(ORDERS, currency="EUR").result())
                engine.fit()
                prints.append(engine.score().result().fingerprint)

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(prints), 2)
        self.assertEqual(prints[0], prints[1])


class Sources(unittest.TestCase):
    def setUp(self):
        self.clv = library()

    def batches(self, wrong_in=None):
        for number in range(4):
            names = [f"c{number}", f"d{number}", f"e{number}"]
            if number == wrong_in:
                names[1] = ""
            yield three_orders() | {"customer": names}

    def stored(self, engine):
        try:
            return len(engine.read("transactions"))
        except libclv.Error:  # nothing was ever stored
            return 0

    def test_the_tables_of_a_generator_are_taken_one_after_another(self):
        with self.clv.engine() as engine:
            taken = engine.ingest_batches(self.batches(), units=EUROS).result()
            self.assertEqual((taken["accepted"][0], self.stored(engine)), (12, 12))

    def test_a_bad_row_is_counted_over_all_tables_and_nothing_is_stored(self):
        with self.clv.engine() as engine:
            with self.assertRaises(libclv.Error) as caught:
                engine.ingest_batches(self.batches(wrong_in=2), units=EUROS)
            self.assertEqual((caught.exception.row, caught.exception.column), (7, "customer"))
            self.assertEqual(self.stored(engine), 0)

    def test_what_a_generator_raises_comes_out_and_nothing_is_stored(self):
        def broken():
            yield three_orders()
            raise ConnectionError("the other database went away")

        with self.clv.engine() as engine:
            with self.assertRaisesRegex(ConnectionError, "went away"):
                engine.ingest_batches(broken(), units=EUROS)
            self.assertEqual(self.stored(engine), 0)
            engine.ingest_batches(self.batches(), units=EUROS)  # it works again
            self.assertEqual(self.stored(engine), 12)

    def test_a_table_that_ends_an_iteration_of_its_own_is_no_end_of_the_tables(self):
        class Exhausted:
            def __array__(self, *_, **__):
                raise StopIteration

            def __iter__(self):
                raise StopIteration

            def __len__(self):
                return 3

        with self.clv.engine() as engine:
            with self.assertRaises((StopIteration, RuntimeError, TypeError, ValueError)):
                engine.ingest_batches([three_orders(), three_orders() | {"customer": Exhausted()}], units=EUROS)
            self.assertEqual(self.stored(engine), 0)


class Package(unittest.TestCase):
    def test_importing_it_needs_nothing_but_python(self):
        """No numpy, no compiler: only modules of the standard library are loaded."""
        look = (
            "import sys; before = set(sys.modules); import libclv;"
            "loaded = {name.partition('.')[0] for name in set(sys.modules) - before} - {'libclv'};"
            "print(sorted(loaded - set(sys.stdlib_module_names)))"
        )
        if not hasattr(sys, "stdlib_module_names"):
            self.skipTest("this Python is older than 3.10")
        paths = os.pathsep.join(path for path in sys.path if path)
        done = subprocess.run(
            [sys.executable, "-c", look],
            env={"PYTHONPATH": paths, "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
        )
        self.assertEqual((done.stdout.strip(), done.stderr), ("[]", ""))


if __name__ == "__main__":
    unittest.main()
