#!/usr/bin/env bash
# bindings.sh PREFIX LIBDIR DATADIR: the bindings are installed, and work from there with the library installed
# beside them; those whose language is not here are looked for and not run.
set -euo pipefail
bindings=$1/$3/clv/bindings
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

version=$(PYTHONPATH=$bindings/python python3 -c 'import libclv; print(libclv.Clv().version)')
same() {
  [ "$2" = "$version" ] || { echo "$1 says version '$2', Python '$version'" >&2; exit 1; }
}
if php -r 'exit(PHP_VERSION_ID >= 80100 && extension_loaded("FFI") ? 0 : 1);' 2>/dev/null; then
  program="require '$bindings/php/autoload.php'; echo Clv\\Library::load()->version();"
  same PHP "$(php -d ffi.enable=1 -r "$program")"
fi
if ruby -r fiddle -e 'exit RUBY_VERSION >= "3.0"' 2>/dev/null; then
  same Ruby "$(ruby -w -I "$bindings/ruby/lib" -r clv -e 'puts Clv.load.version')"
fi
# As a host has it: installed with npm, which brings koffi; without a registry it stays undone.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
if node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null \
  && timeout 60 npm install --install-links --prefer-offline --no-audit --no-fund --no-package-lock \
    --ignore-scripts "$bindings/node" >npm.log 2>&1; then
  same Node "$(node -e "console.log(require('libclv').load().version)")"
fi
