"""The library, and its verbs on the caller's tables."""
import ctypes
import json

from . import declarations as c
from .engine import Engine
from .library import Library, sized, utf8
from .model import History, Model, Scorer
from .plugins import Plugins
from .result import Result
from .verbs import Verbs


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

    def _on(self, verb, members, *given, units=None, wait=True):
        """clv_VERB_begin(options, what is given ...)"""
        return self.begin(f"clv_{verb}_begin", self._options(verb, members), *given, units=units, wait=wait)

    def csv(self, path=None, *, wait=True, text=None, **options):
        if text is not None:
            data = text.encode() if isinstance(text, str) else text
            options |= {"text": ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), "size": len(data)}
        return self._on("csv", {"path": path, **options}, wait=wait)

    def summarize(self, transactions, *, units=None, wait=True, **options):
        return self._on("summarize", options, transactions, units=units, wait=wait)

    def fit(self, summary, *, units=None, wait=True, **options):
        return self._on("fit", options, summary, units=units, wait=wait)

    def score(self, model, summary, *, units=None, wait=True, **options):
        return self._on("score", options, model, summary, units=units, wait=wait)

    def segment(self, scores, *, units=None, wait=True, **options):
        return self._on("segment", options, scores, units=units, wait=wait)

    def simulate(self, model, *, wait=True, **options):
        return self._on("simulate", options, model, wait=wait)

    def decide(self, model, scores, proposals, *, facts=None, wait=True, **options):
        return self._on("decide", {"facts": facts, **options}, model, scores, proposals, wait=wait)

    def report(self, report, inputs=None, *, model=None, wait=True, **options):
        given = {"report": report, "inputs": inputs, "model": model}
        return self._on("report", given | {"options_json": json.dumps(options) if options else None}, wait=wait)

    def propose(self, plugins, scores, *, wait=True):
        return self.begin("clv_propose_begin", plugins, None, scores, wait=wait)

    def features(self, plugins, scores, *, wait=True):
        """What feature plugins make of scores."""
        return self.begin("clv_features_begin", plugins, None, scores, wait=wait)

    def segment_by(self, plugins, plugin_id, scores, *, wait=True):
        """By a segmentation plugin."""
        return self.begin("clv_plugins_segment_begin", plugins, None, plugin_id, scores, wait=wait)

    def replay(self, decisions, *, wait=True):
        return self.begin("clv_replay_begin", None, decisions, wait=wait)

    def check(self, path, *, wait=True):
        """Every page, key and checksum of a store; reads only."""
        return self.begin("clv_store_check_begin", None, path, wait=wait)

    def migrate(self, path, copy=None, *, wait=True):
        """Upgrades an older store, after a verified copy."""
        return self.begin("clv_store_migrate_begin", None, path, copy, wait=wait)

    def restore(self, backup, path, *, wait=True):
        """A verified backup as a store, all of it or nothing."""
        return self.begin("clv_store_restore_begin", None, backup, path, wait=wait)

    def load_model(self, saved):
        data = saved.encode() if isinstance(saved, str) else saved
        return Model(self._library, self._library.make("clv_model_load", data, len(data)))

    def scorer(self, model, **options):
        options = sized(c.clv_score_options, **options)
        return Scorer(self._library, self._library.make("clv_scorer_new", options, model.address))

    def history(self, **fields):
        """One customer's, new or from the fields kept of it; for Scorer.history()."""
        return History(self, **fields)

    def plugins(self):
        return Plugins(self._library, self._library.make("clv_plugins_new"))

    def describe(self, path):
        """What a plugin file says of itself, one row, without loading it into a set."""
        return Result(self._library, self._library.make("clv_plugin_describe", None, utf8(path)))

    def engine(self, path=None, **options):
        options = sized(c.clv_engine_options, path=path, **options)
        return Engine(self._library, self._library.make("clv_engine_open", options))

    def catalogue(self, what):
        return Result(self._library, self._library.make("clv_catalogue", utf8(what)))
