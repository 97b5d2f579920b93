#!/usr/bin/env python3
"""Times libclv and lifetimes on the same files in one run and prints the ratios.

usage: compare.py BUILD_FOLDER [--customers N] [--raw-pareto]

Needs a Python in which `import lifetimes` works (pip install 'lifetimes==0.11.3' 'pandas<2'
'numpy<2'); run it with that Python. The customers are simulated by `clv simulate`; the two sides run
one after another, each alone.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# What to set beside what: title, our figure, theirs.
PAIRS = [
    ("log in memory to summary", "log_to_summary", "log_to_summary"),
    ("BG/NBD fit", "fit_bg_nbd", "fit_bg_nbd"),
    ("BG/NBD fit, equal rows merged by the user", "fit_bg_nbd", "fit_bg_nbd_merged"),
    ("Pareto/NBD fit", "fit_pareto_nbd", "fit_pareto_nbd"),
    ("Pareto/NBD fit, merged by the user", "fit_pareto_nbd", "fit_pareto_nbd_merged"),
    ("Gamma-Gamma fit", "fit_gamma_gamma", "fit_gamma_gamma"),
    ("predictions with a 12-month CLV", "predictions", "predictions"),
]


def run_json(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def prepare(build, folder, customers):
    """LOG.csv and SUMMARY.csv of simulated customers, at the estimates of the CDNOW sample."""
    clv = build / "examples/cli/clv"
    log, summary = folder / "log.csv", folder / "summary.csv"
    for command in (["simulate", "--customers", str(customers), "--seed", "7", "--out", log],
                    ["summarize", "--log", log, "--out", summary]):
        subprocess.run([clv, *command], check=True, capture_output=True)
    return log, summary


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("--customers", type=int, default=1_000_000)
    arguments.add_argument("--raw-pareto", action="store_true", help="about four minutes more")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        log, summary = prepare(asked.build, pathlib.Path(name), asked.customers)
        bench = asked.build / "tests/bench/file_bench"
        ours = {**run_json([bench, "log", log]), **run_json([bench, "fit", summary])}
        theirs = run_json([sys.executable, HERE / "lifetimes_side.py", log, summary]
                          + (["--raw-pareto"] if asked.raw_pareto else []))
    print(f"{asked.customers} customers, {ours['tuples']:.0f} distinct (x, t_x, T)")
    print(f"{'step':45}{'libclv s':>10}{'lifetimes s':>13}{'ratio':>8}")
    for title, mine, other in PAIRS:
        if other in theirs:
            print(f"{title:45}{ours[mine]:10.3f}{theirs[other]:13.2f}{theirs[other] / ours[mine]:8.1f}")
    for name, value in ours.items():
        if name.endswith("_two_threads"):
            print(f"two threads over one, {name[:-12]:30}{ours[name[:-12]] / value:8.2f}")
    print(f"scores with intervals: {asked.customers / ours['scores_with_intervals']:.0f} customers/s")


if __name__ == "__main__":
    main()
