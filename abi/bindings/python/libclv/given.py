"""What Python gives, as C takes it: handles, tables, texts, and options with tables in them."""
import ctypes
import numbers
import os

from . import declarations as c
from .columns import table_in
from .library import Handle, sized, utf8
from .result import Result

TABLES = ("proposals", "rows")  # members that are one table
NAMED = ("facts", "inputs")  # members that are tables by name
POINTERS = (type(ctypes.byref(ctypes.c_int())), ctypes.c_void_p, ctypes.c_char_p)


def passed(library, value, units, held):
    """One argument of a C function; what must outlive the call is added to `held`."""
    if isinstance(value, (str, bytes, os.PathLike)):
        return utf8(value)
    if value is None or isinstance(value, (numbers.Number, ctypes.Structure, ctypes.Array)):
        return value
    if isinstance(value, Handle) and not isinstance(value, Result):
        return value.address
    if type(value) in POINTERS or isinstance(value, ctypes._Pointer):  # a pointer, byref(...)
        return value
    held.append(table_in(library, value, units))
    return ctypes.byref(held[-1].batch())


def options(library, kind, units=None, **members):
    """A struct of options, whose tables, models and answers live as long as it does."""
    held, plain = [], {}
    for name, value in members.items():
        if value is None:
            continue
        if name in NAMED:
            plain[name] = named(library, value, held)
            plain[f"n_{name}"] = len(value)
        elif name in TABLES:
            held.append(table_in(library, value, units))
            plain[name] = ctypes.pointer(held[-1].batch())
        elif name == "answer":
            plain[name] = ctypes.pointer(kept_answer(**value))
        elif isinstance(value, Handle):
            held.append(value)
            plain[name] = value.address
        else:
            plain[name] = value
    made = sized(kind, **plain)
    made.held = held
    return made


def named(library, tables, held):
    """Tables by name, as a report or a decision takes them."""
    made = (c.clv_named_batch * len(tables))()
    for entry, (name, table) in zip(made, tables.items()):
        held.append(table_in(library, table))
        entry.name, entry.batch = utf8(name), ctypes.pointer(held[-1].batch())
        held.append((entry.name, entry.batch))
    return made


def kept_answer(key, body_hash="", bytes=None, now_us=0):
    """What a repeat of a request is to be answered with."""
    bytes = bytes or b""
    made = sized(c.clv_answer, key=key, body_hash=body_hash, now_us=now_us, n_bytes=len(bytes))
    made.held = ctypes.create_string_buffer(bytes)
    made.bytes = ctypes.addressof(made.held)
    return made


def batches(library, given):
    """Many senders' batches: dicts of the members of clv_keyed_batch, and `units` of their rows."""
    structs = [options(library, c.clv_keyed_batch, **one) for one in given]
    made = (ctypes.POINTER(c.clv_keyed_batch) * len(structs))(*map(ctypes.pointer, structs))
    made.held = structs
    return made
