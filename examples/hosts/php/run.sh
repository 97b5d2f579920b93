#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md
here=$(cd "$(dirname "$0")" && pwd)
if ! php -m 2>/dev/null | grep -qx FFI; then
  echo "php with FFI is not installed" >&2
  exit 77
fi
exec php -d ffi.enable=preload "$here/host.php" "$1" "$2" "$3"
