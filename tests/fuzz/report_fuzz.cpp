// Any report with any options on any tables. First line: the report; second: its options; then,
// before each table in CSV, a line "--NAME SCHEMA". Without rows, schemas "transactions", "summary"
// and "scores" are those of a small market.
#include <deque>
#include <vector>

#include "through_c.hpp"

namespace {

using namespace clv::fuzz;

class given_tables {
 public:
  explicit given_tables(std::string_view sections) {
    constexpr std::size_t most = 6;
    while (sections.starts_with("--") && inputs_.size() < most) {
      const std::string head = first_line(sections).substr(2);
      const std::size_t end = sections.find("\n--");
      const std::string_view csv = sections.substr(0, end == sections.npos ? end : end + 1);
      sections.remove_prefix(csv.size());
      add(head, csv);
    }
  }
  given_tables(const given_tables&) = delete;
  given_tables& operator=(const given_tables&) = delete;

  const std::vector<clv_named_batch>& inputs() {
    for (std::size_t i = 0; i < inputs_.size(); ++i) inputs_[i].name = names_[i].c_str();
    return inputs_;
  }

 private:
  std::deque<std::string> names_;
  std::deque<clv_batch> batches_;
  std::vector<result_ptr> tables_;
  std::vector<clv_named_batch> inputs_;

  void add(const std::string& head, std::string_view csv) {
    const std::size_t space = head.find(' ');
    const std::string schema = space == head.npos ? head : head.substr(space + 1);
    names_.push_back(head.substr(0, space));
    if (schema == "transactions" && csv.empty()) return point(*small_market().transactions);
    if (schema == "summary" && csv.empty()) return point(*small_market().summary);
    if (schema == "scores" && csv.empty()) return point(*small_market().scores);
    tables_.push_back(table_of_csv(csv, schema.c_str()));
    if (tables_.back() == nullptr) return names_.pop_back();
    point(*tables_.back());
  }
  void point(const clv_result& table) {
    batches_.push_back(batch_of(table));
    inputs_.push_back({nullptr, &batches_.back()});
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  const std::string report = first_line(rest);
  const std::string options = first_line(rest);
  given_tables tables(rest);
  const auto& inputs = tables.inputs();
  const result_ptr answer = table_of([&](clv_job** job, clv_diag* diag) {
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = report.c_str();
    asked.options_json = options.c_str();
    asked.model = small_market().model.get();
    asked.inputs = inputs.data();
    asked.n_inputs = static_cast<std::int32_t>(inputs.size());
    return clv_report_begin(&asked, job, diag);
  });
  if (answer != nullptr) read_through(*answer);
  return 0;
}
