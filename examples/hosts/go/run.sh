#!/bin/sh
# run.sh LIBRARY PLUGIN ORDERS WORK: see ../README.md
set -e
here=$(cd "$(dirname "$0")" && pwd)
abi=$here/../../../abi
command -v go >/dev/null || { echo "no Go here" >&2; exit 77; }
command -v "${CC:-cc}" >/dev/null || { echo "no C compiler for cgo here" >&2; exit 77; }
case $(go env GOVERSION) in
  go1.[0-9] | go1.[0-9].* | go1.1[0-9]* | go1.20*) echo "$(go env GOVERSION) is here, 1.21 is needed" >&2; exit 77 ;;
esac
export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off GOWORK=off CGO_ENABLED=1 PKG_CONFIG_PATH=$4
# Go caches what pkg-config said, by these flags: they name the folder, so that another is another, and the
# rpath, so that a build without it is another as well.
export CGO_LDFLAGS="-O2 -g -L$(dirname "$1") -Wl,-rpath,$(dirname "$1")"
# What an installed package brings along: this one is of the build tree.
printf 'Name: clv\nDescription: the library given\nVersion: 0\nCflags: -I%s\nLibs: -L%s -l:%s -Wl,-rpath,%s\n' \
  "$abi/include" "$(dirname "$1")" "$(basename "$1")" "$(dirname "$1")" >"$4/clv.pc"
cp "$here/host.go" "$4" && cd "$4"
go mod init host 2>/dev/null
go mod edit -require clv@v0.0.0 -replace clv="$abi/bindings/go"
go vet ./...
go build -o host .
exec ./host "$1" "$2" "$3"
