#!/usr/bin/env bash
# smallest.sh CC INCLUDE SMALLEST.C CLV BUILT.so: the smallest plugin is less than 40 lines of C, links
# nothing when it is compiled as its README says, and is valid. BUILT.so is what this build made of
# it, or "" where a sanitizer is linked to everything.
set -euo pipefail
cc=$1 include=$2 source=$3 clv=$4 built=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

lines=$(wc -l <"$source")
[ "$lines" -lt 40 ] || { echo "$source has $lines lines" >&2; exit 1; }
if awk 'length > 100' "$source" | grep .; then echo "the lines above are too long to count as one" >&2; exit 1; fi

"$cc" -std=c11 -O2 -Wall -Wextra -Wpedantic -Werror -shared -fPIC -nostdlib -I"$include" \
  -o "$work/smallest.so" "$source"
for file in "$work/smallest.so" $built; do
  readelf -hd "$file" >"$work/said.txt"
  grep -q 'Type: *DYN' "$work/said.txt"
  if grep NEEDED "$work/said.txt"; then echo "$file links the above" >&2; exit 1; fi
done
if nm -D --undefined-only "$work/smallest.so" | grep .; then echo "it calls the above" >&2; exit 1; fi

"$clv" validate "$work/smallest.so" --strict >"$work/said.txt" || { cat "$work/said.txt"; exit 1; }
grep -q '^ *[1-9][0-9]* proposals for' "$work/said.txt" || { cat "$work/said.txt"; exit 1; }
echo "$lines lines"
