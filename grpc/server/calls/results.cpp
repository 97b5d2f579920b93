#include "calls/results.hpp"

#include "calls/errors.hpp"

namespace clvd {
namespace {

// What `read(clv_result**, clv_diag*)` gives.
template <typename Read>
result_ptr result_of(Read read) {
  const diag_ptr diag(clv_diag_new());
  clv_result* table = nullptr;
  check(read(&table, diag.get()), diag.get());
  return result_ptr(table);
}

}  // namespace

std::string text_at(const clv_result& table, const char* column, std::int64_t row) {
  std::int64_t length = 0;
  const char* text = clv_result_text(&table, clv_result_find(&table, column), row, &length);
  return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(length));
}

double number_at(const clv_result& table, const char* column, std::int64_t row) {
  return clv_result_number(&table, clv_result_find(&table, column), row);
}

result_ptr taken(clv_job* job, const char* name) {
  return result_of(
      [&](clv_result** to, clv_diag* diag) { return clv_job_take_result(job, name, to, diag); });
}

result_ptr stored_table(clv_engine* engine, const char* name) {
  auto what = CLV_SIZED(clv_table_options);
  what.table = name;
  const diag_ptr diag(clv_diag_new());
  clv_job* begun = nullptr;
  check(clv_engine_read_begin(engine, &what, &begun, diag.get()), diag.get());
  const job_ptr reading(begun);
  check(clv_job_step(reading.get(), 0, diag.get()), diag.get());
  return taken(reading.get());
}

result_ptr catalogue(const char* name) {
  return result_of([&](clv_result** to, clv_diag* diag) { return clv_catalogue(name, to, diag); });
}

}  // namespace clvd
