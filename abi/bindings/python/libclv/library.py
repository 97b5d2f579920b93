"""The loaded library: its functions, its errors, and handles that are freed once."""
import ctypes
import os
import pathlib

from . import declarations as c

SLICE_MS = 50  # of a job's work between two looks at signals: Ctrl-C is answered this fast


class Error(Exception):
    """What libclv says went wrong: a sentence, and where to look.

    status: a number (declarations.CLV_E_...), name: "CLV_E_DATA", row: from 0 or None,
    column, hint, plugin: text or None. Rows in the sentence count from 1.
    """

    def __init__(self, status, name, entry):
        self.status, self.name = status, name
        self.row = entry.row if entry and entry.row >= 0 else None
        self.column, self.message, self.hint, self.plugin = (
            value.decode() if value else None
            for value in (
                (entry.column, entry.message, entry.hint, entry.plugin_id) if entry else (None,) * 4
            )
        )
        super().__init__(f"{name}: {self.message}" if self.message else name)


class Library:
    """libclv.so.1 at `path`, beside this file (in a wheel), or where the system finds it.

    It stays loaded for as long as the process lives.
    """

    def __init__(self, path=None):
        packaged = pathlib.Path(__file__).parent / "libclv.so.1"
        self.path = os.fspath(path or (packaged if packaged.exists() else "libclv.so.1"))
        self._dll = ctypes.CDLL(self.path)  # CDLL lets go of the GIL while a call runs
        self._bound = {}
        self.abi = divmod(self.function("clv_abi")(), 1 << 16)
        if self.abi[0] != c.CLV_ABI_MAJOR:
            raise ImportError(
                f"{self.path} has ABI {self.abi[0]}.{self.abi[1]}, this module is made for "
                f"{c.CLV_ABI_MAJOR}.x: install the module that came with that library"
            )
        self.version = self.function("clv_version")().decode()

    def function(self, name):
        """A function of the library, bound when it is first asked for: older ones lack some."""
        if name not in self._bound:
            found = getattr(self._dll, name)
            found.restype, found.argtypes = c.FUNCTIONS[name]
            self._bound[name] = found
        return self._bound[name]

    def check(self, status, diag=None):
        """Returns the status of a call that worked, raises Error for one that did not."""
        if status >= 0:
            return status
        entries = self.entries(diag) if diag else []
        failed = [e for e in entries if e.status == status] or entries
        name = self.function("clv_status_name")(status).decode()
        raise Error(status, name, failed[-1] if failed else None)

    def entries(self, diag):
        found = []
        for i in range(self.function("clv_diag_count")(diag)):
            found.append(sized(c.clv_diag_entry))
            self.check(self.function("clv_diag_get")(diag, i, found[-1]))
        return found

    def call(self, name, *arguments):
        """Calls a function whose last parameter is a clv_diag; Error when it fails."""
        diag = self.function("clv_diag_new")()
        try:
            return self.check(self.function(name)(*arguments, diag), diag)
        finally:
            self.function("clv_diag_free")(diag)

    def make(self, name, *arguments):
        """As call, for a function that gives a handle: its address."""
        out = ctypes.c_void_p()
        self.call(name, *arguments, ctypes.byref(out))
        return out.value


def sized(kind, **members):
    """A struct that knows its size, everything else zero but what is named: None is the default."""
    made = kind(struct_size=ctypes.sizeof(kind))
    for name, value in members.items():
        if name == "struct_size" or not hasattr(kind, name):
            raise TypeError(f"{kind.__name__} has no member {name}")
        if value is None:
            continue
        setattr(made, name, utf8(value) if isinstance(value, (str, bytes, os.PathLike)) else value)
        if isinstance(value, int) and getattr(made, name) != value:  # ctypes would cut it
            raise OverflowError(f"{name} of {kind.__name__} cannot be {value}")
    return made


def utf8(text):
    """A name, path or setting for C, which would stop at a NUL. None is NULL."""
    if text is None:
        return None
    encoded = os.fspath(text)
    if isinstance(encoded, str):
        encoded = encoded.encode("utf-8", "surrogateescape")
    if b"\0" in encoded:
        raise ValueError(f"{text!r} has a NUL in it")
    return encoded


class Handle:
    """Something of libclv that is freed: with `with`, by close(), or when nobody holds it.

    A handle does not cross a fork: in a child it is an error to use it, and nothing is freed.
    """

    _free = ""

    def __init__(self, library, address):
        self._library, self._address, self._process = library, address, os.getpid()

    @property
    def address(self):
        if self._process != os.getpid():
            raise RuntimeError(f"this {type(self).__name__} was made before a fork: make one here")
        if not self._address:
            raise ValueError(f"this {type(self).__name__} is closed")
        return self._address

    def close(self):
        address, self._address = self.__dict__.get("_address"), None
        if address and self._process == os.getpid():
            self._library.function(self._free)(address)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        self.close()
