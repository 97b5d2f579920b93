// Report `market_policies`: decisions against what they must beat, in a market whose truth is
// known. Expected numbers come from the truth; realised ones from runs of the market in which every
// policy meets the same customers with the same random numbers, so that differences have little
// noise. A difference's standard error is that of its mean over customers, averaged over runs.
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "market/decided.hpp"
#include "market/policies.hpp"
#include "market/policy_run.hpp"
#include "market/reports.hpp"
#include "market/truth.hpp"

namespace clv {
namespace {

using market::named_policy;
using market::share;
using market::truth_book;

constexpr std::string_view market_policies_name = "market_policies";
constexpr double z95 = 1.959963984540054;

constexpr std::array<report_input, 4> market_policies_inputs{
    {{"truth", "", true, market::truth_columns_read},
     {"decisions", "", false, market::decision_columns_read},
     {"scores", "", false, "customer,p_alive,clv (optional)"},
     {"contacts", "contacts", false, ""}}};
constexpr std::array<report_option, 6> market_policies_options{
    {{"budget",
      "",
      "expected cost of top_risk, top_value, random and oracle_budget; left out: none"},
     {"share", "0.2", "of the customers for top_risk, top_value and random without a budget"},
     {"action", "\"\"", "that top_risk, top_value and random use; empty: the best for everybody"},
     {"seed", "1", "of the market's chances and of the random choice, 0 to 2^53"},
     {"runs", "1", "of the market, 1 to 1000: realised numbers are their means"},
     {"fatigue", "0.25", "as in market_outcomes"}}};
constexpr std::array<report_output, 2> market_policies_outputs{
    {{"",
      "policy,customers,treated,expected_lift,expected_cost,realised_profit,realised_lift,"
      "realised_cost,cannibalisation_share,unsubscribed,oracle_lift,regret,regret_share,"
      "lift_standard_error,lift_lower,lift_upper"},
     {"differences",
      "policy,against,expected_difference,expected_standard_error,realised_difference,"
      "realised_standard_error,lower,upper"}}};

struct market_policies_task {
  std::shared_ptr<const table> truth_rows, decision_rows, score_rows, contact_rows;
  market::targeting targeting;
  std::string action;
  std::uint64_t seed = 1;
  int runs = 1;
  double fatigue = .25;
};

// One policy, per customer; realised ones are means over the runs.
struct played {
  std::vector<double> expected_lift, expected_cost, lift, profit, cost;
  double benefit = 0, wasted = 0, treated = 0, unsubscribed = 0;
};

class market_policies_run {
 public:
  explicit market_policies_run(const market_policies_task& t)
      : task_(t),
        book_(market_policies_name, *t.truth_rows),
        history_(market::read_contacts(t.contact_rows.get(), book_)) {
    choose_policies();
  }

  void finish(outcome& out) {
    play();
    const std::string extra =
        "market_policies/1|" + std::to_string(task_.seed) + "|" + book_.fingerprint();
    out.tables[""] = summary().sealed(extra);
    out.tables["differences"] = differences().sealed(extra);
  }

 private:
  market::market_state state() const { return {book_, history_, task_.fatigue}; }
  void choose_policies();
  void add_decisions();
  void play();
  void play_run(std::uint64_t seed);
  report_writer summary() const;
  report_writer differences() const;

