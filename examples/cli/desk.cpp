// clv desk: the support desk on a store or on files; what each verb asks is a row of
// desk_verbs.cpp.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "desk_answer.hpp"
#include "desk_verbs.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "report_facts.hpp"
#include "report_run.hpp"
#include "rows.hpp"
#include "table_text.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct desk_command {
  const desk_verb* verb = nullptr;
  std::string report;  // of verb report: another one
  bool list = false;
  report_request request;
  std::string file;
  std::array<std::string, 3> words;
  std::vector<std::string> inputs, maps, options;
  std::string rules, as_of = "now", source = "desk";
  std::string currency = "XXX", time_zone = "UTC";
  bool apply = false, dry_run = false;
  desk_output output;
};

bool is_of_desk(const report_facts& r) {
  return r.name.starts_with("desk_");
}

int show_desk_list(bool json, const diag& d) {
  std::vector<report_facts> reports = known_reports(d);
  std::erase_if(reports, [](const report_facts& r) { return !is_of_desk(r); });
  json_array list;
  for (const report_facts& r : reports) list.add_json(report_json(r));
  std::printf("%s", json ? (list.text() + "\n").c_str() : report_list(reports).c_str());
  return exit_ok;
}

// "topics" is desk_topics.
report_facts report_of(const desk_command& o, const diag& d) {
  if (o.report.empty()) return report_named(o.verb->report, d);
  return report_named(o.report.starts_with("desk_") ? o.report : "desk_" + o.report, d);
}

bool takes(const report_facts& report, const std::string& option) {
  return std::ranges::find(report.options, option, &report_option::name) != report.options.end();
}

// An option that the command line has a place for; --option may not give it too.
void set(report_request& request, const std::string& flag, const char* option, std::string value) {
  if (!request.options.emplace(option, std::move(value)).second) {
    misuse(flag + ": --option gives '" + option + "' too");
  }
}

void set_as_of(report_request& request, const report_facts& report, const desk_command& o) {
  if (!takes(report, "as_of")) {
    if (o.as_of != "now") misuse("--as-of: " + report.name + " does not look at the time");
    return;
  }
  if (o.as_of == "last" || request.options.contains("as_of")) return;
  const std::int64_t now = o.as_of == "now" ? system_now_us() / 1'000'000 * 1'000'000
                                            : parse_time(o.as_of, o.time_zone, "--as-of");
  request.options["as_of"] = json_text(iso_time(static_cast<double>(now)));
}

void check_words(const desk_command& o) {
  if (!o.verb->one_word) return;
  std::string flags;
  for (std::size_t i = 0; i < o.words.size(); ++i) {
    if (!o.words[i].empty()) return;
    if (o.verb->words[i].flag != nullptr) {
      flags += std::string(flags.empty() ? "" : " or ") + o.verb->words[i].flag;
    }
  }
  misuse(std::string("desk ") + o.verb->name + " needs " + flags);
}

void set_words(report_request& request, const desk_command& o) {
  for (std::size_t i = 0; i < o.words.size(); ++i) {
    const desk_word& word = o.verb->words[i];
    if (!o.words[i].empty()) set(request, word.flag, word.option, json_text(o.words[i]));
  }
}

void set_file(report_request& request, const report_facts& report, const desk_command& o) {
  request.create = std::string(o.verb->name) == "import";  // as clv import
  if (o.verb->file != nullptr) add_files(request, report, {o.verb->file + ("=" + o.file)}, {});
  add_files(request, report, o.inputs, o.maps);
  for (auto& [name, source] : request.files) {
    source.currency = o.currency;
    source.time_zone = o.time_zone;
  }
}

report_request request_of(const desk_command& o, const report_facts& report) {
  report_request request = o.request;
  check_words(o);
  set_file(request, report, o);
  add_options(request, report, o.options);
  set_words(request, o);
  if (!o.rules.empty()) {
    if (!takes(report, "desk")) misuse("--desk: " + report.name + " follows no rules");
    const std::string rules = read_file(o.rules);
    if (rules.find_first_not_of(" \t\r\n") == std::string::npos) {
      fail(o.rules + " is empty", "the least that rules say is {}; leave out --desk for none");
    }
    set(request, "--desk", "desk", json_text(rules));
  }
  set_as_of(request, report, o);
  if (takes(report, "time_zone")) request.options.emplace("time_zone", json_text(o.time_zone));
  return request;
}

// Whether what the report says is to be recorded is recorded.
bool records(const desk_command& o, const report_facts& report) {
  const bool can = std::ranges::any_of(
      report.outputs, [](const report_output& out) { return !out.records.empty(); });
  if (o.apply && o.dry_run) misuse("--apply and --dry-run contradict each other");
  if (o.apply && o.request.store.empty()) misuse("--apply needs --store");
  if (o.apply && !can) misuse("--apply: " + report.name + " records nothing");
  if (o.dry_run || o.request.store.empty() || !can) return false;
  return o.apply || o.verb->records == recording::always;
}

named_tables answer(const desk_command& o, const report_facts& report, diag& d) {
  const report_request request = request_of(o, report);
  if (!records(o, report)) return run_report(report, request, d);
  auto source = sized<clv_ingest_options>();
  source.source = o.source.c_str();
  source.currency = o.currency.c_str();
  return apply_report(report, request, source, d);
}

// What is wrong in the rules is said of their file.
named_tables answer_naming_rules(const desk_command& o, const report_facts& report, diag& d) {
  try {
    return answer(o, report, d);
  } catch (const failure& e) {
    const std::string what = e.what(), subject = "desk: ";
    const auto at = what.find(subject);
    if (o.rules.empty() || e.status() != exit_failed || at == std::string::npos) throw;
    throw failure(e.status(), o.rules + ": " + what.substr(at + subject.size()));
  }
}

