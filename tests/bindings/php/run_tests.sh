#!/bin/sh
# run_tests.sh LIBRARY PLUGIN. Exit status 77 (skipped) where PHP 8 or its FFI is not installed.
if ! php -r 'exit(PHP_VERSION_ID >= 80100 && extension_loaded("FFI") ? 0 : 1);' 2>/dev/null; then
  echo "skipped: php 8.1 with FFI is not installed"
  exit 77
fi
for test in "$(dirname "$0")"/*_test.php; do
  php -d ffi.enable=preload -d error_reporting=-1 -d display_errors=1 "$test" "$1" "$2" || exit 1
done
