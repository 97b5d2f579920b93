#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md
here=$(cd "$(dirname "$0")" && pwd)
command -v "${CXX:-c++}" >/dev/null || { echo "no C++ compiler (c++) here" >&2; exit 77; }
"${CXX:-c++}" -std=c++20 -Wall -Werror $CXXFLAGS -I"$here/../../../abi/include" "$here/host.cpp" "$1" \
  -Wl,-rpath,"$(dirname "$1")" -o "$4/host" && exec "$4/host" "$1" "$2" "$3"
