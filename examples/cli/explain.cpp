// clv explain: the last decision about one customer, as a short story.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "command.hpp"
#include "explain_text.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "table_text.hpp"
#include "task.hpp"

namespace cli {
namespace {

struct explain_command {
  std::string customer;
  std::string store;
  bool receipt = false;
  bool json = false;
};

void print_json(const customer_case& c, const diag& d) {
  json_object json;
  json.add("customer", c.customer).add("story", story_of(c));
  json.add("decision_id", text_at(c.log, "decision_id", c.row));
  json.add_json("decisions", json_table(c.log, d));
  json.add_json("refusals", c.refusals == nullptr ? "[]" : json_table(c.refusals, d));
  json.add_json("outcomes", c.outcomes == nullptr ? "[]" : json_table(c.outcomes, d));
  std::printf("%s\n", json.text().c_str());
}

int run_explain(const explain_command& o) {
  diag d;
  const engine store = open_store(o.store, false, d);
  task work(
      d, "explain", o.store, clv_engine_export_begin, store.get(), nullptr, o.customer.c_str());
  work.run();
  customer_case c{.customer = o.customer,
                  .log = work.try_take("decision_log"),
                  .decisions = work.try_take("decisions"),
                  .refusals = work.try_take("refusals"),
                  .scores = work.try_take("scores"),
                  .outcomes = work.try_take("outcomes")};
  if (c.log == nullptr || clv_result_rows(c.log.get()) == 0) {
    fail(o.store + ": nothing was ever decided about '" + o.customer + "'", "run clv decide first");
  }
  c.row = last_decision(c.log);
  if (o.receipt) {
    std::printf("%s\n", text_at(c.log, "receipt", c.row).c_str());
  } else if (o.json) {
    print_json(c, d);
  } else {
    std::fputs(story_of(c).c_str(), stdout);
  }
  return exit_ok;
}

}  // namespace

void add_explain(CLI::App& app, action& chosen) {
  auto o = std::make_shared<explain_command>();
  CLI::App& command = *app.add_subcommand("explain", "Tell why a customer gets what they get");
  command.add_option("customer", o->customer, "The customer's id")
      ->required()
      ->type_name("CUSTOMER");
  command.add_option("--store", o->store, "The store of clv decide")->required();
  CLI::Option* receipt =
      command.add_flag("--receipt", o->receipt, "Print the receipt itself, JSON");
  command.add_flag("--json", o->json, "Print the story and its tables as JSON")->excludes(receipt);
  command.footer(
      "What is done and why, what was not and what stopped it, and what came of it. In brackets "
      "are\n"
      "the codes of sdk/POLICY.md.\n\n"
      "Example:\n  clv explain c000007 --store shop.clv");
  command.callback([o, &chosen] { chosen = [o] { return run_explain(*o); }; });
}

}  // namespace cli
