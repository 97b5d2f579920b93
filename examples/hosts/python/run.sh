#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md
here=$(cd "$(dirname "$0")" && pwd)
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here/../../../abi/bindings/python exec python3 "$here/host.py" "$1" "$2" "$3"
