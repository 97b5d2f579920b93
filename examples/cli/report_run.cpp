#include "report_run.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "fact_tables.hpp"
#include "json.hpp"
#include "model_text.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "table_text.hpp"
#include "task.hpp"

namespace cli {
namespace {

struct pair_of_texts {
  std::string first, second;
};

pair_of_texts split_at(const std::string& text, char separator, const char* option) {
  const std::size_t at = text.find(separator);
  if (at == 0 || at == std::string::npos) {
    misuse(std::string(option) + ": '" + text + "' is not NAME" + separator + "VALUE");
  }
  return {text.substr(0, at), text.substr(at + 1)};
}

template <typename Items>
const auto& named(const Items& items, const std::string& name, const std::string& complaint) {
  const auto at = std::ranges::find(items, name, [](const auto& i) { return i.name; });
  if (at != items.end()) return *at;
  std::string names;
  for (const auto& i : items) names += (names.empty() ? "" : ", ") + i.name;
  misuse(complaint + " '" + name + "'", names.empty() ? "it takes none" : "known: " + names);
}

// A number as JSON writes it, or "": "007" and a date are no numbers.
std::string number_json(const std::string& value) {
  const std::size_t digits = value.starts_with('-') ? 1 : 0;
  const bool padded = value.size() > digits + 1 && value[digits] == '0' && value[digits + 1] != '.';
  double number = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = read.ec == std::errc{} && read.ptr == value.data() + value.size();
  if (padded || !whole || !std::isfinite(number)) return "";
  const bool integer = value.find_first_not_of("0123456789", digits) == std::string::npos;
  return integer ? value : json_number(number);  // a seed of 64 bits keeps its digits
}

std::string scalar_json(const std::string& value) {
  if (value == "true" || value == "false") return value;
  const std::string number = number_json(value);
  return number.empty() ? json_text(value) : number;
}

std::string options_json(const report_facts& report, const report_request& request) {
  json_object json;
  for (const auto& [name, value] : request.options) {
    json.add_json(name, option_json(named(report.options, name, "no option"), value));
  }
  return request.options.empty() ? "" : json.text();
}

// The stored table an input asks for: its own name, or that of its schema where only one input of
// the report has it; "" = none.
std::string stored_name(const report_facts& report, const report_input& input) {
  constexpr std::array<std::string_view, 11> derived{"transactions",
                                                     "summary",
                                                     "parameters",
                                                     "scores",
                                                     "segments",
                                                     "proposals",
                                                     "decisions",
                                                     "refusals",
                                                     "budget",
                                                     "resources",
                                                     "decision_log"};
  for (const std::string& name : {input.name, input.schema}) {
    const bool is_fact = std::ranges::find(fact_tables, name) != fact_tables.end();
    if (!is_fact && std::ranges::find(derived, name) == derived.end()) continue;
    const bool shared =
        name != input.name && std::ranges::count(report.inputs, name, &report_input::schema) > 1;
    if (!shared) return name;
  }
  return "";
}

// The tables of one run and what they were read from; batches borrow from them.
class report_tables {
 public:
  report_tables(const report_facts& report, const report_request& request, diag& d)
      : report_(report), request_(request), d_(d) {}

  void read_files() {
    for (const report_input& input : report_.inputs) read_file(input);
  }
  // And what they do not give from the store, the model too.
  void read_all() {
    if (!request_.store.empty()) store_ = open_store(request_.store, false, d_);
    for (const report_input& input : report_.inputs) {
      if (!read_file(input)) read_stored(input);
    }
    if (!request_.model_file.empty()) model_ = load_model(request_.model_file, d_);
    if (model_ == nullptr && report_.needs_model) model_ = stored_model();
  }

  const std::vector<clv_named_batch>& batches() {
    if (!batches_.empty()) return batches_;
    lent_.reserve(tables_.size());  // the pointers must stay
    for (const auto& [name, rows] : tables_) {
      lent_.push_back(batch_of(rows, d_));
      batches_.push_back({name.c_str(), &lent_.back()});
    }
    return batches_;
  }
  const clv_model* given_model() const { return model_.get(); }
  // What to name when a row is wrong: the one file, or the report.
  std::string about() const {
    return sources_.size() == 1 ? sources_.front() : "report " + report_.name;
  }

 private:
  bool read_file(const report_input& input) {
    const auto file = request_.files.find(input.name);
    if (file == request_.files.end()) return false;
    csv_source source = file->second;
    source.schema = input.schema.empty() ? "any" : input.schema;
    tables_.emplace_back(input.name, read_csv(source, d_).accepted);
    sources_.push_back(source.path);
    return true;
  }