// What was refused is said, and is no success; "" where all was granted.
std::string refusal(const desk_verb& verb, const result& main) {
  if (verb.verdict == nullptr) return "";
  std::int64_t refused = 0;
  std::string first;
  const std::int64_t rows = clv_result_rows(main.get());
  for (std::int64_t row = 0; row < rows; ++row) {
    if (number_at(main, verb.verdict, row) != 0 || refused++ > 0) continue;
    first = "ticket '" + text_at(main, "ticket", row) + "': " + text_at(main, "reason", row);
    if (rows > 1) first = "row " + grouped(row + 1) + ", " + first;
  }
  if (refused == 0) return "";
  if (rows == 1) return "refused: " + first;
  return grouped(refused) + " of " + grouped(rows) + " were refused; the first: " + first;
}

int run_desk(const desk_command& o) {
  diag d;
  if (o.list) return show_desk_list(o.output.json, d);
  const report_facts report = report_of(o, d);
  named_tables tables = answer_naming_rules(o, report, d);
  const std::string refused = refusal(*o.verb, tables.front().second);
  show_answer(report, tables, o.output, d);
  if (!refused.empty()) fail(refused);
  return exit_ok;
}

void add_words(CLI::App& command, desk_command& o) {
  const desk_verb& verb = *o.verb;
  if (verb.file != nullptr) {
    command.add_option("file", o.file, "Its CSV file")->required()->type_name("FILE.csv");
  }
  for (std::size_t i = 0; i < o.words.size(); ++i) {
    const desk_word& word = verb.words[i];
    if (word.flag == nullptr) continue;
    const bool flag = std::string(word.flag).starts_with("--");
    CLI::Option& added = *command.add_option(flag ? word.flag : word.option, o.words[i], word.help);
    if (!flag) added.type_name(word.flag);
    if (word.needed) added.required();
  }
  if (std::string(verb.name) != "report") return;
  command.add_option("name", o.report, "Another report: topics, customers, capacity, ...")
      ->type_name("NAME");
  command.add_flag("--list", o.list, "Say which reports of the desk there are");
}

void add_tables(CLI::App& command, desk_command& o) {
  command.add_option(
      "--store", o.request.store, "Take tables that --input does not give from here");
  command.add_option("--input", o.inputs, "A table of the report, may be repeated")
      ->type_name("TABLE=FILE")
      ->allow_extra_args(false);
  command.add_option("--map", o.maps, "Headers of such a file: ticket_events:ticket=id,time=at")
      ->type_name("TABLE:WORD=HEADER")
      ->allow_extra_args(false);
  command.add_option("--currency", o.currency, "ISO 4217 code of amounts without one")
      ->capture_default_str();
  command.add_option("--time-zone", o.time_zone, "IANA zone of times without an offset")
      ->capture_default_str();
}

void add_rules(CLI::App& command, desk_command& o) {
  command.add_option("--desk", o.rules, "The rules: a JSON file, sdk/DESK.md lists the members")
      ->type_name("FILE");
  command.add_option("--as-of", o.as_of, "The time it is; 'last' is that of the last event")
      ->capture_default_str();
  command.add_option("--option", o.options, "A setting of the report, may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  if (o.verb->records == recording::asked) {
    command.add_flag("--apply", o.apply, "Record in the store what the answer says");
  }
  if (o.verb->records == recording::always) {
    command.add_flag("--dry-run", o.dry_run, "Record nothing in the store");
  }
  if (o.verb->records != recording::never) {
    command.add_option("--source", o.source, "Who records")->capture_default_str();
  }
}

void add_output(CLI::App& command, desk_output& o) {
  command.add_option("--table", o.table, "Only this table of the answer; main is the first")
      ->capture_default_str();
  command.add_option("--out", o.out, "Write that table to this CSV file; - is standard output");
  command.add_option("--out-dir", o.out_dir, "Write every table to a CSV file in this folder");
  command.add_option("--top", o.top, "Rows to show of each table")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000}))
      ->capture_default_str();
  command.add_flag("--json", o.json, "Print the tables as JSON, all rows");
}

void add_verb(CLI::App& desk, const desk_verb& verb, action& chosen) {
  auto o = std::make_shared<desk_command>();
  o->verb = &verb;
  CLI::App& command = *desk.add_subcommand(verb.name, verb.help);
  add_words(command, *o);
  add_tables(command, *o);
  add_rules(command, *o);
  add_output(command, o->output);
  command.footer("It is report " + std::string(verb.report) + ": clv report " + verb.report +
                 " --describe says what it takes and answers.\n\nExample:\n" + verb.examples);
  command.callback([o, &chosen] { chosen = [o] { return run_desk(*o); }; });
}

}  // namespace

void add_desk(CLI::App& app, action& chosen) {
  CLI::App& desk =
      *app.add_subcommand("desk", "Tickets: what comes first, who takes it, what is due");
  desk.require_subcommand(0, 1);  // none is said below: then a misspelt one is named
  for (const desk_verb& verb : desk_verbs()) add_verb(desk, verb, chosen);
  desk.callback([&chosen] {
    if (!chosen)
      chosen = []() -> int { misuse("desk needs a verb", "clv desk --help lists them"); };
  });
  desk.footer(
      "On files nothing is recorded. With --store, import, due, claim and move are recorded at "
      "once;\n"
      "what the others say is recorded with --apply.\n\n"
      "Example:\n  clv desk import tickets.csv --store shop.clv\n"
      "  clv desk triage --store shop.clv --desk desk.json\n"
      "  clv desk claim T1 --agent ann --store shop.clv");
}

}  // namespace cli
