#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md
set -e
here=$(cd "$(dirname "$0")" && pwd)
binding=$here/../../../abi/bindings/dotnet
# DllImport asks the loader for libclv.so.1, whatever the file's whole name is.
ln -s "$1" "$4/libclv.so.1"
export LD_LIBRARY_PATH="$4${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
if command -v mcs >/dev/null && command -v mono >/dev/null; then
  mcs -nologo -unsafe -warnaserror -codepage:utf8 -out:"$4/host.exe" "$binding"/*.cs "$here/Host.cs"
  exec mono "$4/host.exe" "$1" "$2" "$3"
fi
command -v dotnet >/dev/null || { echo "neither Mono (packages mono-mcs, mono-runtime) nor dotnet here" >&2; exit 77; }
cp "$binding"/*.cs "$here/Host.cs" "$here/host.csproj" "$4"
dotnet build --nologo --verbosity quiet --output "$4/out" "$4/host.csproj" >&2
exec dotnet "$4/out/host.dll" "$1" "$2" "$3"