  void read_stored(const report_input& input) {
    const std::string stored = store_ == nullptr ? "" : stored_name(report_, input);
    if (!stored.empty()) {
      result rows = input.required ? read_store(store_, stored.c_str(), request_.store, d_)
                                   : try_read_store(store_, stored.c_str());
      if (rows != nullptr) tables_.emplace_back(input.name, std::move(rows));
      sources_.push_back(request_.store);
    } else if (input.required) {
      misuse("report " + report_.name + " needs --input " + input.name + "=FILE");
    }
  }

  model stored_model() const {
    if (store_ == nullptr) misuse("report " + report_.name + " needs --model-file");
    clv_model* raw = nullptr;
    d_.check(clv_engine_model(store_.get(), nullptr, &raw, d_.get()), request_.store);
    return model(raw);
  }

  const report_facts& report_;
  const report_request& request_;
  diag& d_;
  engine store_;
  model model_;
  std::vector<std::pair<std::string, result>> tables_;
  std::vector<std::string> sources_;
  std::vector<clv_batch> lent_;
  std::vector<clv_named_batch> batches_;
};

named_tables take_tables(const report_facts& report, const task& work) {
  named_tables tables;
  for (const report_output& output : report.outputs) {
    if (result rows = work.try_take(output.name.c_str())) {
      tables.emplace_back(output.name, std::move(rows));
    }
  }
  return tables;
}

// Points into all three.
clv_report_options asked_of(const report_facts& report,
                            const std::string& json,
                            const std::vector<clv_named_batch>& batches) {
  auto asked = sized<clv_report_options>();
  asked.report = report.name.c_str();
  asked.options_json = or_null(json);
  asked.inputs = batches.data();
  asked.n_inputs = static_cast<std::int32_t>(batches.size());
  return asked;
}

}  // namespace

void add_files(report_request& request,
               const report_facts& report,
               const std::vector<std::string>& inputs,
               const std::vector<std::string>& maps) {
  for (const std::string& input : inputs) {
    const auto [name, path] = split_at(input, '=', "--input");
    named(report.inputs, name, "--input: " + report.name + " takes no table");
    csv_source source;
    source.path = path;
    if (!request.files.emplace(name, source).second) misuse("--input: '" + name + "' comes twice");
  }
  for (const std::string& map : maps) {
    const auto [name, words] = split_at(map, ':', "--map");
    const auto file = request.files.find(name);
    if (file == request.files.end()) misuse("--map: there is no --input " + name + "=FILE");
    file->second.map = words;
  }
}

void add_options(report_request& request,
                 const report_facts& report,
                 const std::vector<std::string>& options) {
  for (const std::string& option : options) {
    const auto [name, value] = split_at(option, '=', "--option");
    named(report.options, name, "--option: " + report.name + " has no option");
    if (!request.options.emplace(name, value).second) {
      misuse("--option: '" + name + "' comes twice");
    }
  }
}

std::string option_json(const report_option& option, const std::string& value) {
  const bool quoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
  if (value.starts_with('[') || value.starts_with('{') || quoted) return value;
  if (option.fallback.starts_with('"')) return json_text(value);
  if (!option.fallback.starts_with('[')) return scalar_json(value);
  json_array list;
  for (const std::string& item : split(value, ',')) list.add_json(scalar_json(item));
  return list.text();
}

std::string shown_name(const std::string& table) {
  return table.empty() ? "main" : table;
}

void keep_table(named_tables& tables, const std::string& name) {
  if (name == "all") return;
  std::string names;
  for (const auto& [table, rows] : tables) names += ", " + shown_name(table);
  std::erase_if(tables, [&](const auto& t) { return shown_name(t.first) != name; });
  if (tables.empty()) misuse("--table: there is no '" + name + "'", "known: all" + names);
}

named_tables run_report(const report_facts& report, const report_request& request, diag& d) {
  report_tables in(report, request, d);
  in.read_all();
  const std::string json = options_json(report, request);
  clv_report_options asked = asked_of(report, json, in.batches());
  asked.model = in.given_model();
  task work(d, report.name, in.about(), clv_report_begin, &asked);
  work.run();
  return take_tables(report, work);
}

named_tables apply_report(const report_facts& report,
                          const report_request& request,
                          const clv_ingest_options& source,
                          diag& d) {
  report_tables in(report, request, d);
  in.read_files();
  const engine store = open_store(request.store, request.create, d);
  const std::string json = options_json(report, request);
  const clv_report_options asked = asked_of(report, json, in.batches());
  const std::string about = request.files.empty() ? request.store : in.about();
  task work(d, report.name, about, clv_engine_apply_begin, store.get(), &asked, &source);
  work.run();
  named_tables tables = take_tables(report, work);
  tables.emplace_back("recorded", work.take("recorded"));
  return tables;
}

std::string answer_json(const std::string& report, const named_tables& tables, const diag& d) {
  json_object all;
  for (const auto& [name, rows] : tables) all.add_json(shown_name(name), json_table(rows, d));
  json_object json;
  json.add("report", report).add_json("tables", all.text());
  return json.add_json("warnings", d.warnings_json()).text();
}

}  // namespace cli
