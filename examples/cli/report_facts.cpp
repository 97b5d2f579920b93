#include "report_facts.hpp"

#include <cstdint>
#include <functional>

#include "json.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

constexpr std::size_t facts_width = 100;

result catalogue(const char* what, const diag& d) {
  clv_result* raw = nullptr;
  d.check(clv_catalogue(what, &raw, d.get()), "");
  return result(raw);
}

// Calls use(table, row) for the rows of this report.
void for_rows_of(const std::string& report,
                 const result& table,
                 const std::function<void(std::int64_t)>& use) {
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    if (text_at(table, "report", row) == report) use(row);
  }
}

void add_tables(report_facts& r, const diag& d) {
  const result inputs = catalogue("report_inputs", d);
  for_rows_of(r.name, inputs, [&](std::int64_t row) {
    r.inputs.push_back({text_at(inputs, "table", row),
                        text_at(inputs, "schema", row),
                        text_at(inputs, "columns", row),
                        number_at(inputs, "required", row) != 0});
  });
  const result outputs = catalogue("report_outputs", d);
  for_rows_of(r.name, outputs, [&](std::int64_t row) {
    r.outputs.push_back({text_at(outputs, "table", row),
                         text_at(outputs, "columns", row),
                         text_at(outputs, "records", row)});
  });
}

void add_options(report_facts& r, const diag& d) {
  const result options = catalogue("report_options", d);
  for_rows_of(r.name, options, [&](std::int64_t row) {
    r.options.push_back({text_at(options, "option", row),
                         text_at(options, "fallback", row),
                         text_at(options, "meaning", row)});
  });
}

// A comma list that can be broken into lines.
std::string spaced(const std::string& list) {
  std::string out;
  for (const char c : list) out += c == ',' ? std::string(", ") : std::string(1, c);
  return out;
}

std::string kind_of(const report_input& i) {
  return i.schema.empty() ? spaced(i.columns) : "a table of '" + i.schema + "'";
}

std::string inputs_text(const report_facts& r) {
  std::vector<std::vector<std::string>> rows;
  for (const report_input& i : r.inputs) {
    rows.push_back({i.name, i.required ? "yes" : "no", kind_of(i)});
  }
  return rows.empty() ? "It takes no tables.\n"
                      : text_table({{"--input"}, {"needed"}, {"what"}}, rows, facts_width);
}

std::string options_text(const report_facts& r) {
  std::vector<std::vector<std::string>> rows;
  for (const report_option& o : r.options) {
    rows.push_back({o.name, o.fallback.empty() ? "-" : o.fallback, o.meaning});
  }
  return rows.empty() ? "It has no options.\n"
                      : text_table({{"--option"}, {"default"}, {"meaning"}}, rows, facts_width);
}

std::string outputs_text(const report_facts& r) {
  std::vector<std::vector<std::string>> rows;
  for (const report_output& o : r.outputs) {
    rows.push_back({o.name.empty() ? "(main)" : o.name, spaced(o.columns)});
  }
  return text_table({{"--table"}, {"columns"}}, rows, facts_width);
}

}  // namespace

std::vector<report_facts> known_reports(const diag& d) {
  const result table = catalogue("reports", d);
  std::vector<report_facts> reports;
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    reports.push_back({.name = text_at(table, "name", row),
                       .summary = text_at(table, "summary", row),
                       .needs_model = number_at(table, "needs_model", row) != 0,
                       .inputs = {},
                       .options = {},
                       .outputs = {}});
    add_tables(reports.back(), d);
    add_options(reports.back(), d);
  }
  return reports;
}

report_facts report_named(const std::string& name, const diag& d) {
  std::string names;
  for (report_facts& r : known_reports(d)) {
    if (r.name == name) return r;
    names += (names.empty() ? "" : ", ") + r.name;
  }
  misuse("no report is called '" + name + "'", "known: " + names);
}

std::string report_list(const std::vector<report_facts>& reports) {
  std::vector<std::vector<std::string>> rows;
  for (const report_facts& r : reports) rows.push_back({r.name, r.summary});
  return text_table({{"report"}, {"what it says"}}, rows, facts_width);
}

std::string report_description(const report_facts& r) {
  return r.name + ": " + r.summary + ".\n" + (r.needs_model ? "It needs a model.\n" : "") + "\n" +
         inputs_text(r) + "\n" + options_text(r) + "\n" + outputs_text(r);
}

std::string report_json(const report_facts& r) {
  json_array inputs, options, outputs;
  for (const report_input& i : r.inputs) {
    json_object one;
    one.add("table", i.name).add("required", i.required).add("schema", i.schema);
    inputs.add_json(one.add("columns", i.columns).text());
  }
  for (const report_option& o : r.options) {
    json_object one;
    one.add("option", o.name).add_json("default", o.fallback.empty() ? "null" : o.fallback);
    options.add_json(one.add("meaning", o.meaning).text());
  }
  for (const report_output& o : r.outputs) {
    json_object one;
    one.add("table", o.name).add("columns", o.columns);
    outputs.add_json(one.add("records", o.records).text());
  }
  json_object json;
  json.add("report", r.name).add("summary", r.summary).add("needs_model", r.needs_model);
  json.add_json("inputs", inputs.text()).add_json("options", options.text());
  return json.add_json("outputs", outputs.text()).text();
}

}  // namespace cli
