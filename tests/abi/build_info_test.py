"""build_info_test.py LIBRARY: clv_build_info_json is JSON and says what the library is."""
import ctypes
import json
import platform
import sys

library = ctypes.CDLL(sys.argv[1])
for name in ("clv_build_info_json", "clv_version"):
    getattr(library, name).restype = ctypes.c_char_p
library.clv_abi.restype = ctypes.c_uint32

facts = json.loads(library.clv_build_info_json())
words = ["version", "abi", "compiler", "architecture", "build", "sqlite", "boost", "features"]
assert list(facts) == words, list(facts)
assert facts["version"] == library.clv_version().decode(), facts
abi = library.clv_abi()
assert facts["abi"] == f"{abi >> 16}.{abi & 0xFFFF}", facts
assert facts["architecture"] in (platform.machine(), "other"), facts
assert facts["compiler"].startswith("gcc ") or "lang" in facts["compiler"], facts
features = facts["features"]
assert len(set(features)) == len(features), features
for feature in ("clv.action/1", "clv.feature/1", "clv.segmentation/1", "arrow", "storage", "source",
                "memory_limit"):
    assert feature in features, features
