"""The verbs: on tables of the caller's, and on an engine's store."""
import ctypes
import json

from . import declarations as c
from .columns import table_in
from .library import SLICE_MS, Handle, Library, sized, utf8
from .result import Result
from .source import Source


class Job(Handle):
    """A verb at work. Verbs run it to its end, unless called with wait=False: then step() it."""

    _free = "clv_job_free"

    def __init__(self, library, address):
        super().__init__(library, address)
        self.notes = []  # sentences of what did not stop it, such as a plugin that failed
        self.source = None  # what it reads from while it runs, in Python

    def step(self, milliseconds=SLICE_MS):
        """True when it is done."""
        diag = self._library.function("clv_diag_new")()
        try:
            status = self._library.function("clv_job_step")(self.address, milliseconds, diag)
            if self.source and self.source.raised:
                raise self.source.raised
            self._library.check(status, diag)
            self.notes += [e.message.decode() for e in self._library.entries(diag) if e.message]
        finally:
            self._library.function("clv_diag_free")(diag)
        return status == c.CLV_OK

    def run(self):
        """To the end, in slices between which signals are seen: Ctrl-C abandons it."""
        try:
            while not self.step():
                pass
        except BaseException as broken:
            if not isinstance(broken, Exception):
                self.cancel()
                self.close()
            raise
        return self

    @property
    def progress(self):
        """What it is at, and which share of the whole is done."""
        out = sized(c.clv_progress)
        self._library.check(self._library.function("clv_job_progress")(self.address, out))
        return (out.phase_name or b"").decode(), out.fraction

    def cancel(self):
        """From any thread: the step that runs, or the next, ends with CLV_E_CANCELLED."""
        self._library.function("clv_job_cancel")(self.address)

    def result(self, name=None):
        return Result(
            self._library, self._library.make("clv_job_take_result", self.address, utf8(name))
        )

    def model(self):
        return Model(self._library, self._library.make("clv_job_take_model", self.address))


class Model(Handle):
    _free = "clv_model_free"

    def table(self):
        return Result(self._library, self._library.make("clv_model_table", self.address))

    def save(self):
        """JSON, as bytes."""
        needed = ctypes.c_int64()
        save = self._library.function("clv_model_save")
        save(self.address, None, 0, needed, None)
        text = ctypes.create_string_buffer(needed.value)
        self._library.call("clv_model_save", self.address, text, needed.value, ctypes.byref(needed))
        return text.raw[: needed.value]


class Scorer(Handle):
    """Scores one customer at once: scorer(x=2, t_x=20, T=30, mean_spend=25).clv"""

    _free = "clv_scorer_free"

    def __call__(self, **history):
        score = sized(c.clv_score, **history)
        self._library.call("clv_scorer_row", self.address, ctypes.byref(score))
        return score


class Plugins(Handle):
    _free = "clv_plugins_free"

    def load(self, path, **options):
        options = sized(c.clv_plugin_options, **options)
        self._library.call("clv_plugins_load", self.address, utf8(path), options)
        return self

    def list(self):
        return Result(self._library, self._library.make("clv_plugins_list", self.address))

    def log(self):
        return Result(self._library, self._library.make("clv_plugins_take_log", self.address))


class Verbs(Handle):
    """Runs a ..._begin function: what every verb below is one line of."""

    def _job(self, name, *arguments, wait=True):
        job = Job(self._library, self._library.make(name, *arguments))
        return job.run() if wait else job


class Clv(Verbs):
    """The library, and its verbs on the caller's tables.

    A table is a dict of columns (with units={"amount": "EUR"} for money in minor units), a Result,
    or anything with __arrow_c_stream__. Options are the members of the C struct of that name.
    """

    _free = ""

    def __init__(self, path=None):
        super().__init__(Library(path), None)
        self.abi, self.version = self._library.abi, self._library.version
        self.build = json.loads(self._library.function("clv_build_info_json")())  # for bug reports

    def _on(self, verb, options, tables, units, wait, *between):
        """clv_VERB_begin(options, between ..., tables ...)"""
        held = [table_in(self._library, table, units) for table in tables]
        batches = [ctypes.byref(table.batch()) for table in held]
        options = sized(getattr(c, f"clv_{verb}_options"), **options)
        return self._job(f"clv_{verb}_begin", options, *between, *batches, wait=wait)

    def csv(self, path=None, *, wait=True, text=None, **options):
        if text is not None:
            data = text.encode() if isinstance(text, str) else text
            options |= {"text": ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), "size": len(data)}
        return self._on("csv", {"path": path, **options}, (), None, wait)

    def summarize(self, transactions, *, units=None, wait=True, **options):
        return self._on("summarize", options, (transactions,), units, wait)

    def fit(self, summary, *, units=None, wait=True, **options):
        return self._on("fit", options, (summary,), units, wait)

    def score(self, model, summary, *, units=None, wait=True, **options):
        return self._on("score", options, (summary,), units, wait, model.address)

    def segment(self, scores, *, units=None, wait=True, **options):
        return self._on("segment", options, (scores,), units, wait)

    def simulate(self, model, *, wait=True, **options):
        return self._on("simulate", options, (), None, wait, model.address)

    def decide(self, model, scores, proposals, *, facts=None, wait=True, **options):
        named = Named(self._library, facts or {})
        options |= {"facts": named.array, "n_facts": len(named.array)}
        return self._on("decide", options, (scores, proposals), None, wait, model.address)

    def propose(self, plugins, scores, *, wait=True):
        held = table_in(self._library, scores)
        return self._job("clv_propose_begin", plugins.address, held.batch(), wait=wait)

    def features(self, plugins, scores, *, wait=True):
        held = table_in(self._library, scores)
        return self._job("clv_features_begin", plugins.address, held.batch(), wait=wait)

    def segment_by(self, plugins, plugin_id, scores, *, wait=True):
        held, plugin_id = table_in(self._library, scores), utf8(plugin_id)
        name = "clv_plugins_segment_begin"
        return self._job(name, plugins.address, plugin_id, held.batch(), wait=wait)

    def replay(self, decisions, *, wait=True):
        held = table_in(self._library, decisions)
        return self._job("clv_replay_begin", held.batch(), wait=wait)

    def report(self, report, inputs=None, *, model=None, wait=True, **options):
        named = Named(self._library, inputs or {})
        return self._job("clv_report_begin", named.report(report, model, options), wait=wait)

    def load_model(self, saved):
        data = saved.encode() if isinstance(saved, str) else saved
        return Model(self._library, self._library.make("clv_model_load", data, len(data)))

    def scorer(self, model, **options):
        options = sized(c.clv_score_options, **options)
        return Scorer(self._library, self._library.make("clv_scorer_new", options, model.address))

    def plugins(self):
        return Plugins(self._library, self._library.make("clv_plugins_new"))

    def engine(self, path=None, **options):
        options = sized(c.clv_engine_options, path=path, **options)
        return Engine(self._library, self._library.make("clv_engine_open", options))

    def catalogue(self, what):
        return Result(self._library, self._library.make("clv_catalogue", utf8(what)))


