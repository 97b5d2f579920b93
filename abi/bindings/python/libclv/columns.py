"""Tables of the caller's, as libclv takes them: columns of lists or arrays, or Arrow."""
import array
import ctypes
import datetime
import itertools
import numbers

from . import declarations as c
from .arrow import imported, with_unit
from .library import sized, utf8
from .result import EPOCH, MICROSECOND, NUMBERS, UTC, Column, Result

ARRAYS = {text: number for number, (text, _, _) in NUMBERS.items() if number != c.CLV_T_MONEY}


class Columns:
    """A dict of columns as a batch; lives as long as the call it is handed to."""

    def __init__(self, table, units):
        self._kept = []
        unknown = set(units) - set(table)
        if unknown:
            raise KeyError(f"a unit for '{min(unknown)}', which is no column")
        made = [self._column(name, values, units.get(name)) for name, values in table.items()]
        lengths = {name: len(values) for name, values in table.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of different lengths: {lengths}")
        self._columns = (c.clv_column * len(made))(*made)
        self._rows = next(iter(lengths.values()), 0)

    def batch(self):
        return sized(
            c.clv_batch, n_columns=len(self._columns), n_rows=self._rows, columns=self._columns
        )

    def _column(self, name, values, unit):
        if isinstance(values, Column):
            raw = c.clv_column.from_buffer_copy(values._raw)
            self._kept.append(values)
        elif interface(values)["typestr"][1] in "fiubM":
            raw = self._array(name, native(values))
        else:
            raw = self._list(name, values.tolist() if hasattr(values, "tolist") else list(values))
        raw.name = utf8(name)
        if unit is not None:
            with_unit(raw, utf8(unit))
        return raw

    def _array(self, name, values):
        """A numpy array, or what looks like one: where it lies."""
        at = interface(values)
        if at["typestr"] not in ARRAYS:  # a uint64, which as Python's int is refused where too large
            return self._list(name, values.tolist())
        if len(at["shape"]) != 1:
            raise ValueError(f"a column is an array of one dimension, not {len(at['shape'])}")
        self._kept.append(values)
        raw = c.clv_column(type=ARRAYS[at["typestr"]])
        raw.data, raw.stride = at["data"][0], at["strides"][0] if at.get("strides") else 0
        absent = getattr(values, "mask", None)  # of numpy.ma
        if raw.type == c.CLV_T_TIME:
            absent = (values != values) | (False if absent is None else absent)  # NaT
        if absent is not None and absent.any():
            self._mark(raw, absent.tolist())
        return raw

    def _list(self, name, values):
        absent = [is_absent(v) for v in values]
        kinds = {type(v) for v, gone in zip(values, absent) if not gone}
        raw = c.clv_column()
        if all(issubclass(kind, numbers.Real) for kind in kinds):
            whole = kinds and all(issubclass(kind, numbers.Integral) for kind in kinds)
            raw.type = c.CLV_T_I64 if whole else c.CLV_T_F64
            zero, code = (0.0, "d") if raw.type == c.CLV_T_F64 else (0, "q")
            self._items(raw, array.array(code, (zero if g else v for v, g in zip(values, absent))))
        elif all(issubclass(kind, datetime.date) for kind in kinds):
            raw.type = c.CLV_T_TIME
            self._items(
                raw, array.array("q", (0 if g else microseconds(v) for v, g in zip(values, absent)))
            )
        elif all(issubclass(kind, str) for kind in kinds):
            raw.type = c.CLV_T_UTF8
            texts = [b"" if g else v.encode() for v, g in zip(values, absent)]
            offsets = array.array("q", itertools.accumulate(map(len, texts), initial=0))
            joined = b"".join(texts)
            self._kept += [offsets, joined]
            raw.data = ctypes.cast(ctypes.c_char_p(joined), ctypes.c_void_p)
            raw.offsets = ctypes.cast(offsets.buffer_info()[0], ctypes.POINTER(ctypes.c_int64))
        else:
            found = " and ".join(sorted(kind.__name__ for kind in kinds))
            raise TypeError(
                f"column '{name}' has {found}: a column is numbers, texts or times; money is "
                "counted in minor units, as int"
            )
        if any(absent):
            self._mark(raw, absent)
        return raw

    def _items(self, raw, items):
        self._kept.append(items)
        raw.data = items.buffer_info()[0]

    def _mark(self, raw, absent):
        bits = (ctypes.c_uint8 * ((len(absent) + 7) // 8))()
        for row, gone in enumerate(absent):
            if not gone:
                bits[row // 8] |= 1 << row % 8
        self._kept.append(bits)
        raw.validity = bits


def interface(values):
    return getattr(values, "__array_interface__", {"typestr": "|O"})


def native(values):
    """The array itself where libclv reads it as it lies, else a copy of the type next to it."""
    kind = interface(values)["typestr"][1:]
    if kind != "u8" and interface(values)["typestr"] not in ARRAYS:
        values = values.astype({"f": "<f8", "M": "<M8[us]"}.get(kind[0], "<i8"))
    strides = interface(values).get("strides")
    return values.copy() if strides and strides[0] < values.itemsize else values  # it runs backward


def is_absent(value):
    """None, NaN, and what pandas has for them, which it is not imported for."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value


def microseconds(when):
    if not isinstance(when, datetime.datetime):
        when = datetime.datetime(when.year, when.month, when.day, tzinfo=UTC)
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone: which instant is it?")
    return (when - EPOCH) // MICROSECOND


def table_in(library, table, units=None):
    """Anything that is a table, as something with batch()."""
    if isinstance(table, Result):
        return table
    if hasattr(table, "keys") and not hasattr(table, "__arrow_c_stream__"):
        names = list(table.keys())
        return Columns({name: table[name] for name in names}, units or {})
    if not hasattr(table, "__arrow_c_stream__"):
        raise TypeError(f"{type(table).__name__} is no table: a dict of columns, a Result, or Arrow")
    return imported(library, table, units)
