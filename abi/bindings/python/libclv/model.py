"""Fitted models, and scores of single customers."""
import ctypes

from . import declarations as c
from .library import Handle, sized
from .result import Result


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


class History:
    """What a score needs of one customer, carried on event by event; its `fields` are a dict that a
    host keeps in its own row: History(clv, **fields)."""

    def __init__(self, clv, **fields):
        self._library = clv.library
        self.struct = sized(c.clv_history, **fields)

    def add(self, day, amount_minor):
        """An event of civil day `day` since 1970-01-01, in the order of days; below 0 a refund."""
        event = ctypes.byref(self.struct), day, amount_minor
        self._library.call("clv_history_add", *event)
        return self

    @property
    def fields(self):
        names = [name for name, _ in c.clv_history._fields_ if name != "struct_size"]
        return {name: getattr(self.struct, name) for name in names}


class Scorer(Handle):
    """Scores one customer at once: scorer(x=2, t_x=20, T=30, mean_spend=25).clv"""

    _free = "clv_scorer_free"

    def __call__(self, **row):
        score = sized(c.clv_score, **row)
        self._library.call("clv_scorer_row", self.address, ctypes.byref(score))
        return score

    def history(self, history, as_of_day):
        """The score of a History on that day, the last one observed."""
        score = sized(c.clv_score)
        self._library.call(
            "clv_scorer_history", self.address, history.struct, as_of_day, ctypes.byref(score)
        )
        return score
