#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md
here=$(cd "$(dirname "$0")" && pwd)
if ! ruby -r fiddle -e 'exit RUBY_VERSION >= "3.0"' 2>/dev/null; then
  echo "ruby 3 with fiddle is not installed" >&2
  exit 77
fi
exec ruby -w -I "$here/../../../abi/bindings/ruby/lib" "$here/host.rb" "$1" "$2" "$3"
