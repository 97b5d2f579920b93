#!/bin/sh
# install.sh FOLDER [PACKAGE]: this package, or the one in that folder, and koffi into FOLDER/node_modules, as a
# host's own installation does it; for tests. Exit status 77 and a sentence where Node 20 or npm is missing, or
# koffi cannot be fetched; 1 where the package is at fault.
package=${2:-$(cd "$(dirname "$0")" && pwd)}
if ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null ||
  ! npm --version >/dev/null 2>&1; then
  echo "node 20 and npm are not installed" >&2
  exit 77
fi
cd "$1" || exit 1
if ! (cd "$package" && npm pack --dry-run --ignore-scripts) >npm.log 2>&1; then
  cat npm.log >&2
  exit 1
fi
[ -f package.json ] || echo '{"private": true}' >package.json
timeout 90 npm install --install-links --prefer-offline --no-audit --no-fund --no-package-lock \
  --ignore-scripts "$package" >npm.log 2>&1
status=$?
[ $status -eq 0 ] && exit 0
if [ $status -ne 124 ] && timeout 90 npm view koffi version >/dev/null 2>&1; then # it could have been fetched
  cat npm.log >&2
  exit 1
fi
echo "npm cannot install koffi: $(grep -m 1 " code " npm.log || tail -n 1 npm.log)" >&2
exit 77
