#!/bin/sh
# run_tests.sh LIBRARY PLUGIN: builds the gem, installs it into a folder of its own, and tests that.
# Exit status 77 (skipped) where Ruby 3 or its Fiddle is not installed.
set -e
here=$(cd "$(dirname "$0")" && pwd)
if ! ruby -r fiddle -e 'exit RUBY_VERSION >= "3.0"' 2>/dev/null; then
  echo "skipped: ruby 3 with fiddle is not installed"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GEM_HOME="$work" LC_ALL=C.UTF-8
(cd "$here/../../../abi/bindings/ruby" && gem build --silent --force clv.gemspec -o "$work/clv.gem")
gem install --silent --local --no-document "$work/clv.gem"
for test in "$here"/*_test.rb; do
  ruby -w "$test" "$1" "$2"
done
