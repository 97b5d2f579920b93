"""Loaded plugins."""
from . import declarations as c
from .library import Handle, sized, utf8
from .result import Result


class Plugins(Handle):
    _free = "clv_plugins_free"

    def load(self, path, **options):
        options = sized(c.clv_plugin_options, **options)
        self._library.call("clv_plugins_load", self.address, options, utf8(path))
        return self

    def renew(self, *, now_us=0, seed=0):
        """Their instances anew, with another clock and seed: a further run without loading again."""
        self._library.call("clv_plugins_renew", self.address, now_us, seed)
        return self

    def list(self):
        return Result(self._library, self._library.make("clv_plugins_list", self.address))

    def log(self):
        return Result(self._library, self._library.make("clv_plugins_take_log", self.address))
