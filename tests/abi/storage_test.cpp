// clv_engine_options.storage: what libclv asks of a storage, and what it does not believe.
#include "clv_storage.h"
#include "support.hpp"

namespace clv_test {
namespace {

// A database that cannot be reached: open fails, and nothing else may be called but what says why.
struct unreachable {
  clv_status answer = CLV_E_IO;
  int opened = 0, closed = 0;
};

clv_status open_fails(void* host, const char* name, uint32_t mode, clv_storage_connection** out) {
  auto* self = static_cast<unreachable*>(host);
  ++self->opened;
  EXPECT_STREQ(name, "somewhere");
  EXPECT_EQ(mode, static_cast<uint32_t>(CLV_STORAGE_WRITE));
  *out = reinterpret_cast<clv_storage_connection*>(self);
  return self->answer;
}
clv_status open_without_memory(void*, const char*, uint32_t, clv_storage_connection**) {
  return CLV_E_NO_MEMORY;
}
void count_close(clv_storage_connection* c) {
  ++reinterpret_cast<unreachable*>(c)->closed;
}
const char* its_label(const clv_storage_connection*) {
  return "store 'somewhere'";
}
const char* its_words(const clv_storage_connection*) {
  return "nobody answers";
}
template <typename... Arguments>
clv_status never(Arguments...) {
  ADD_FAILURE() << "a storage that failed to open was used";
  return CLV_E_INTERNAL;
}
void never_rollback(clv_storage_connection*) {
  ADD_FAILURE() << "a storage that failed to open was used";
}
void never_statement(clv_storage_statement*) {
  ADD_FAILURE() << "there was no statement";
}

clv_storage table_of(unreachable& host) {
  clv_storage s = CLV_SIZED(clv_storage);
  s.abi = CLV_ABI_TARGET;
  s.ctx = &host;
  s.open = open_fails;
  s.close = count_close;
  s.label = its_label;
  s.last_error = its_words;
  s.count_tables = never;
  s.begin = never;
  s.commit = never;
  s.rollback = never_rollback;
  s.execute = never;
  s.prepare = never;
  s.finalize = never_statement;
  s.bind_i64 = never;
  s.bind_f64 = never;
  s.bind_text = never;
  s.bind_null = never;
  s.step = never;
  s.reset = never_statement;
  s.run = never;
  s.queue = never;
  s.outcome = never;
  s.changes = never;
  s.column_type = [](const clv_storage_statement*, int32_t) -> int32_t { return 0; };
  s.column_i64 = [](const clv_storage_statement*, int32_t) -> int64_t { return 0; };
  s.column_f64 = [](const clv_storage_statement*, int32_t) { return 0.0; };
  s.column_text = [](const clv_storage_statement*, int32_t, int64_t*) -> const char* {
    return nullptr;
  };
  return s;
}

clv_status open_on(const clv_storage& s, std::string* text = nullptr) {
  const diag_ptr diag = new_diag();
  clv_engine_options o = CLV_SIZED(clv_engine_options);
  o.path = "somewhere";
  o.storage = &s;
  clv_engine* engine = nullptr;
  const clv_status status = clv_engine_open(&o, &engine, diag.get());
  EXPECT_EQ(engine, nullptr);
  if (text != nullptr) *text = said(diag);
  return status;
}

TEST(storage, that_cannot_be_opened_says_why_in_its_own_words_and_is_closed) {
  unreachable host;
  std::string text;
  EXPECT_EQ(open_on(table_of(host), &text), CLV_E_IO);
  EXPECT_NE(text.find("store 'somewhere': nobody answers"), std::string::npos) << text;
  EXPECT_EQ(host.opened, 1);
  EXPECT_EQ(host.closed, 1);
}

TEST(storage, statuses_that_are_none_of_ours_are_internal) {
  unreachable host{.answer = -77};
  EXPECT_EQ(open_on(table_of(host)), CLV_E_INTERNAL);
  host.answer = CLV_E_BUSY;
  EXPECT_EQ(open_on(table_of(host)), CLV_E_BUSY);
}

TEST(storage, without_a_connection_is_out_of_memory) {
  unreachable host;
  clv_storage s = table_of(host);
  s.open = open_without_memory;
  EXPECT_EQ(open_on(s), CLV_E_NO_MEMORY);
  EXPECT_EQ(host.closed, 0);
}

TEST(storage, must_have_every_function) {
  unreachable host;
  for (int which = 0; which < 3; ++which) {
    clv_storage s = table_of(host);
    if (which == 0) s.open = nullptr;
    if (which == 1) s.queue = nullptr;
    if (which == 2) s.column_text = nullptr;
    EXPECT_EQ(open_on(s), CLV_E_INVALID);
  }
  EXPECT_EQ(host.opened, 0);
}

TEST(storage, of_another_abi_is_refused_before_it_is_called) {
  unreachable host;
  clv_storage s = table_of(host);
  s.abi = CLV_ABI_PACK(CLV_ABI_MAJOR + 1, 0);
  EXPECT_EQ(open_on(s), CLV_E_ABI);
  s = table_of(host);
  s.struct_size = 3;
  EXPECT_EQ(open_on(s), CLV_E_INVALID);
  EXPECT_EQ(host.opened, 0);
}

}  // namespace
}  // namespace clv_test
