"""Answers: tables of columns, read where they lie."""
import ctypes
import datetime
import struct

from . import declarations as c
from .arrow import ArrowStream, capsule
from .library import Handle, sized, utf8

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
NUMBERS = {  # type: (array interface, bytes, struct format)
    c.CLV_T_I32: ("<i4", 4, "i"),
    c.CLV_T_I64: ("<i8", 8, "q"),
    c.CLV_T_F64: ("<f8", 8, "d"),
    c.CLV_T_TIME: ("<M8[us]", 8, "q"),
    c.CLV_T_MONEY: ("<i8", 8, "q"),
}


class Column:
    """One column of a result: a sequence of Python's own values, None where absent. Money is in
    minor units of `unit`, a time an aware datetime.

    numpy.asarray(column) copies nothing where every row has a value. Otherwise it is a copy in which
    absent numbers are NaN (then also integers and money are doubles) and absent times NaT.
    """

    def __init__(self, memory, number, raw, rows):
        self._memory, self._number, self._raw, self._rows = memory, number, raw, rows
        self.name, self.type = raw.name.decode(), raw.type
        self.unit = raw.unit.decode() if raw.unit else ""

    def __len__(self):
        return self._rows

    def __getitem__(self, row):
        if isinstance(row, slice):
            return self.tolist()[row]
        return self._part(range(self._rows)[row], 1)[0]

    def __iter__(self):
        return iter(self.tolist())

    def tolist(self):
        return self._part(0, self._rows)

    def _part(self, first, count):
        raw = self._raw
        if self.type == c.CLV_T_UTF8:
            ends = raw.offsets[first : first + count + 1]
            text = ctypes.string_at((raw.data or 0) + ends[0], ends[-1] - ends[0])
            values = [text[a - ends[0] : b - ends[0]].decode() for a, b in zip(ends, ends[1:])]
        else:
            _, size, letter = NUMBERS[self.type]
            data = ctypes.string_at((raw.data or 0) + first * size, count * size)
            values = list(struct.unpack(f"={count}{letter}", data))
            if self.type == c.CLV_T_TIME:
                values = [EPOCH + value * MICROSECOND for value in values]
        if raw.validity:
            return [None if self._absent(first + i) else v for i, v in enumerate(values)]
        return values

    def _absent(self, row):
        return not self._raw.validity[row // 8] >> row % 8 & 1

    @property
    def __array_interface__(self):
        if self.type == c.CLV_T_UTF8:
            raise AttributeError(f"column '{self.name}' is text: use tolist() or Arrow")
        kind, at = NUMBERS[self.type][0], self._raw.data or 0
        found = {"version": 3, "shape": (self._rows,), "typestr": kind, "data": (at, True)}
        if self._raw.validity:
            found["data"] = self._marked(found)
        return found

    def _marked(self, found):
        """A copy in which what is absent can be told from what is 0."""
        time = self.type == c.CLV_T_TIME
        found["typestr"] = found["typestr"] if time else "<f8"
        copy = (ctypes.c_int64 * self._rows)()
        options = sized(c.clv_read_options, column=self._number, values=ctypes.addressof(copy))
        options.as_type = c.CLV_T_TIME if time else c.CLV_T_F64
        self._memory._library.call("clv_result_read", self._memory.address, options)
        for row in range(self._rows if time else 0):
            if self._absent(row):
                copy[row] = -(1 << 63)
        return copy


class Memory(Handle):
    """Where a result lies: freed when neither it nor a column or array of it is held any more."""

    _free = "clv_result_free"


class Result(Handle):
    """An answer: a table that does not change. result["clv"] is a Column, `in` asks for one.

    It goes to pyarrow.table(result), polars.DataFrame(result), pandas.DataFrame.from_arrow(result)
    without being copied, and into any verb that takes a table.
    """

    def __init__(self, library, address):
        super().__init__(library, address)
        self._memory = Memory(library, address)

    def close(self):
        """Its columns, and arrays that numpy made of them, stay good."""
        self._address = self._memory = None

    def batch(self):
        out = sized(c.clv_batch)
        self._library.call("clv_result_batch", self.address, ctypes.byref(out))
        return out

    def __len__(self):
        return self._library.function("clv_result_rows")(self.address)

    @property
    def names(self):
        raw = self.batch()
        return [raw.columns[i].name.decode() for i in range(raw.n_columns)]

    def __contains__(self, name):
        return self._library.function("clv_result_find")(self.address, utf8(name)) >= 0

    def __getitem__(self, name):
        number = self._library.function("clv_result_find")(self.address, utf8(name))
        if number < 0:
            raise KeyError(f"no column '{name}' among {', '.join(self.names)}")
        raw = self.batch()
        return Column(self._memory, number, raw.columns[number], raw.n_rows)

    def rows(self):
        """Row after row as dicts."""
        names = self.names
        columns = [self[name].tolist() for name in names]
        return (dict(zip(names, row)) for row in zip(*columns))

    @property
    def fingerprint(self):
        return self._library.function("clv_result_fingerprint")(self.address).decode()

    def write_csv(self, path):
        self._library.call("clv_result_write_csv", self.address, utf8(path))

    def __arrow_c_stream__(self, requested_schema=None):
        stream = ArrowStream()
        self._library.call("clv_result_export", self.address, ctypes.byref(stream))
        return capsule(stream)
