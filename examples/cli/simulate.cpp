// clv simulate: a log of customers whose truth is known, for trials and tests.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "json.hpp"
#include "market.hpp"
#include "model_text.hpp"
#include "rows.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct simulate_command {
  // A plausible shop: customers like those of the published CDNOW fits, amounts in the currency.
  model_spec truth{.name = "bg_nbd+gamma_gamma",
                   .parameters = "r=.2426,alpha=4.414,a=.793,b=2.426,p=6.25,q=3.744,gamma=15.44",
                   .unit = "week",
                   .currency = "EUR"};
  std::int64_t customers = 10'000;
  std::uint64_t seed = 1;
  std::string start = "2024-01-01";
  double acquisition_days = 91;
  double days = 273;
  double refunds = 0;
  std::string out;
  std::string truth_out;
  bool market = false;
  market_request all;
  bool json = false;
};

clv_simulate_options options_of(const simulate_command& o) {
  auto options = sized<clv_simulate_options>();
  options.customers = o.customers;
  options.seed = o.seed;
  options.start_us = parse_time(o.start, "UTC", "--start");
  options.acquisition_days = o.acquisition_days;
  options.observed_days = o.days;
  options.refund_share = o.refunds;
  options.currency = o.truth.currency.c_str();
  return options;
}

// A market has settings of its own; those that both kinds have are handed on.
int run_market(simulate_command o) {
  if (o.all.out_dir.empty()) misuse("--market writes several files and needs --out-dir");
  o.all.json = o.json;
  o.all.options.push_back("customers=" + std::to_string(o.customers));
  o.all.options.push_back("seed=" + std::to_string(o.seed));
  return write_market(o.all);
}

int run_simulate(const simulate_command& o) {
  if (o.market) return run_market(o);
  if (o.out.empty()) misuse("--out is required");
  diag d;
  if (o.acquisition_days > o.days) misuse("--acquisition-days: more than --days");
  const model truth = given_model(o.truth, d);
  const clv_simulate_options options = options_of(o);
  task work(d, "simulate", "", clv_simulate_begin, &options, truth.get());
  work.run();
  const result log = work.take();
  write_csv(log, o.out, d);
  if (!o.truth_out.empty()) write_csv(work.take("truth"), o.truth_out, d);
  const std::int64_t rows = clv_result_rows(log.get());
  if (o.json) {
    json_object json;
    json.add("customers", o.customers).add("rows", rows).add("out", o.out);
    json.add("seed", std::to_string(o.seed)).add("parameters", o.truth.parameters);
    std::fprintf(o.out == "-" ? stderr : stdout, "%s\n", json.text().c_str());
  } else if (o.out != "-") {
    std::printf("%s: %s simulated transactions of %s customers\n",
                o.out.c_str(),
                grouped(rows).c_str(),
                grouped(o.customers).c_str());
  }
  return exit_ok;
}

void add_market(CLI::App& command, simulate_command& o) {
  command.add_option("--customers", o.customers, "How many")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}))
      ->capture_default_str();
  command.add_option("--seed", o.seed, "Same seed, same log")->capture_default_str();
  command.add_option("--model", o.truth.name, "How they buy and spend")->capture_default_str();
  command.add_option("--params", o.truth.parameters, "The true parameters")->capture_default_str();
  command.add_option("--unit", o.truth.unit, "What the parameters count time in: day or week")
      ->check(unit_name())
      ->capture_default_str();
  command.add_option("--currency", o.truth.currency, "ISO 4217 code")->capture_default_str();
  command.add_option("--start", o.start, "Day of the first possible purchase")
      ->capture_default_str();
  command.add_option("--days", o.days, "Days observed")->check(above_zero())->capture_default_str();
  command.add_option("--acquisition-days", o.acquisition_days, "First purchases fall into these")
      ->check(above_zero())
      ->capture_default_str();
  command.add_option("--refunds", o.refunds, "Share of repeat purchases refunded a week later")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

}  // namespace

void add_simulate(CLI::App& app, action& chosen) {
  auto o = std::make_shared<simulate_command>();
  CLI::App& command = *app.add_subcommand("simulate", "Make up a log with known truth");
  add_market(command, *o);
  command.add_option("--out", o->out, "The log, a CSV file; - is standard output");
  command.add_option("--truth", o->truth_out, "Write what the simulator knows to this CSV file");
  command.add_flag("--market",
                   o->market,
                   "Make a whole market instead: customers, consent, contacts, tickets, a past "
                   "experiment, and the true effect of every action");
  command.add_option("--out-dir", o->all.out_dir, "With --market: a folder for its CSV files");
  command.add_option("--option", o->all.options, "With --market: a setting of report market")
      ->type_name("NAME=VALUE");
  command.add_flag("--json", o->json, "Print what was made as JSON");
  command.footer(
      "Example:\n  clv simulate --customers 10000 --seed 7 --out log.csv\n"
      "  clv score --log log.csv --out scores.csv\n"
      "  clv simulate --market --customers 2000 --seed 7 --out-dir market");
  command.callback([o, &chosen] { chosen = [o] { return run_simulate(*o); }; });
}

}  // namespace cli
