#!/usr/bin/env python3
"""make_next.py <include folder> <output folder>: the headers as ABI 1.1 might be. Today's, and after
the last member of a few structs one more under CLV_TARGET_MINOR >= 1, which is how a release grows
them. What is compiled against these meets today's library in next_test."""
import pathlib
import re
import sys

GROWN = {  # struct: what 1.1 appends
    "clv_plugin_host": "  /* [any] Units of `to` for one of `from`. */\n"
    "  double(CLV_CALL* exchange_rate)(void* ctx, const char* from, const char* to);",
    "clv_plugin_entry": "  const char* home_page;",
    "clv_proposal": "  double next_number;",
    "clv_fit_options": "  double next_setting;",
    "clv_score": "  double next_answer;",
    "clv_progress": "  double seconds_left;",
}


def grown(text: str, struct: str, member: str) -> str:
    end = re.search(rf"^\}} {struct};$", text, re.M)
    if end is None:
        return text
    return f"{text[:end.start()]}#if CLV_TARGET_MINOR >= 1\n{member}\n#endif\n{text[end.start():]}"


def main() -> int:
    include, output = map(pathlib.Path, sys.argv[1:])
    output.mkdir(parents=True, exist_ok=True)
    left = set(GROWN)
    for header in sorted(include.glob("*.h")):
        text = header.read_text()
        for struct, member in GROWN.items():
            longer = grown(text, struct, member)
            if longer != text:
                left.discard(struct)
            text = longer
        changed = text.replace("#define CLV_ABI_MINOR 0u", "#define CLV_ABI_MINOR 1u")
        if header.name == "clv_base.h" and changed == text:
            sys.exit("clv_base.h has no CLV_ABI_MINOR 0u any more: raise both numbers here")
        (output / header.name).write_text(changed)
    if left:
        sys.exit(f"not found in the headers: {sorted(left)}")
    return 0


sys.exit(main())
