"""How a verb is begun, of the library's and of an engine's."""
import ctypes

from . import declarations as c
from .given import options, passed
from .job import Job
from .library import Handle


class Verbs(Handle):
    """Runs a ..._begin function: what every verb is one line of."""

    @property
    def library(self):
        """The functions: call(), make(), function() of every name in declarations.FUNCTIONS."""
        return self._library

    def call(self, name, *given):
        """Calls any function that can fail, without its diag: Error when it does. Handles, tables and
        texts are given as they are. Its status."""
        held = []
        return self._library.call(name, *(passed(self._library, value, None, held) for value in given))

    def begin(self, name, *given, wait=False, units=None):
        """Begins a job by the name of its C function, without its out and diag."""
        held = []
        arguments = [passed(self._library, value, units, held) for value in given]
        job = Job(self._library, self._library.make(name, *arguments))
        return job.run() if wait else job

    def _options(self, name, members):
        return options(self._library, getattr(c, f"clv_{name}_options"), **members)

    def _told(self, answer):
        """clv_run_options, with the answer that the commit is to keep."""
        return self._options("run", {"answer": answer})

    def _out(self, name, kind, *given):
        """Calls a function that gives a number or text back before its diag."""
        out = kind()
        self.call(name, *given, ctypes.byref(out))
        return out.value
