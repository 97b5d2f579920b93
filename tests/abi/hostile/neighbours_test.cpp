// neighbours_test <libclv.so> <folder>: a host that has protobuf, gRPC and SQLite of its own in use
// when it loads libclv. All of them work before, beside and after it, each on its own data.
#include <dlfcn.h>
#include <google/protobuf/struct.pb.h>
#include <grpcpp/grpcpp.h>
#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "clv.h"

namespace {

int failures = 0;

void expect(bool good, const char* what) {
  std::printf("%s %s\n", good ? "ok   " : "FAIL ", what);
  failures += good ? 0 : 1;
}

template <typename Function>
Function* find(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

bool protobuf_works() {
  google::protobuf::Struct message;
  (*message.mutable_fields())["customer"].set_string_value("ana");
  google::protobuf::Struct again;
  return again.ParseFromString(message.SerializeAsString()) &&
         again.fields().at("customer").string_value() == "ana";
}

bool grpc_works() {
  const auto channel =
      grpc::CreateChannel("unix:/nowhere/at/all", grpc::InsecureChannelCredentials());
  return channel->GetState(true) != GRPC_CHANNEL_SHUTDOWN;
}

bool rows_are(sqlite3* of, int wanted) {
  sqlite3_stmt* s = nullptr;
  if (sqlite3_prepare_v2(of, "SELECT count(*) FROM mine", -1, &s, nullptr) != SQLITE_OK)
    return false;
  const bool good = sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0) == wanted;
  sqlite3_finalize(s);
  return good;
}

bool libclv_works(void* library, const std::string& path) {
  const auto open = find<decltype(clv_engine_open)>(library, "clv_engine_open");
  const auto close = find<decltype(clv_engine_free)>(library, "clv_engine_free");
  const auto model = find<decltype(clv_engine_model)>(library, "clv_engine_model");
  const auto sequence = find<decltype(clv_engine_sequence)>(library, "clv_engine_sequence");
  if (open == nullptr || close == nullptr || model == nullptr || sequence == nullptr) return false;
  clv_engine_options options = CLV_SIZED(clv_engine_options);
  options.path = path.c_str();
  clv_engine* engine = nullptr;
  if (open(&options, &engine, nullptr) != CLV_OK) return false;
  std::int64_t last = -1;
  const bool good = sequence(engine, "stream", &last, nullptr) == CLV_OK && last == 0;
  // A refusal is an exception inside: it must find its own handlers among the neighbours'.
  clv_model* none = nullptr;
  const bool refused = model(engine, nullptr, &none, nullptr) == CLV_E_STATE;
  close(engine);
  return good && refused;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string folder = argv[2];
  const std::string own = folder + "/own.db", store = folder + "/store.clv";
  std::remove(own.c_str());
  std::remove(store.c_str());
  sqlite3* mine = nullptr;
  expect(sqlite3_open(own.c_str(), &mine) == SQLITE_OK, "the host opens a database");
  expect(sqlite3_exec(mine,
                      "CREATE TABLE mine(x); BEGIN; INSERT INTO mine VALUES(1)",
                      nullptr,
                      nullptr,
                      nullptr) == SQLITE_OK,
         "and is inside a transaction");
  expect(protobuf_works() && grpc_works(), "protobuf and gRPC work before");
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) std::puts(dlerror());
  expect(library != nullptr, "libclv is loaded beside them");
  expect(library != nullptr && libclv_works(library, store), "libclv works beside them");
  expect(rows_are(mine, 1) && sqlite3_exec(mine, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK,
         "the host's transaction is as it was");
  expect(protobuf_works() && grpc_works(), "protobuf and gRPC work beside it");
  expect(library != nullptr && dlclose(library) == 0, "libclv is closed");
  expect(rows_are(mine, 1), "the host's rows are there afterwards");
  expect(protobuf_works() && grpc_works(), "protobuf and gRPC work afterwards");
  sqlite3_close(mine);
  return failures == 0 ? 0 : 1;
}
