#!/usr/bin/env bash
# readme.sh CC "CFLAGS" LIBRARY_FOLDER CLV README...: compiles and runs every block marked <!-- run -->;
# one marked <!-- run: TEXT --> must print TEXT.
set -euo pipefail
cc=$1
read -ra flags <<<"$2"
library=$3
clv_folder=$(dirname "$4")
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LD_LIBRARY_PATH=$library PATH=$clv_folder:$PATH

# Writes block N of a file to 0N.c or 0N.sh: they run in the order of their names.
extract() {
  awk -v folder="$2" '
    marked && /^```(c|sh)$/ {
      name = folder "/" sprintf("%02d", ++n) "." substr($0, 4)
      if (wanted != "") { print wanted > (name ".wanted"); close(name ".wanted") }
      inside = 1; marked = 0; next
    }
    /^<!-- run(: .*)? -->$/ { marked = 1; wanted = substr($0, 11, length($0) - 14); next }
    inside && /^```$/ { inside = 0; close(name); next }
    inside { print > name }
    !/^$/ { marked = 0 }' "$1"
}

found=0
count=0
for readme in "$@"; do
  count=$((count + 1))
  blocks=$work/$count
  mkdir -p "$blocks/run"
  extract "$readme" "$blocks"
  for block in "$blocks"/*.c "$blocks"/*.sh; do
    [ -e "$block" ] || continue
    found=$((found + 1))
    echo "== $readme: block $(basename "$block")"
    if [[ $block == *.c ]]; then
      "$cc" -std=c11 -Wall -Wextra -Werror "${flags[@]}" -o "${block%.c}" "$block" "-L$library" -lclv
      (cd "$blocks/run" && "${block%.c}") | tee "$block.printed"
    else
      (cd "$blocks/run" && bash -euo pipefail "$block" </dev/null) | tee "$block.printed"
    fi
    if [ -e "$block.wanted" ] && ! grep -qxFf "$block.wanted" "$block.printed"; then
      echo "it should have printed: $(cat "$block.wanted")" >&2
      exit 1
    fi
  done
done
[ $found -gt 0 ] || { echo "no block is marked <!-- run --> in: $*" >&2; exit 1; }
