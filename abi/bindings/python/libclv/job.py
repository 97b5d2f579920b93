"""A verb at work, and what comes of it."""
import ctypes

from . import declarations as c
from .library import SLICE_MS, Error, Handle, sized, utf8
from .model import Model
from .result import Result


class Job(Handle):
    """A verb at work. Verbs run it to its end, unless called with wait=False: then step() it, and
    close() it when it is not wanted any more: until then its engine takes no other verb."""

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
        except Error:  # it has let go of its engine, and "rejects" can be asked for
            raise
        except BaseException:
            self.close()
            raise
        return self

    @property
    def progress(self):
        """What it is at, and which share of the whole is done."""
        out = sized(c.clv_progress)
        self._library.call("clv_job_progress", self.address, ctypes.byref(out))
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
