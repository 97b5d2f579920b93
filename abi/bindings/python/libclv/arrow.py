"""Arrow's C stream, in a capsule: tables to and from pyarrow, pandas, polars without a copy."""
import ctypes

from . import declarations as c
from .library import Handle, sized, utf8


class ArrowStream(ctypes.Structure):
    """Arrow's C stream interface."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("schema", "next", "error", "release", "own")]

    def __del__(self):  # by whom it was handed to nobody
        if self.release:
            ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(self.release)(ctypes.addressof(self))


CAPSULE = b"arrow_array_stream"
_streams = {}
_py = ctypes.pythonapi
_py.PyCapsule_New.restype = ctypes.py_object
_py.PyCapsule_New.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_py.PyCapsule_GetPointer.restype = ctypes.c_void_p
_py.PyCapsule_GetPointer.argtypes = (ctypes.py_object, ctypes.c_char_p)
_pointer_of_dying = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", _py)
)


@ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
def _forget(dying):
    _streams.pop(_pointer_of_dying(dying, CAPSULE), None)


_py.Py_IncRef(ctypes.py_object(_forget))  # a capsule may die after this module, at exit


def capsule(stream):
    """A PyCapsule that owns the stream until whoever takes it has moved it out."""
    address = ctypes.addressof(stream)
    _streams[address] = stream
    return _py.PyCapsule_New(address, CAPSULE, ctypes.cast(_forget, ctypes.c_void_p))


class ArrowTable(Handle):
    """What came in by Arrow, and the units of its columns, which frames have no place for."""

    _free = "clv_arrow_free"

    def __init__(self, library, address, units):
        super().__init__(library, address)
        self._units, self._columns = {utf8(name): utf8(unit) for name, unit in units.items()}, None

    def batch(self):
        out = sized(c.clv_batch)
        self._library.call("clv_arrow_batch", self.address, out)
        if self._units:
            self._columns = (c.clv_column * out.n_columns)(*out.columns[: out.n_columns])
            by_name = {column.name: column for column in self._columns}
            for name, unit in self._units.items():
                if name not in by_name:
                    raise KeyError(f"a unit for '{name.decode()}', which is no column")
                with_unit(by_name[name], unit)
            out.columns = self._columns
        return out


def with_unit(column, unit):
    """An integer that has a unit is money, in its minor units."""
    column.unit = unit
    column.type = c.CLV_T_MONEY if column.type == c.CLV_T_I64 else column.type


def imported(library, table, units=None):
    """A table that has __arrow_c_stream__."""
    given = table.__arrow_c_stream__()
    stream = _py.PyCapsule_GetPointer(given, CAPSULE)
    return ArrowTable(library, library.make("clv_arrow_import", stream), units or {})
