#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md
here=$(cd "$(dirname "$0")" && pwd)
command -v "${CC:-cc}" >/dev/null || { echo "no C compiler (cc) here" >&2; exit 77; }
"${CC:-cc}" -std=c11 -Wall -Wextra -Werror $CFLAGS -I"$here/../../../abi/include" "$here/host.c" "$1" \
  -Wl,-rpath,"$(dirname "$1")" -o "$4/host" && exec "$4/host" "$1" "$2" "$3"
