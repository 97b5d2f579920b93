#!/bin/sh
# run.sh LIBRARY SOURCE_TREE WORK: compiles the .NET binding with its tests and runs them, by Mono.
set -e
for tool in mcs mono; do
  command -v $tool >/dev/null || { echo "skipped: no $tool here (packages mono-mcs, mono-runtime)"; exit 77; }
done
mkdir -p "$3"
ln -sf "$1" "$3/libclv.so.1"
mcs -nologo -unsafe -warnaserror -codepage:utf8 -r:System.Core -out:"$3/binding_test.exe" \
  "$2"/abi/bindings/dotnet/*.cs "$2"/tests/bindings/dotnet/*.cs
LD_LIBRARY_PATH="$3${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec mono "$3/binding_test.exe" "$2/abi/symbols.map"
