#!/bin/sh
# run.sh LIBRARY SOURCE_TREE WORK: formats, vets and tests the Go binding.
set -e
command -v go >/dev/null || { echo "skipped: no Go here"; exit 77; }
command -v "${CC:-cc}" >/dev/null || { echo "skipped: no C compiler for cgo here"; exit 77; }
case $(go env GOVERSION) in
  go1.[0-9] | go1.[0-9].* | go1.1[0-9]* | go1.20*) echo "skipped: $(go env GOVERSION) is here, 1.21 is needed"; exit 77 ;;
esac
mkdir -p "$3"
folder=$(dirname "$1")
printf 'Name: clv\nDescription: the library given\nVersion: 0\nCflags: -I%s\nLibs: -L%s -l:%s -Wl,-rpath,%s\n' \
  "$2/abi/include" "$folder" "$(basename "$1")" "$folder" >"$3/clv.pc"
export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off GOWORK=off CGO_ENABLED=1 PKG_CONFIG_PATH="$3"
# Go caches what pkg-config said, by these flags: they name the folder, so that another is another, and the
# rpath, so that a build without it is another as well.
export CGO_LDFLAGS="-O2 -g -L$folder -Wl,-rpath,$folder"
cd "$2/abi/bindings/go"
unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "not as gofmt writes it: $unformatted"; exit 1; }
go vet ./...
# cgocheck: a pointer of Go's that C must not have is a panic.
GODEBUG=cgocheck=1 go test -count=1 ./...
