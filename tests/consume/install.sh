#!/usr/bin/env bash
# install.sh CMAKE BUILD_FOLDER PREFIX: installs into a folder that is then moved to PREFIX, because
# nothing that is installed may remember where it was.
set -euo pipefail
rm -rf "$3" "$3.first"
"$1" --install "$2" --prefix "$3.first" >"$3.log"
mv "$3.first" "$3"
if grep -rIl -e "$3.first" -e "$2" "$3" --include='*.cmake' --include='*.pc' --include='*.h'; then
  echo "the files above hold a path of the build or of the first prefix" >&2
  exit 1
fi
