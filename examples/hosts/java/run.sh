#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md
here=$(cd "$(dirname "$0")" && pwd)
jna=${CLV_JNA:-/usr/share/java/jna.jar}
command -v javac >/dev/null || { echo "no Java compiler (javac) here" >&2; exit 77; }
[ -f "$jna" ] || { echo "no JNA here: package libjna-java, or CLV_JNA=jna.jar" >&2; exit 77; }
javac --release 8 -Xlint:-options -encoding UTF-8 -cp "$jna" -d "$4" \
  "$here"/../../../abi/bindings/java/src/org/libclv/*.java "$here/Host.java" &&
  exec java -Dfile.encoding=UTF-8 -cp "$jna:$4" Host "$1" "$2" "$3"
