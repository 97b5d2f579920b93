// clv measure: what the decisions of a store have earned, against those held out.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "report_facts.hpp"
#include "report_run.hpp"
#include "rows.hpp"
#include "table_text.hpp"

namespace cli {
namespace {

struct measure_command {
  report_request request;
  std::vector<std::string> options;
  std::string out;
  bool json = false;
};

int run_measure(const measure_command& o) {
  diag d;
  const report_facts lift = report_named("lift", d);
  report_request request = o.request;
  add_options(request, lift, o.options);
  const named_tables tables = run_report(lift, request, d);
  if (!o.out.empty()) write_csv(tables.front().second, o.out, d);
  if (o.json) {
    std::printf("%s\n", answer_json(lift.name, tables, d).c_str());
  } else if (o.out != "-") {
    std::fputs(shown_table(tables.front().second, 50, d).c_str(), stdout);
  }
  return exit_ok;
}

}  // namespace

void add_measure(CLI::App& app, action& chosen) {
  auto o = std::make_shared<measure_command>();
  CLI::App& command = *app.add_subcommand("measure", "Tell what the actions have really earned");
  command.add_option("--store", o->request.store, "The store, with recorded outcomes")->required();
  command.add_option("--option", o->options, "A setting of report lift, may be repeated")
      ->type_name("NAME=VALUE");
  command.add_option("--out", o->out, "Write the table to this CSV file; - is standard output");
  command.add_flag("--json", o->json, "Print all tables as JSON");
  command.footer(
      "Treated customers against held-out ones, never before against after. clv report lift\n"
      "--describe tells the settings and every column.\n\n"
      "Example:\n  clv measure --store shop.clv --option by=plugin");
  command.callback([o, &chosen] { chosen = [o] { return run_measure(*o); }; });
}

}  // namespace cli
