#!/usr/bin/env bash
# install.sh CMAKE BUILD_FOLDER PREFIX: installs into a folder that is then moved to PREFIX, because
# nothing that is installed may remember where it was. And once stripped: what tests need of the library is left out.
set -euo pipefail
rm -rf "$3" "$3.first" "$3.stripped"
"$1" --install "$2" --prefix "$3.first" >"$3.log"
mv "$3.first" "$3"
if grep -rIl -e "$3.first" -e "$2" "$3" --include='*.cmake' --include='*.pc' --include='*.h'; then
  echo "the files above hold a path of the build or of the first prefix" >&2
  exit 1
fi

"$1" --install "$2" --strip --prefix "$3.stripped" >>"$3.log"
library=$(find "$3.stripped" -name 'libclv.so.?.*' -not -path '*/.debug/*')
[ -f "$library" ] || { echo "no library is installed, or two are: '$library'" >&2; exit 1; }
if LC_ALL=C readelf -SW "$library" | grep -F .debug_info; then
  echo "$library holds debug information, though stripped" >&2
  exit 1
fi
rm -rf "$3.stripped"
