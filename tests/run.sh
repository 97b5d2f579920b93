#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test; ends with ctest's own summary and
# its exit status.
#   tests/run.sh [--long] [--preset dev|release|asan|tsan]
# --long also runs the tests labelled slow, and lets the fuzzers search where clang has libFuzzer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=release
select=(--label-exclude '^slow$')
while [ $# -gt 0 ]; do
  case $1 in
    --long) select=() ;;
    --preset) preset=${2:?--preset needs a name}; shift ;;
    *) echo "usage: tests/run.sh [--long] [--preset dev|release|asan|tsan]" >&2; exit 2 ;;
  esac
  shift
done

cmake/install-deps.sh
# Said again here, because examples/quickstart.sh configures build/release without them.
cmake --preset "$preset" -DCLV_BUILD_TESTS=ON -DCLV_BUILD_GRPC=ON -DCLV_BUILD_POSTGRES=ON
cmake --build --preset "$preset"
searched=0
[ ${#select[@]} -gt 0 ] || tests/fuzz/search_all.sh || searched=$?
ctest --preset "$preset" --parallel "$(nproc)" ${select[@]+"${select[@]}"} </dev/null
exit $searched
