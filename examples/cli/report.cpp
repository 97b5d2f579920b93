// clv report: answers that are tables but no stage of the pipeline, as the catalogue lists them.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "report_facts.hpp"
#include "report_run.hpp"
#include "rows.hpp"
#include "table_text.hpp"

namespace cli {
namespace {

struct report_command {
  std::string name;
  bool list = false;
  bool describe = false;
  report_request request;
  std::vector<std::string> inputs, maps, options;
  std::string currency = "XXX";
  std::string time_zone = "UTC";
  std::string table = "all";
  std::string out;
  std::int64_t top = 20;
  bool json = false;
};

int show_list(bool json, const diag& d) {
  const std::vector<report_facts> reports = known_reports(d);
  json_array list;
  for (const report_facts& r : reports) list.add_json(report_json(r));
  std::printf("%s", json ? (list.text() + "\n").c_str() : report_list(reports).c_str());
  return exit_ok;
}

std::string text_of(const named_tables& tables, std::int64_t top, const diag& d) {
  std::string text;
  for (const auto& [name, rows] : tables) {
    if (!name.empty() && tables.size() > 1) text += "\n" + name + "\n\n";
    text += shown_table(rows, top, d);
  }
  return text;
}

report_request request_of(const report_command& o, const report_facts& facts) {
  report_request request = o.request;
  add_files(request, facts, o.inputs, o.maps);
  add_options(request, facts, o.options);
  for (auto& [name, source] : request.files) {
    source.currency = o.currency;
    source.time_zone = o.time_zone;
  }
  return request;
}

int run_report(const report_command& o) {
  diag d;
  if (o.list) return show_list(o.json, d);
  if (o.name.empty()) misuse("report needs a name", "clv report --list says which there are");
  const report_facts facts = report_named(o.name, d);
  if (o.describe) {
    const std::string text = o.json ? report_json(facts) + "\n" : report_description(facts);
    std::fputs(text.c_str(), stdout);
    return exit_ok;
  }
  named_tables tables = run_report(facts, request_of(o, facts), d);
  keep_table(tables, o.table);
  if (!o.out.empty()) write_csv(tables.front().second, o.out, d);
  if (o.out == "-") return exit_ok;
  const std::string text =
      o.json ? answer_json(o.name, tables, d) + "\n" : text_of(tables, o.top, d);
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

void add_tables(CLI::App& command, report_command& o) {
  command.add_option("--input", o.inputs, "A table of the report, may be repeated")
      ->type_name("TABLE=FILE");
  command.add_option("--map", o.maps, "Headers of such a file: scores:customer=id,clv=value")
      ->type_name("TABLE:WORD=HEADER");
  command.add_option("--store", o.request.store, "Take the other tables, and the model, from here");
  command.add_option("--model-file", o.request.model_file, "A model of clv fit --save-model");
  command.add_option("--currency", o.currency, "ISO 4217 code of amounts without one")
      ->capture_default_str();
  command.add_option("--time-zone", o.time_zone, "IANA zone of times without an offset")
      ->capture_default_str();
}

}  // namespace

void add_report(CLI::App& app, action& chosen) {
  auto o = std::make_shared<report_command>();
  CLI::App& command = *app.add_subcommand("report", "Answer a question with a table");
  command.add_option("name", o->name, "Which report")->type_name("NAME");
  command.add_flag("--list", o->list, "Say which reports there are");
  command.add_flag("--describe", o->describe, "Say what the report takes and answers");
  add_tables(command, *o);
  command.add_option("--option", o->options, "A setting of the report, may be repeated")
      ->type_name("NAME=VALUE");
  command.add_option("--table", o->table, "Only this table of the answer; main is the first")
      ->capture_default_str();
  command.add_option("--out", o->out, "Write that table to this CSV file; - is standard output");
  command.add_option("--top", o->top, "Rows to show of each table")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000}))
      ->capture_default_str();
  command.add_flag("--json", o->json, "Print the tables as JSON, all rows");
  command.footer(
      "VALUE is JSON, or text where it is none; a list is [\"a\", \"b\"], in quotes for the "
      "shell.\n\n"
      "Example:\n  clv report --list\n  clv report likelihood_ratio --describe\n"
      "  clv report likelihood_ratio --input restricted=nbd.csv --input full=bg_nbd.csv\n"
      "  clv report equity --store shop.clv --option level=.1\n"
      "  clv report churn_fit --input rows=base.csv --option label=gone "
      "--option 'exclude=[\"plan\"]'\n\n"
      "(The two files are of clv fit --out.)");
  command.callback([o, &chosen] { chosen = [o] { return run_report(*o); }; });
}

}  // namespace cli
