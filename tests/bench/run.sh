#!/usr/bin/env bash
# Runs the benchmarks of a build one after another and writes one JSON file each.
#   tests/bench/run.sh [BUILD_FOLDER [OUTPUT_FOLDER]]     default: build/release, build/bench
# Build before: cmake --build --preset release --target benchmarks
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${1:-$root/build/release}
out=${2:-$root/build/bench}
mkdir -p "$out"
for name in summary fit score plan desk one abi group; do
  "$build/tests/bench/${name}_bench" --benchmark_out="$out/$name.json" --benchmark_out_format=json
done
echo "JSON is in $out"
