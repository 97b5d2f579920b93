#!/usr/bin/env bash
# Lets a libFuzzer program search, beginning with its seeds; what it finds interesting is not kept,
# an input that breaks it is left beside the program.
#   search.sh PROGRAM SEEDS SECONDS
set -euo pipefail
program=${1:?search.sh PROGRAM SEEDS SECONDS} seeds=${2:?} seconds=${3:?}
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
"$program" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 \
  -artifact_prefix="$program-" "$found" "$seeds"
