#!/usr/bin/env bash
# pkg_config.sh PKG_CONFIG_FOLDER SOURCES CC [FLAG...]: the stranger's host and plugin without CMake.
set -euo pipefail
export PKG_CONFIG_PATH=$1
sources=$2
compile=("${@:3}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
library=$(pkg-config --variable=libdir clv)
map=$(pkg-config --variable=exportmap clv-plugin)
# shellcheck disable=SC2046  # pkg-config prints words
"${compile[@]}" -std=c11 -Wall -Wextra -Werror -o "$work/host" "$sources/host.c" \
  $(pkg-config --cflags --libs clv) "-Wl,-rpath,$library"
"${compile[@]}" -std=c11 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden \
  "-Wl,--version-script=$map" -o "$work/thank.so" "$sources/thank.c" $(pkg-config --cflags clv-plugin)
"$work/host" "$work/thank.so"
