// clv explain: the last decision about one customer, as a short story.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct explain_command {
  std::string customer;
  std::string store;
  bool receipt = false;
};

constexpr std::size_t page_width = 100;

struct case_tables {
  result log, decisions, refusals;
  std::int64_t row = 0;  // of log: the last decision
};

std::string indented(const std::string& text) {
  std::string out;
  for (const std::string& line : wrapped(text, page_width - 2, 50)) out += "  " + line + "\n";
  return out;
}

std::string money(const result& table, const char* column, std::int64_t row) {
  const std::string unit = unit_of(table, column);
  return rounded(number_at(table, column, row), 2) + (unit.empty() ? "" : " " + unit);
}

std::string share(double p) {
  return rounded(100 * p, std::fabs(p) < .1 ? 2 : 1) + " %";
}

std::string source_of(const std::string& evidence) {
  if (evidence == "own_kind") return "measured on customers of this kind";
  if (evidence == "own_overall") return "measured on all customers";
  if (evidence == "plugin_prior") return "as its plugin believes; nothing has been measured yet";
  return "which nobody knows yet";
}

std::string headline(const explain_command& o, const case_tables& t) {
  const std::string action = text_at(t.log, "action", t.row);
  const std::string arm = text_at(t.log, "arm", t.row);
  std::string said = o.customer + ": ";
  if (!action.empty()) {
    said += action + " by " + text_at(t.log, "channel", t.row) + ", proposed by " +
            text_at(t.log, "plugin", t.row);
    if (arm == "explore") said += "; drawn at random, to learn";
  } else if (arm == "holdout") {
    said += "nothing, held out on purpose to measure what actions achieve";
    const std::string withheld = text_at(t.log, "withheld", t.row);
    if (!withheld.empty()) said += "; it would have been " + withheld;
  } else {
    said += "nothing (" + text_at(t.log, "reason_code", t.row) + ")";
  }
  return said + ".\n";
}

std::string prices(const case_tables& t) {
  if (text_at(t.log, "action", t.row).empty()) return "";
  const double p0 = number_at(t.log, "p0", t.row);
  std::string said =
      "Left alone, " + share(p0) + " of such customers buy in the time it is given. ";
  said += "It adds " + share(number_at(t.log, "effect_mean", t.row)) + " (give or take " +
          share(number_at(t.log, "effect_sd", t.row)) + "), " +
          source_of(text_at(t.log, "evidence", t.row)) + ". ";
  const double given = number_at(t.log, "cannibalisation", t.row);
  if (given > 0) {
    said += "Of what it gives, " + money(t.log, "cannibalisation", t.row) +
            " goes to purchases that would have been made anyway. ";
  }
  return said + "It is expected to cost " + money(t.log, "cost", t.row) + " and to earn " +
         money(t.log, "net", t.row) + " after that.\n";
}

// The sentences are those of the last run; an older decision has its receipt.
std::string others(const case_tables& t) {
  if (t.refusals == nullptr || clv_result_rows(t.refusals.get()) == 0) return "";
  std::string said = "\nConsidered and not done:\n";
  for (std::int64_t row = 0; row < clv_result_rows(t.refusals.get()); ++row) {
    said += indented(text_at(t.refusals, "action", row) + " (" +
                     text_at(t.refusals, "reason_code", row) +
                     "): " + text_at(t.refusals, "reason", row));
  }
  return said;
}

std::string record_of(const case_tables& t) {
  return "\nThe chance that this was decided, given what was known: " +
         share(number_at(t.log, "propensity", t.row)) + ". Decision " +
         text_at(t.log, "decision_id", t.row) + ", receipt " +
         text_at(t.log, "receipt_hash", t.row).substr(0, 16) + ", link " +
         text_at(t.log, "chain_hash", t.row).substr(0, 16) + ".\n";
}

int run_explain(const explain_command& o) {
  diag d;
  const engine store = open_store(o.store, false, d);
  task work(d, "explain", o.store, clv_engine_export_begin, store.get(), o.customer.c_str());
  work.run();
  case_tables t{
      work.try_take("decision_log"), work.try_take("decisions"), work.try_take("refusals")};
  if (t.log == nullptr || clv_result_rows(t.log.get()) == 0) {
    fail(o.store + ": nothing was ever decided about '" + o.customer + "'", "run clv decide first");
  }
  for (std::int64_t row = 0; row < clv_result_rows(t.log.get()); ++row) {
    if (number_at(t.log, "run", row) >= number_at(t.log, "run", t.row)) t.row = row;
  }
  if (o.receipt) {
    std::printf("%s\n", text_at(t.log, "receipt", t.row).c_str());
    return exit_ok;
  }
  std::string why = t.decisions == nullptr ? "" : text_at(t.decisions, "reason", 0);
  std::string story = headline(o, t);
  if (!why.empty()) story += indented(why);
  const std::string sums = prices(t);
  if (!sums.empty()) story += indented(sums);
  std::fputs((story + others(t) + record_of(t)).c_str(), stdout);
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
  command.add_flag("--receipt", o->receipt, "Print the receipt itself, JSON");
  command.footer("Example:\n  clv explain c000007 --store shop.clv");
  command.callback([o, &chosen] { chosen = [o] { return run_explain(*o); }; });
}

}  // namespace cli