  const market_policies_task& task_;
  truth_book book_;
  market::contact_history history_;
  std::vector<named_policy> policies_;
  std::vector<played> played_;
};

void market_policies_run::choose_policies() {
  market::targeting t = task_.targeting;
  if (task_.action.empty()) {
    t.action = market::best_blanket(state());
  } else {
    t.action = book_.action_at(task_.action);
    if (t.action == truth_book::nobody) {
      std::string known;
      for (const std::string& a : book_.actions()) known += (known.empty() ? "" : ", ") + a;
      throw error(status::invalid,
                  "report 'market_policies' option 'action': '" + task_.action +
                      "' is not in table 'truth'",
                  "it has: " + known);
    }
  }
  const auto by = market::read_rankings(market_policies_name, task_.score_rows.get(), book_);
  policies_ = market::standard_policies(state(), by, t);
  if (task_.decision_rows != nullptr) add_decisions();
}

void market_policies_run::add_decisions() {
  std::map<std::string, std::size_t> place;
  for (const market::decided& d :
       market::read_decisions(market_policies_name, *task_.decision_rows, book_)) {
    const auto [at, is_new] = place.emplace(d.policy, policies_.size());
    if (is_new) {
      const std::vector<std::size_t> idle(book_.customers().size(), truth_book::nobody);
      policies_.push_back({d.policy, idle});
    }
    policies_[at->second].action[d.customer] = d.action;
  }
}

void market_policies_run::play() {
  const std::size_t n = book_.customers().size();
  const std::vector<double> zeros(n, 0);
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    played_.push_back({zeros, zeros, zeros, zeros, zeros});
  }
  for (int i = 0; i < task_.runs; ++i) {
    play_run(market::seed_of(task_.seed, static_cast<std::uint64_t>(i) + 1));
  }
}

void market_policies_run::play_run(std::uint64_t seed) {
  const auto fortunes = market::fortunes_of(book_, seed);
  const double part = 1.0 / task_.runs;
  for (std::size_t p = 0; p < policies_.size(); ++p) {
    played& to = played_[p];
    for (std::size_t i = 0; i < fortunes.size(); ++i) {
      const share s = market::share_of(state(), fortunes[i], i, policies_[p].action[i]);
      to.expected_lift[i] = s.expected_lift;
      to.expected_cost[i] = s.expected_cost;
      to.lift[i] += part * s.lift();
      to.profit[i] += part * s.with.profit();
      to.cost[i] += part * s.with.cost;
      to.benefit += part * s.with.benefit;
      to.wasted += s.without.response ? part * s.with.benefit : 0;
      to.treated += s.treated ? part : 0;
      to.unsubscribed += s.with.unsubscribed ? part : 0;
    }
  }
}

report_writer market_policies_run::summary() const {
  std::vector<column_spec> specs{{"policy", type::utf8}};
  const std::string& money = book_.currency();
  for (const auto& [column, is_money] :
       std::initializer_list<std::pair<std::string_view, bool>>{{"customers", false},
                                                                {"treated", false},
                                                                {"expected_lift", true},
                                                                {"expected_cost", true},
                                                                {"realised_profit", true},
                                                                {"realised_lift", true},
                                                                {"realised_cost", true},
                                                                {"cannibalisation_share", false},
                                                                {"unsubscribed", false},
                                                                {"oracle_lift", true},
                                                                {"regret", true},
                                                                {"regret_share", false},
                                                                {"lift_standard_error", true},
                                                                {"lift_lower", true},
                                                                {"lift_upper", true}}) {
    specs.push_back({column, type::f64, is_money ? money : ""});
  }
  report_writer rows(specs);
  double oracle = 0;
  for (std::size_t p = 0; p < policies_.size(); ++p) {
    if (policies_[p].name == "oracle") oracle = sorted_sum(played_[p].expected_lift);
  }
  for (std::size_t p = 0; p < policies_.size(); ++p) {
    const played& of = played_[p];
    const double expected = sorted_sum(of.expected_lift);
    const market::total lift = market::total_of(of.lift);
    const auto share_of = [](double part, double whole) {
      return whole > 0 ? std::optional<double>(part / whole) : std::nullopt;
    };
    rows.row(policies_[p].name,
             static_cast<double>(of.lift.size()),
             of.treated,
             expected,
             sorted_sum(of.expected_cost),
             sorted_sum(of.profit),
             lift.sum,
             sorted_sum(of.cost),
             share_of(of.wasted, of.benefit),
             of.unsubscribed,
             oracle,
             oracle - expected,
             share_of(oracle - expected, oracle),
             lift.standard_error,
             lift.sum - z95 * lift.standard_error,
             lift.sum + z95 * lift.standard_error);
  }
  return rows;
}

report_writer market_policies_run::differences() const {
  const std::string& money = book_.currency();
  report_writer rows({{"policy", type::utf8},
                      {"against", type::utf8},
                      {"expected_difference", type::f64, money},
                      {"expected_standard_error", type::f64, money},
                      {"realised_difference", type::f64, money},
                      {"realised_standard_error", type::f64, money},
                      {"lower", type::f64, money},
                      {"upper", type::f64, money}});
  const auto less = [](const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> out(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] - b[i];
    return market::total_of(std::move(out));
  };
  for (std::size_t p = 0; p < policies_.size(); ++p) {
    for (std::size_t q = 0; q < policies_.size(); ++q) {
      if (p == q) continue;
      const market::total e = less(played_[p].expected_lift, played_[q].expected_lift);
      const market::total r = less(played_[p].lift, played_[q].lift);
      rows.row(policies_[p].name,
               policies_[q].name,
               e.sum,
               e.standard_error,
               r.sum,
               r.standard_error,
               r.sum - z95 * r.standard_error,
               r.sum + z95 * r.standard_error);
    }
  }
  return rows;
}

job market_policies_begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'market_policies'", options_json, market_policies_options);
  const double most = 9007199254740992.0;
  auto t = std::make_shared<market_policies_task>();
  if (s.has("budget")) t->targeting.budget = s.number_in("budget", 0, 0, 1e15);
  t->targeting.share = s.number_in("share", .2, 0, 1);
  t->action = s.text("action", "");
  t->seed = static_cast<std::uint64_t>(s.number_in("seed", 1, 0, most));
  t->targeting.seed = t->seed;
  t->runs = static_cast<int>(s.number_in("runs", 1, 1, 1000));
  t->fatigue = s.number_in("fatigue", .25, 0, 100);
  t->truth_rows = in.tables["truth"];
  t->decision_rows = in.tables["decisions"];
  t->score_rows = in.tables["scores"];
  t->contact_rows = in.tables["contacts"];
  return report_at_once("market", [t](outcome& out) { market_policies_run(*t).finish(out); });
}

}  // namespace

constinit const report market_policies_report{
    .name = "market_policies",
    .summary =
        "Policies in a simulated market: expected and realised profit against nobody, "
        "everybody, top risk, top value, chance and the oracle",
    .needs_model = false,
    .inputs = market_policies_inputs,
    .options = market_policies_options,
    .outputs = market_policies_outputs,
    .begin = market_policies_begin,
};

}  // namespace clv
