"""A store, and the verbs on what it keeps."""
import ctypes
import json

from . import declarations as c
from .given import batches
from .library import sized, utf8
from .model import Model
from .source import Source
from .verbs import Verbs


class Engine(Verbs):
    """A store (a SQLite file, or memory), and the verbs on what it keeps, one at a time.

    `answer` of those that can be asked for twice: {"key", "body_hash", "bytes", "now_us"}, kept by the
    same commit and found by answer().
    """

    _free = "clv_engine_free"

    def _run(self, verb, *given, wait, units=None):
        return self.begin(f"clv_engine_{verb}_begin", self, *given, wait=wait, units=units)

    def ingest(self, transactions, *, units=None, wait=True, **options):
        return self._run("ingest", self._options("ingest", options), transactions, units=units, wait=wait)

    def ingest_batches(self, tables, *, units=None, wait=True, **options):
        """Tables one after another, such as those of a generator, all of them or none."""
        source = Source(self._library, tables, units)
        job = self._run("ingest_source", self._options("ingest", options), source.functions, wait=False)
        job.source = source
        return job.run() if wait else job

    def record(self, table, rows, *, units=None, wait=True, **options):
        return self._run("record", self._options("ingest", options), table, rows, units=units, wait=wait)

    def group(self, batches_of_many, *, wait=True):
        """Batches of many senders in one commit: dicts of the members of clv_keyed_batch (`rows` a
        table) and `units`. A row each says what became of it."""
        given = batches(self._library, batches_of_many)
        return self._run("group", None, given, len(given), wait=wait)

    def fit(self, *, summarize=None, wait=True, **options):
        log = self._options("summarize", summarize or {})
        return self._run("fit", log, self._options("fit", options), wait=wait)

    def score(self, *, wait=True, **options):
        return self._run("score", self._options("score", options), wait=wait)

    def segment(self, *, wait=True, **options):
        return self._run("segment", self._options("segment", options), wait=wait)

    def segment_by(self, plugins, plugin_id, *, wait=True):
        """By a segmentation plugin, stored as scheme "plugin:ID"."""
        return self._run("plugin_segment", plugins, None, plugin_id, wait=wait)

    def features(self, plugins, *, wait=True):
        """What feature plugins make of the stored candidates."""
        return self._run("features", plugins, None, wait=wait)

    def propose(self, plugins, *, wait=True):
        return self._run("propose", plugins, None, wait=wait)

    def decide(self, plugins, *, wait=True, **options):
        """`proposals`: a table of such as were made elsewhere; `facts`: tables by name."""
        return self._run("decide", plugins, self._options("decide", options), wait=wait)

    def report(self, report, inputs=None, *, wait=True, **options):
        return self._run("report", self._report(report, inputs, options), wait=wait)

    def apply(self, report, inputs=None, *, ingest=None, wait=True, **options):
        """A report whose tables are facts to record: makes it and records them in one commit."""
        ingest = self._options("ingest", ingest or {})
        return self._run("apply", self._report(report, inputs, options), ingest, wait=wait)

    def _report(self, report, inputs, options):
        given = {"report": report, "inputs": inputs}
        return self._options("report", given | {"options_json": json.dumps(options) if options else None})

    def replay(self, *, wait=True):
        return self._run("replay", None, wait=wait)

    def export(self, customer, *, wait=True):
        """Everything stored of one customer, table by table."""
        return self._run("export", None, customer, wait=wait)

    def forget(self, customer, *, answer=None, wait=True):
        return self._run("forget", self._told(answer), customer, wait=wait)

    def prune(self, table, before_us, *, answer=None, wait=True):
        """Deletes recorded facts that happened before."""
        return self._run("prune", self._told(answer), table, before_us, wait=wait)

    def backup(self, path, *, wait=True):
        """A verified copy, made while others write."""
        return self._run("backup", None, path, wait=wait)

    def adopt(self, done, *, answer=None, wait=True):
        """Stores what a job computed on an engine that only reads."""
        return self._run("adopt", self._told(answer), done, wait=wait)

    def summarize(self, customers, *, wait=True, **options):
        """The summary of some customers, from the log as it is now."""
        names = (ctypes.c_char_p * len(customers))(*map(utf8, customers))
        return self._run("summarize", self._options("summarize", options), names, len(names), wait=wait)

    def read(self, table, *, first=0, count=0):
        """A stored table, or `count` of its rows from `first` on."""
        rows = self._options("table", {"table": table, "first": first, "count": count})
        with self._run("read", rows, wait=True) as job:
            return job.result()

    def model(self, name=None):
        """A model the engine keeps: its number, an alias, or the latest."""
        return Model(self._library, self._library.make("clv_engine_model", self.address, utf8(name)))

    def add_model(self, model, *, now_us=0, answer=None):
        """Keeps a model that was made elsewhere: its number."""
        given = self, self._told(answer), model, now_us
        return self._out("clv_engine_add_model", ctypes.c_char_p, *given).decode()

    def set_alias(self, alias, model=None, *, etag=0, **options):
        """The alias names another model from now on, where `etag` is still its own: the new etag."""
        options = self._options("alias", {"alias": alias, "model": model, "etag": etag, **options})
        return self._out("clv_engine_set_alias", ctypes.c_int64, self, options)

    def retire_model(self, model, *, answer=None):
        self.call("clv_engine_retire_model", self, self._told(answer), model)

    def sequence(self, key):
        """The last durable sequence of a stream's key; 0 = none."""
        return self._out("clv_engine_sequence", ctypes.c_int64, self, key)

    def answer(self, key):
        """What a request was answered with: a dict; `bytes` is None once they were forgotten."""
        out = sized(c.clv_answer)
        self.call("clv_engine_answer", self, key, ctypes.byref(out))
        gone = out.flags & c.CLV_ANSWER_FORGOTTEN
        return {
            "body_hash": (out.body_hash or b"").decode(),
            "bytes": None if gone else ctypes.string_at(out.bytes, out.n_bytes) if out.bytes else b"",
            "now_us": out.now_us,
            "made": out.made,
        }
