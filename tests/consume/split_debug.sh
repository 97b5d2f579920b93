#!/usr/bin/env bash
# split_debug.sh CMAKE C_COMPILER SOURCE_OF_CLV FOLDER: installs a small library as CLV_SPLIT_DEBUG does,
# twice, and looks whether its debug information lies apart and is found all the same.
set -euo pipefail
cmake=$1 compiler=$2 clv=$3 folder=$4
fail() {
  echo "$*" >&2
  exit 1
}
rm -rf "$folder"
"$cmake" -S "$clv/tests/consume/split_debug" -B "$folder/build" -DCMAKE_C_COMPILER="$compiler" \
  -DCLV_CMAKE="$clv/cmake" -DCMAKE_INSTALL_PREFIX="$folder/prefix" >"$folder.log"
"$cmake" --build "$folder/build" >>"$folder.log"
"$cmake" --install "$folder/build" >>"$folder.log"
"$cmake" --install "$folder/build" >>"$folder.log"

library=$folder/prefix/lib/libsmall.so.1.1.2.3 debug=$folder/prefix/lib/.debug/libsmall.so.1.1.2.3.debug
# The sections' names in one text: with pipefail, a grep that ends early would end readelf, too.
sections() { readelf -SW "$1"; }
build_id() { readelf -nW "$1" | sed -n 's/.*Build ID: //p'; }
[[ $(sections "$library") != *.debug_info* ]] || fail "the library holds debug information"
[[ $(sections "$library") != *.symtab* ]] || fail "the library holds the names of its inner functions"
[[ $(sections "$library") == *.gnu_debuglink* ]] || fail "the library does not name its debug file"
[[ $(sections "$debug") == *.debug_info* ]] || fail "the debug file holds no debug information"
[[ -n $(build_id "$library") && $(build_id "$library") == "$(build_id "$debug")" ]] ||
  fail "library and debug file are not of one build"
[[ $(readelf -SW "$folder/build/libsmall.so") == *.debug_info* ]] || fail "the build tree lost it"

address=$(nm -D "$library" | sed -n 's/^\([0-9a-f]*\) T small_double$/0x\1/p')
found=$(addr2line -e "$library" "$address")
[[ $found == */small.c:4 ]] || fail "addr2line finds '$found' instead of line 4 of small.c"
rm "$debug"
found=$(addr2line -e "$library" "$address")
[[ $found != */small.c:* ]] || fail "the line is found without the debug file: nothing was shown"
