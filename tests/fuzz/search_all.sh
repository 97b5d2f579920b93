#!/usr/bin/env bash
# Builds every target of this folder with clang's libFuzzer and lets each search for some seconds,
# one after the other. Says so and ends with 0 where there is no libFuzzer.
#   search_all.sh [SECONDS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-60}

library=$(clang++ -print-file-name=libclang_rt.fuzzer-x86_64.a 2>/dev/null || true)
[ -f "$library" ] || library=$(clang++ -print-runtime-dir 2>/dev/null || true)/libclang_rt.fuzzer-$(uname -m).a
if [ ! -f "$library" ]; then
  echo "fuzz: no libFuzzer here (Debian: clang libclang-rt-14-dev); the seeds are run all the same"
  exit 0
fi
cmake --preset fuzz
cmake --build --preset fuzz --target clv_fuzzers
for seeds in tests/fuzz/*_corpus; do
  name=$(basename "$seeds" _corpus)
  program=build/fuzz/tests/fuzz/${name}_fuzz
  if ! tests/fuzz/search.sh "$program" "$seeds" "$seconds" >"$program.log" 2>&1; then
    tail -n 60 "$program.log"
    exit 1
  fi
  echo "fuzz: $name: $(grep DONE "$program.log")"
done
