#!/bin/sh
# run.sh LIBRARY SOURCE_TREE WORK: compiles the Java binding with its tests and runs them.
set -e
jna=${CLV_JNA:-/usr/share/java/jna.jar}
command -v javac >/dev/null || { echo "skipped: no Java compiler (javac) here"; exit 77; }
[ -f "$jna" ] || { echo "skipped: no JNA here: package libjna-java, or CLV_JNA=jna.jar"; exit 77; }
mkdir -p "$3"
javac --release 8 -Xlint:all,-options -Werror -encoding UTF-8 -cp "$jna" -d "$3" \
  "$2"/abi/bindings/java/src/org/libclv/*.java "$2"/tests/bindings/java/*.java
# Another encoding than the texts' own.
exec java -Dfile.encoding=ISO-8859-1 -cp "$jna:$3" BindingTest "$1" "$2/abi/symbols.map"
