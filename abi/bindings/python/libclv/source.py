"""Events that do not lie in one table: batch after batch, as a generator gives them."""
import ctypes

from . import declarations as c
from .columns import table_in
from .library import sized

NEXT = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.POINTER(c.clv_batch))
WHY = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
NO_MORE = object()


class Source:
    """Asks an iterator of tables for the next one when libclv does; holds one at a time.

    What the iterator raises cannot pass through C: it is kept, and the job raises it.
    """

    def __init__(self, library, tables, units):
        self._library, self._tables, self._units = library, iter(tables), units
        self._held, self.raised, self._said = None, None, None
        self._next, self._why = NEXT(self._ask), WHY(self._tell)
        self.functions = sized(
            c.clv_source,
            next=ctypes.cast(self._next, ctypes.c_void_p).value,
            last_error=ctypes.cast(self._why, ctypes.c_void_p).value,
        )

    def _ask(self, _, out):
        try:
            # Only of the iterator itself: what a table's own code raises is no end of the tables.
            table = next(self._tables, NO_MORE)
            if table is NO_MORE:
                return c.CLV_END
            self._held = table_in(self._library, table, self._units)
            batch = self._held.batch()
            out[0].n_rows, out[0].n_columns, out[0].columns = batch.n_rows, batch.n_columns, batch.columns
            return c.CLV_OK
        except BaseException as raised:  # also KeyboardInterrupt: it is raised again by the job
            self.raised = raised
            return c.CLV_E_IO

    def _tell(self, _):
        said = f"{type(self.raised).__name__}: {self.raised}".encode()
        self._said = ctypes.create_string_buffer(said)
        return ctypes.addressof(self._said)
