#include "given_json.hpp"

#include "../failure.hpp"
#include "../handles.hpp"
#include "../rows.hpp"
#include "../text.hpp"

namespace cli {
namespace {

// It is handed on as an argument, which has a size that the system limits.
constexpr std::size_t most_bytes = 100'000;
constexpr char white[] = " \t\r\n";  // between the words of JSON

// "" or what report market has against these options. `ask` also lets it read their meaning, with
// one customer, so that nothing is simulated that takes time.
std::string complaint_of_market(const std::string& options, bool ask) {
  const diag d;
  auto asked = sized<clv_report_options>();
  asked.report = "market";
  asked.options_json = options.c_str();
  clv_job* raw = nullptr;
  try {
    d.check(clv_report_begin(&asked, &raw, d.get()), "");
    const job work(raw);
    if (ask) d.check(clv_job_step(work.get(), 0, d.get()), "");
    return "";
  } catch (const failure& e) {
    return e.what();
  }
}

// libclv says where a text stops being JSON before it looks for options in it.
void expect_json(const std::string& text, const std::string& from) {
  if (text.size() > most_bytes) {
    misuse(from + ": " + grouped(static_cast<std::int64_t>(text.size())) + " bytes, of at most " +
           grouped(most_bytes));
  }
  if (const std::size_t at = text.find('\0'); at != std::string::npos) {
    misuse(from + ": not JSON: byte " + std::to_string(at + 1) + " is zero");
  }
  if (text.find_first_not_of(white) == std::string::npos) misuse(from + ": it is empty");
  const std::string complaint = complaint_of_market(text, false);
  if (complaint.starts_with("not JSON")) misuse(from + ": " + complaint);
}

char first_sign_of(const std::string& json) {
  return json[json.find_first_not_of(white)];
}

std::string read_given(const std::string& path) {
  try {
    return read_file(path);
  } catch (const failure& e) {
    misuse(e.what());
  }
}

}  // namespace

std::string given_config(const std::string& given) {
  const bool is_file = given.starts_with('@');
  const std::string from = is_file ? given.substr(1) : "--config";
  const std::string text = is_file ? read_given(from) : given;
  expect_json(text, from);
  if (first_sign_of(text) != '{') misuse(from + ": settings are a JSON object, {...}");
  // A file ends with a line's end; a plugin may compare its settings with "{}".
  const std::size_t first = text.find_first_not_of(white);
  return text.substr(first, text.find_last_not_of(white) + 1 - first);
}

std::string given_effects(const std::string& path) {
  std::string text = read_given(path);
  expect_json(text, path);
  if (first_sign_of(text) != '[') misuse(path + ": effects are a list of actions, [{...}]");
  const std::string complaint =
      complaint_of_market(R"({"customers": 1, "actions": )" + text + "}", true);
  if (!complaint.empty()) misuse(path + ": " + complaint);
  return text;
}

}  // namespace cli