class Engine(Verbs):
    """A store (a SQLite file, or memory), and the verbs on what it keeps."""

    _free = "clv_engine_free"

    def ingest(self, transactions, *, units=None, wait=True, **options):
        held = table_in(self._library, transactions, units)
        options = sized(c.clv_ingest_options, **options)
        return self._job("clv_engine_ingest_begin", self.address, options, held.batch(), wait=wait)

    def ingest_batches(self, tables, *, units=None, wait=True, **options):
        """Tables one after another, such as those of a generator, all of them or none."""
        source = Source(self._library, tables, units)
        options = sized(c.clv_ingest_options, **options)
        name = "clv_engine_ingest_source_begin"
        job = self._job(name, self.address, options, source.functions, wait=False)
        job.source = source
        return job.run() if wait else job

    def record(self, table, rows, *, units=None, wait=True, **options):
        held = table_in(self._library, rows, units)
        options = sized(c.clv_ingest_options, **options)
        return self._job(
            "clv_engine_record_begin", self.address, utf8(table), options, held.batch(), wait=wait
        )

    def fit(self, *, summarize=None, wait=True, **options):
        log = sized(c.clv_summarize_options, **(summarize or {}))
        options = sized(c.clv_fit_options, **options)
        return self._job("clv_engine_fit_begin", self.address, log, options, wait=wait)

    def score(self, *, wait=True, **options):
        options = sized(c.clv_score_options, **options)
        return self._job("clv_engine_score_begin", self.address, options, wait=wait)

    def segment(self, *, wait=True, **options):
        options = sized(c.clv_segment_options, **options)
        return self._job("clv_engine_segment_begin", self.address, options, wait=wait)

    def segment_by(self, plugins, plugin_id, *, wait=True):
        """By a segmentation plugin, stored as scheme "plugin:ID"."""
        name, plugin_id = "clv_engine_plugin_segment_begin", utf8(plugin_id)
        return self._job(name, self.address, plugins.address, plugin_id, wait=wait)

    def propose(self, plugins, *, wait=True):
        return self._job("clv_engine_propose_begin", self.address, plugins.address, wait=wait)

    def decide(self, plugins, *, proposals=None, wait=True, **options):
        """`proposals`: a table of such as were made elsewhere."""
        held = None if proposals is None else table_in(self._library, proposals)
        options = sized(c.clv_decide_options, **options)
        if held is not None:
            options.proposals = ctypes.pointer(held.batch())
        return self._job(
            "clv_engine_decide_begin", self.address, plugins.address, options, wait=wait
        )

    def report(self, report, inputs=None, *, wait=True, **options):
        named = Named(self._library, inputs or {})
        options = named.report(report, None, options)
        return self._job("clv_engine_report_begin", self.address, options, wait=wait)

    def replay(self, *, wait=True):
        return self._job("clv_engine_replay_begin", self.address, wait=wait)

    def export(self, customer, *, wait=True):
        return self._job("clv_engine_export_begin", self.address, utf8(customer), wait=wait)

    def forget(self, customer, *, wait=True):
        return self._job("clv_engine_forget_begin", self.address, utf8(customer), wait=wait)

    def read(self, table):
        address = self._library.make("clv_engine_read", self.address, utf8(table))
        return Result(self._library, address)

    def model(self, name=None):
        return Model(self._library, self._library.make("clv_engine_model", self.address, utf8(name)))


class Named:
    """Tables by name, as a report or a decision takes them."""

    def __init__(self, library, tables):
        self._held = [table_in(library, table) for table in tables.values()]
        self._batches = [held.batch() for held in self._held]
        pairs = zip(tables, self._batches)
        named = [c.clv_named_batch(utf8(name), ctypes.pointer(b)) for name, b in pairs]
        self.array = (c.clv_named_batch * len(named))(*named)

    def report(self, report, model, options):
        return sized(
            c.clv_report_options,
            report=report,
            inputs=self.array,
            n_inputs=len(self.array),
            model=model.address if model else None,
            options_json=json.dumps(options) if options else None,
        )
