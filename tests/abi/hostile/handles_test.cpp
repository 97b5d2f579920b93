// A handle that was freed, one of another kind, one freed twice: a sentence, never a crash, as far
// as the memory tells (abi/README.md says how far that is).
#include "handle_uses.hpp"

namespace clv_hostile {
namespace {

// A sanitizer's allocator ends the process at the first look at freed memory, as it should.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool freed_memory_can_be_looked_at = false;
#else
constexpr bool freed_memory_can_be_looked_at = true;
#endif

void expect_refused(const handle_use& use, void* handle, const std::string& what) {
  const diag_ptr diag = new_diag();
  EXPECT_EQ(use.call(handle, diag.get()), CLV_E_INVALID) << use.function << " took " << what;
  if (!has_status(use) || clv_diag_count(diag.get()) == 0) return;  // some take no diag
  EXPECT_NE(said(diag).find("is no such handle"), std::string::npos)
      << use.function << " of " << what << ": " << said(diag);
}

TEST(handles, of_another_kind_are_refused_by_every_function) {
  for (const std::string& kind : handle_kinds()) {
    void* other = new_handle(kind);
    for (const handle_use& use : handle_uses()) {
      if (use.kind != kind) expect_refused(use, other, "a clv_" + kind);
    }
    free_handle(kind, other);
  }
}

TEST(handles, that_were_freed_are_refused_by_every_function) {
  if (!freed_memory_can_be_looked_at) GTEST_SKIP() << "the sanitizer looks at freed memory itself";
  small_market();
  for (const handle_use& use : handle_uses()) {
    void* handle = new_handle(use.kind);
    free_handle(use.kind, handle);
    expect_refused(use, handle, "a freed clv_" + use.kind);
  }
}

TEST(handles, are_freed_once_however_often_they_are_freed) {
  if (!freed_memory_can_be_looked_at) GTEST_SKIP() << "the sanitizer looks at freed memory itself";
  for (const std::string& kind : handle_kinds()) {
    void* handle = new_handle(kind);
    free_handle(kind, handle);
    free_handle(kind, handle);
  }
}

TEST(handles, are_not_freed_as_something_else) {
  for (const std::string& kind : handle_kinds()) {
    void* handle = new_handle(kind);
    for (const std::string& other : handle_kinds()) {
      if (other != kind) free_handle(other, handle);
    }
    for (const handle_use& use : handle_uses()) {
      if (use.function == "clv_result_columns" && kind == "result") {
        EXPECT_EQ(use.call(handle, nullptr), CLV_OK) << "it is still there";
      }
    }
    free_handle(kind, handle);
  }
}

TEST(handles, that_are_a_text_are_refused_by_every_function) {
  alignas(8) char text[64] = "not a handle at all, as a language without types may pass one";
  for (const handle_use& use : handle_uses()) expect_refused(use, text, "a text");
}

TEST(handles, of_a_diag_that_was_freed_cost_the_complaint_only) {
  if (!freed_memory_can_be_looked_at) GTEST_SKIP() << "the sanitizer looks at freed memory itself";
  clv_diag* diag = clv_diag_new();
  clv_diag_free(diag);
  clv_result* out = nullptr;
  EXPECT_EQ(clv_catalogue("nothing", &out, diag), CLV_E_NOT_FOUND);
  EXPECT_EQ(out, nullptr);
}

}  // namespace
}  // namespace clv_hostile
