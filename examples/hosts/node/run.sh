#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md. The binding and koffi are installed into WORK.
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../../abi/bindings/node/install.sh" "$4" || exit $?
cp "$here/host.mjs" "$4" && exec node "$4/host.mjs" "$1" "$2" "$3"
