#!/usr/bin/env bash
# bindings.sh PREFIX LIBDIR DATADIR: the bindings are installed, and work from there with the library installed
# beside them; those whose language is not here are looked for and not run, which is said.
set -euo pipefail
bindings=$1/$3/clv/bindings
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../abi/bindings" && pwd)
export LD_LIBRARY_PATH=$1/$2 LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
for file in clv_ffi.h python/libclv/clv.py python/README.md node/index.js node/index.d.ts node/declarations.d.ts \
  node/package.json php/autoload.php php/clv_preload.php php/clv_scope.h php/composer.json php/src/Library.php \
  ruby/clv.gemspec ruby/lib/clv.rb ruby/lib/clv/declarations.rb java/src/org/libclv/Native.java go/go.mod \
  dotnet/Native.cs ../REFERENCE.md; do
  [ -f "$bindings/$file" ] || { echo "$file is not installed" >&2; exit 1; }
done
if find "$bindings" -name '*_test*' -o -name __pycache__ -o -name install.sh | grep .; then
  echo "the files above must not be installed" >&2
  exit 1
fi
# Where the READMEs say that something is installed, there it is.
for path in $(grep -rhoE '/usr/share/[[:alnum:]_./-]+' "$bindings"/*/README.md | sort -u); do
  [ -e "$1/$3/${path#/usr/share/}" ] || { echo "a README names $path, which is not installed" >&2; exit 1; }
done

version=$(PYTHONPATH=$bindings/python python3 -c 'import libclv; print(libclv.Clv().version)')
same() {
  [ "$2" = "$version" ] || { echo "$1 says version '$2', Python '$version'" >&2; exit 1; }
}
left_out() { echo "not run from there: $*"; }
if php -r 'exit(PHP_VERSION_ID >= 80100 && extension_loaded("FFI") ? 0 : 1);' 2>/dev/null; then
  program="require '$bindings/php/autoload.php'; echo Clv\\Library::load()->version();"
  same PHP "$(php -d ffi.enable=1 -r "$program")"
else
  left_out "PHP: php 8.1 with FFI is not installed"
fi
if ruby -r fiddle -e 'exit RUBY_VERSION >= "3.0"' 2>/dev/null; then
  same Ruby "$(ruby -w -I "$bindings/ruby/lib" -r clv -e 'puts Clv.load.version')"
else
  left_out "Ruby: ruby 3 with fiddle is not installed"
fi
# As a host has it: installed with npm, which brings koffi.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
installed=0
"$sources/node/install.sh" "$work" "$bindings/node" 2>"$work/why" || installed=$?
case $installed in
  0) same Node "$(cd "$work" && node -e "console.log(require('libclv').load().version)")" ;;
  77) left_out "Node: $(cat "$work/why")" ;;
  *) cat "$work/why" >&2; exit 1 ;;
esac
left_out "Java, Go, .NET, C++: they are compiled, which the tests of the bindings do; their files are there"
