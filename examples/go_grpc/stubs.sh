#!/bin/sh
# Writes clvv1/, the Go code of clv.v1, into this folder: sh stubs.sh ../../grpc/proto
# The .proto files name no Go package, so that each client gives them one of its own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:?usage: stubs.sh PROTO_FOLDER}"
status=Mgoogle/rpc/status.proto=google.golang.org/genproto/googleapis/rpc/status
set -- --go_opt="$status" --go-grpc_opt="$status"
for proto in clv/v1/*.proto; do
  set -- "$@" --go_opt="M$proto=clv_client/clvv1" --go-grpc_opt="M$proto=clv_client/clvv1"
done
protoc -I . --go_out="$here" --go_opt=module=clv_client \
  --go-grpc_out="$here" --go-grpc_opt=module=clv_client "$@" clv/v1/*.proto
