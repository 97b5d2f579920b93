#!/usr/bin/env python3
"""same_answers_test.py <host kept> <host of today> <plugin kept> <plugin of today>: the host program
compiled with the kept headers and with today's, with the plugin compiled with either, say the same."""
import itertools
import subprocess
import sys

hosts, plugins = sys.argv[1:3], sys.argv[3:5]
answers = {}
for host, plugin in itertools.product(hosts, plugins):
    done = subprocess.run([host, plugin], capture_output=True, text=True)
    answers[host, plugin] = done.stdout
    if done.returncode or len(done.stdout.splitlines()) < 13:
        sys.exit(f"{host} {plugin} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
if len(set(answers.values())) != 1:
    sys.exit("\n".join(f"--- {pair}\n{said}" for pair, said in answers.items()))
print(f"{len(answers)} pairs of host and plugin say the same:")
print(next(iter(answers.values())))
