#include "report_inputs.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "batch.hpp"
#include "guard.hpp"
#include "model.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

constexpr std::int32_t most_inputs = 256;
constexpr std::size_t longest_name = 256;

// "" for a table the report does not take: the core says so, naming those it does.
std::string_view schema_of(const report& r, std::string_view table) {
  const auto at = std::ranges::find(r.inputs, table, &report_input::name);
  return at == r.inputs.end() ? std::string_view() : at->schema;
}

std::string name_of(const clv_named_batch& input, std::int32_t number) {
  const std::string which = "inputs[" + std::to_string(number) + "].name";
  const char* const text = required(input.name, which.c_str());
  std::string name(text, ::strnlen(text, longest_name + 1));
  const bool good =
      !name.empty() && name.size() <= longest_name && first_bad_utf8(name) == std::string::npos;
  if (!good) throw error(status::invalid, which + " is not a short UTF-8 text");
  return name;
}

// Several tables come in: what is wrong with one says with which.
std::shared_ptr<const table> read_input(const report& r,
                                        const std::string& name,
                                        const clv_batch* batch) {
  const std::string argument = "table '" + name + "'";
  try {
    return read_batch(batch, name.c_str(), schema_of(r, name));
  } catch (const error& e) {
    issue told = e.details();
    if (told.message.find("'" + name + "'") == std::string::npos) {
      told.message = argument + ": " + told.message;
    }
    throw error(std::move(told));
  }
}

// Checked before any is read.
void check_count(const clv_report_options& asked) {
  const std::int32_t n = asked.n_inputs;
  if (n < 0) throw error(status::invalid, "n_inputs is " + std::to_string(n));
  if (n > most_inputs) {
    throw error(status::limit,
                "n_inputs is " + std::to_string(n) + "; at most " + std::to_string(most_inputs) +
                    " are read");
  }
  if (n > 0) required(asked.inputs, "inputs");
}

report_inputs read_inputs(const report& r, const clv_report_options& asked) {
  check_count(asked);
  report_inputs read;
  for (std::int32_t i = 0; i < asked.n_inputs; ++i) {
    std::string name = name_of(asked.inputs[i], i);
    if (read.has(name)) throw error(status::invalid, "table '" + name + "' is given twice");
    auto rows = read_input(r, name, asked.inputs[i].batch);
    read.tables.emplace(std::move(name), std::move(rows));
  }
  if (asked.model != nullptr) read.model = required(asked.model, "model")->core;
  return read;
}

}  // namespace

report_request read_request(const clv_report_options* options) {
  const clv_report_options asked = read_sized(required(options, "options"), "options");
  const report& r = find_report(required(asked.report, "report"));
  return {&r, text_of(asked.options_json), read_inputs(r, asked)};
}

}  // namespace clv::abi
