#!/usr/bin/env python3
"""guard_shape_test.py <symbols.map> <abi/src>: each exported function is noexcept and one
statement: a guard, the release of its handle, or a read that cannot throw (listed here)."""
import pathlib
import re
import sys

symbols = re.findall(r"^ +(clv_\w+);$", pathlib.Path(sys.argv[1]).read_text(), flags=re.M)
sources = "\n".join(f.read_text() for f in sorted(pathlib.Path(sys.argv[2]).glob("*.cpp")))
sources = re.sub(r"//[^\n]*", "", sources)

# Constants, and two sizes and a text of an immutable table.
trivial = {"clv_abi", "clv_version", "clv_build_info_json", "clv_status_name",
           "clv_result_rows", "clv_result_columns", "clv_result_fingerprint"}
guard = re.compile(r"(return )?clv::abi::guard(_or)?(<[^(]*>)?\(.*\);", flags=re.S)
delete = re.compile(r"clv::abi::release\(\w+\);")
failures = 0


def body_of(name):
    found = re.search(rf"^[\w\s:*&]*\b{name}\(([^)]*)\) noexcept \{{\n(.*?)^\}}", sources,
                      flags=re.S | re.M)
    return found and found.group(2).strip()


def good(name, body):
    if body is None:
        return False
    if name in trivial:
        return re.fullmatch(r"return [^;]*;", body) is not None
    pattern = delete if name.endswith("_free") else guard
    return pattern.fullmatch(body) is not None and balanced_once(body)


def balanced_once(body):
    """True when the first bracket closes only at the end: it is one call, not two."""
    if body.startswith("clv::abi::release"):
        return True
    depth = 0
    for i, c in enumerate(body):
        depth += (c == "(") - (c == ")")
        if depth == 0 and c == ")":
            return body[i + 1:] == ";"
    return False


for name in symbols:
    body = body_of(name)
    if not good(name, body):
        failures += 1
        print(f"{name}: not one guarded statement:\n{body}")
print(f"{len(symbols)} functions, {failures} failed")
sys.exit(failures != 0 or len(symbols) < 50)
