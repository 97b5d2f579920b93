// Any settings of any segmentation. First line: the scheme; the rest: its JSON.
#include <cmath>

#include "through_c.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace clv::fuzz;
  std::string_view rest = text_of(data, size);
  const std::string scheme = first_line(rest);
  const std::string json(rest);
  clv_segment_options options = CLV_SIZED(clv_segment_options);
  options.scheme = scheme.c_str();
  options.options_json = json.c_str();
  const clv_batch scores = batch_of(*small_market().scores);
  const result_ptr segments = table_of([&](clv_job** job, clv_diag* diag) {
    return clv_segment_begin(&options, &scores, job, diag);
  });
  if (segments == nullptr) return 0;
  require(clv_result_rows(segments.get()) == scores.n_rows, "a segment for every customer");
  read_through(*segments);
  return 0;
}
