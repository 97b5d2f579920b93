// clv summarize: a log to one row per customer, the file that fit and predict take as --summary.
#include <cstdint>
#include <cstdio>
#include <memory>

#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "json.hpp"
#include "log_summary.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct summarize_command {
  log_request request;
  std::string out;
  bool json = false;
};

int run_summarize(const summarize_command& o) {
  diag d;
  const result summary = summary_of(o.request, d);
  write_csv(summary, o.out, d);
  const std::int64_t customers = clv_result_rows(summary.get());
  if (o.json) {
    json_object json;
    json.add("out", o.out).add("customers", customers).add("unit", o.request.unit);
    json.add("currency", unit_of(summary, "revenue")).add_json("warnings", d.warnings_json());
    std::fprintf(o.out == "-" ? stderr : stdout, "%s\n", json.text().c_str());
  } else if (o.out != "-") {
    std::printf("%s: %s customers\n", o.out.c_str(), grouped(customers).c_str());
  }
  return exit_ok;
}

}  // namespace

void add_summarize(CLI::App& app, action& chosen) {
  auto o = std::make_shared<summarize_command>();
  CLI::App& command = *app.add_subcommand("summarize", "Make a log one row per customer");
  command.add_option("--log", o->request.log.path, "The CSV log")->required();
  command.add_option("--out", o->out, "The summary, a CSV file; - is standard output")->required();
  command.add_option("--unit", o->request.unit, "What ages are counted in: day or week")
      ->check(unit_name())
      ->capture_default_str();
  command.add_option(
      "--as-of", o->request.as_of, "Last day observed (default: the day of the last event)");
  command.add_flag(
      "--drop-zero-value", o->request.drop_zero_value, "Leave zero-value orders out altogether");
  add_csv_options(command, o->request.log);
  command.add_flag("--json", o->json, "Say what was made as JSON");
  command.footer(
      "Example:\n  clv summarize --log log.csv --out summary.csv\n"
      "  clv fit --model pareto_nbd+gamma_gamma --summary summary.csv");
  command.callback([o, &chosen] { chosen = [o] { return run_summarize(*o); }; });
}

}  // namespace cli
