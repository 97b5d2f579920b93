// The C ABI as a hostile host would use it: any status is an answer, but a failure says why, and
// nothing is ever a bug of libclv.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "clv.h"
#include "promise.hpp"

namespace clv::fuzz {

template <auto Free>
struct frees {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
using diag_ptr = std::unique_ptr<clv_diag, frees<clv_diag_free>>;
using job_ptr = std::unique_ptr<clv_job, frees<clv_job_free>>;
using model_ptr = std::unique_ptr<clv_model, frees<clv_model_free>>;
using result_ptr = std::unique_ptr<clv_result, frees<clv_result_free>>;

// Aborts unless `status` is success, or a failure that is the input's and was explained.
bool succeeded(clv_status status, const clv_diag* diag);

// Steps the job for at most a second, then cancels it: options may ask for years of work.
bool ran(clv_job* job);

// The main table of what `begin` starts, or null when the input was refused. Its text is well
// formed and its CSV can be written.
template <typename Begin>
result_ptr table_of(Begin begin) {
  const diag_ptr diag(clv_diag_new());
  clv_job* made = nullptr;
  const clv_status status = begin(&made, diag.get());
  const job_ptr job(made);
  require((status >= 0) == (made != nullptr), "a job is made just when it is said");
  if (!succeeded(status, diag.get()) || !ran(job.get())) return nullptr;
  clv_result* table = nullptr;
  require(clv_job_take_result(job.get(), nullptr, &table, diag.get()) == CLV_OK,
          "a finished job has a main table",
          clv_diag_text(diag.get()));
  return result_ptr(table);
}

// Reads every cell of a table.
void read_through(const clv_result& table);

clv_batch batch_of(const clv_result& table);

// A CSV by the schema of that name, or null when it is none.
result_ptr table_of_csv(std::string_view text, const char* schema);

// Fixed tables to work on: a market of 24 customers, its summary and its scores.
struct market {
  model_ptr model;
  result_ptr transactions, summary, scores;
};
const market& small_market();

}  // namespace clv::fuzz
