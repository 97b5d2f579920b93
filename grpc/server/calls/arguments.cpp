#include "calls/arguments.hpp"

namespace clvd {

std::string text_argument(const char* field, const std::string& text) {
  if (text.find('\0') != std::string::npos) {
    throw invalid_field("INVALID_VALUE", field, "the text holds a NUL");
  }
  return text;
}

result_ptr taken(clv_job* job) {
  const diag_ptr diag(clv_diag_new());
  clv_result* table = nullptr;
  check(clv_job_take_result(job, nullptr, &table, diag.get()), diag.get());
  return result_ptr(table);
}

void add_warnings(const std::vector<note>& notes,
                  google::protobuf::RepeatedPtrField<clv::v1::Warning>& to) {
  for (const note& n : notes) {
    clv::v1::Warning& warning = *to.Add();
    warning.set_plugin(n.plugin);
    warning.set_message(n.message);
  }
}

}  // namespace clvd
