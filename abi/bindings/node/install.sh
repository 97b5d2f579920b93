#!/bin/sh
# install.sh FOLDER: this package and koffi into FOLDER/node_modules, as a host's own installation does it;
# for tests. Exit status 77 and a sentence where Node 20 or npm is missing, or koffi cannot be fetched.
here=$(cd "$(dirname "$0")" && pwd)
if ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null ||
  ! npm --version >/dev/null 2>&1; then
  echo "node 20 and npm are not installed" >&2
  exit 77
fi
cd "$1" || exit 1
[ -f package.json ] || echo '{"private": true}' >package.json
if ! timeout 90 npm install --install-links --prefer-offline --no-audit --no-fund --no-package-lock \
  --ignore-scripts "$here" >npm.log 2>&1; then
  echo "npm cannot install koffi: $(tail -n 1 npm.log)" >&2
  exit 77
fi
