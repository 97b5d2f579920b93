#!/usr/bin/env python3
"""target_minor_test.py <headers of 1.1>: whoever targets 1.0 cannot use a newer name by accident, and
whoever targets 1.1 can."""
import pathlib
import subprocess
import sys
import tempfile

include = pathlib.Path(sys.argv[1])
PROGRAM = """#include "clv.h"
#include "clv_plugin.h"
double use(const clv_plugin_host* host);
double use(const clv_plugin_host* host) {
  clv_fit_options o = CLV_SIZED(clv_fit_options);
  o.next_setting = 1;
  return CLV_HAS(clv_plugin_host, host, exchange_rate) ? o.next_setting : 0;
}
"""


def compiles(*flags: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "use.c"
        source.write_text(PROGRAM)
        command = ["cc", "-std=c11", "-fsyntax-only", "-I", include, *flags, source]
        done = subprocess.run(command, capture_output=True, text=True)
        print(" ".join(flags) or "(default)", "compiles" if done.returncode == 0 else done.stderr.splitlines()[1])
        return done.returncode == 0


good = compiles() and compiles("-DCLV_TARGET_MINOR=1") and not compiles("-DCLV_TARGET_MINOR=0")
sys.exit(not good)
