// Report `market_outcomes`: what a simulated market does when decisions are carried out. Table
// "profit" sums over all customers of the truth, also those without a decision; lift is against the
// same customers left alone, with the same random numbers.
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "market/decided.hpp"
#include "market/draw.hpp"
#include "market/policy_run.hpp"
#include "market/reports.hpp"
#include "market/truth.hpp"

namespace clv {
namespace {

using market::decided;
using market::share;
using market::truth_book;

constexpr std::string_view name = "market_outcomes";

constexpr std::array<report_input, 3> inputs{
    {{"truth", "", true, market::truth_columns_read},
     {"decisions", "", true, market::decision_columns_read},
     {"contacts", "contacts", false, ""}}};
constexpr std::array<report_option, 3> market_outcomes_options{
    {{"seed", "1", "of this market's chances, 0 to 2^53; each customer has its own numbers"},
     {"round", "1", "which repetition, 0 to 2^53: draws anew, and names decisions without an id"},
     {"fatigue",
      "0.25",
      "share by which each contact of the last 30 days makes leaving likelier and a good effect "
      "weaker, 0 to 100"}}};
constexpr std::array<report_output, 3> market_outcomes_outputs{
    {{"", "decision_id,customer,time,kind,value,event_id"},
     {"profit",
      "customers,treated,responses,returned,unsubscribed,without_consent,value,cost,future_lost,"
      "realised_profit,untreated_profit,lift,lift_standard_error,expected_lift,expected_cost,"
      "benefit_paid,benefit_to_buyers,cannibalisation_share,oracle_lift,regret"},
     {"contacts",
      "customer,time,channel,kind,category,plugin,action,benefit,benefit_until,decision_id,"
      "event_id"}}};

struct task {
  std::shared_ptr<const table> truth_rows, decision_rows, contact_rows;
  std::uint64_t seed = 1, round = 1;
  double fatigue = .25;
};

std::vector<column_spec> schema_specs(std::string_view schema_name, const std::string& currency) {
  std::vector<column_spec> out;
  for (const field& f : find_schema(schema_name).fields) {
    out.push_back({f.name, f.kind, f.kind == type::money ? currency : ""});
  }
  return out;
}

class market_outcomes_run {
 public:
  explicit market_outcomes_run(task t)
      : task_(std::move(t)),
        book_(name, *task_.truth_rows),
        history_(market::read_contacts(task_.contact_rows.get(), book_)),
        decisions_(market::read_decisions(name, *task_.decision_rows, book_)),
        rows_(schema_specs("outcomes", book_.currency())),
        contacts_(schema_specs("contacts", book_.currency())) {}

  void finish(outcome& out) {
    one_policy();
    draw_everybody();
    for (const decided& d : decisions_) tell(d);
    const std::string extra = "market_outcomes/1|" + std::to_string(task_.seed) + "|" +
                              std::to_string(task_.round) + "|" + book_.fingerprint();
    out.tables[""] = rows_.sealed(extra);
    out.tables["contacts"] = contacts_.sealed(extra);
    report_writer profit = totals();
    out.tables["profit"] = profit.sealed(extra);
  }

 private:
  market::market_state state() const { return {book_, history_, task_.fatigue}; }
  void one_policy() const;
  void draw_everybody();
  void tell(const decided& d);
  void tell_contacts(const decided& d, const share& s, const std::string& id);
  double oracle() const;
  double count(bool (*of)(const share&)) const;
  std::vector<double> each(double (*of)(const share&)) const;
  double sum(double (*of)(const share&)) const { return sorted_sum(each(of)); }
  report_writer totals() const;

  task task_;
  truth_book book_;
  market::contact_history history_;
  std::vector<decided> decisions_;
  std::vector<share> shares_;
  report_writer rows_, contacts_;
};

// A customer lives once: of two policies only one can be carried out.
void market_outcomes_run::one_policy() const {
  for (const decided& d : decisions_) {
    if (d.policy == decisions_.front().policy) continue;
    throw error(status::invalid,
                "report 'market_outcomes': table 'decisions' has the policies '" +
                    decisions_.front().policy + "' and '" + d.policy + "'",
                "give the decisions of one; report market_policies compares several");
  }
}

void market_outcomes_run::draw_everybody() {
  std::vector<std::size_t> action(book_.customers().size(), truth_book::nobody);
  for (const decided& d : decisions_) action[d.customer] = d.action;
  const auto fortunes = market::fortunes_of(book_, market::seed_of(task_.seed, task_.round));
  for (std::size_t i = 0; i < action.size(); ++i) {
    shares_.push_back(market::share_of(state(), fortunes[i], i, action[i]));
  }
}

void market_outcomes_run::tell(const decided& d) {
  const share& s = shares_[d.customer];
  const std::string& customer = book_.customers()[d.customer];
  const std::string id =
      d.id.empty() ? "round-" + std::to_string(task_.round) + "-" + customer : d.id;
  const double window = book_.horizon_days() * static_cast<double>(us_per_day);
  const std::int64_t end = book_.as_of_us() + std::llround(window);
  const auto row = [&](std::int64_t at, std::string_view kind, double value) {
    rows_.row(id, customer, at, kind, value, id + "-" + std::string(kind));
  };
  row(end, "response", s.with.response ? 1 : 0);
  row(end, "value", s.with.value);
  if (!s.treated) return;
  row(end, "cost", s.with.cost);
  if (s.with.unsubscribed) row(book_.as_of_us() + us_per_day, "unsubscribed", 1);
  tell_contacts(d, s, id);
}

void market_outcomes_run::tell_contacts(const decided& d, const share& s, const std::string& id) {
  const double per_major = minor_per_major(book_.currency().empty() ? "XXX" : book_.currency());
  const double window = book_.horizon_days() * static_cast<double>(us_per_day);
  const std::int64_t sent = book_.as_of_us(), end = sent + std::llround(window);
  const double benefit = book_.of(d.customer, d.action)->benefit;
  const auto row = [&](std::int64_t at, std::string_view kind) {
    contacts_.row(book_.customers()[d.customer],
                  at,
                  book_.channel_of(d.action),
                  kind,
                  "marketing",
                  book_.plugin_of(d.action),
                  book_.actions()[d.action],
                  std::int64_t{std::llround(benefit * per_major)},
                  benefit > 0 ? std::optional<std::int64_t>(end) : std::nullopt,
                  id,
                  id + "-" + std::string(kind));
  };
  row(sent, "sent");
  if (benefit > 0 && s.with.response) row(end, "redeemed");
  if (s.with.unsubscribed) row(sent + us_per_day, "unsubscribed");
}

double market_outcomes_run::oracle() const {
  std::vector<double> best;
  for (std::size_t i = 0; i < book_.customers().size(); ++i) {
    const auto truths = market::truths_now(state(), i);
    const std::size_t at = market::best_of(truths);
    best.push_back(at < truths.size() ? truths[at].net() : 0);
  }
  return sorted_sum(std::move(best));
}

double market_outcomes_run::count(bool (*of)(const share&)) const {
  double n = 0;
  for (const share& s : shares_) n += of(s) ? 1 : 0;
  return n;
}

std::vector<double> market_outcomes_run::each(double (*of)(const share&)) const {
  std::vector<double> out;
  out.reserve(shares_.size());
  for (const share& s : shares_) out.push_back(of(s));
  return out;
}

report_writer market_outcomes_run::totals() const {
  std::vector<column_spec> specs;
  for (const std::string_view column :
       {"customers", "treated", "responses", "returned", "unsubscribed", "without_consent"}) {
    specs.push_back({column, type::f64});
  }
  for (const std::string_view column : {"value",
                                        "cost",
                                        "future_lost",
                                        "realised_profit",
                                        "untreated_profit",
                                        "lift",
                                        "lift_standard_error",
                                        "expected_lift",
                                        "expected_cost",
                                        "benefit_paid",
                                        "benefit_to_buyers",
                                        "cannibalisation_share",
                                        "oracle_lift",
                                        "regret"}) {
    specs.push_back({column, type::f64, column == "cannibalisation_share" ? "" : book_.currency()});
  }
  const market::total lift = market::total_of(each([](const share& s) { return s.lift(); }));
  const double expected = sum([](const share& s) { return s.expected_lift; });
  const double paid = sum([](const share& s) { return s.with.benefit; });
  const double wasted = sum([](const share& s) { return s.without.response ? s.with.benefit : 0; });
  const double best = oracle();
  report_writer rows(specs);
  rows.row(static_cast<double>(shares_.size()),
           count([](const share& s) { return s.treated; }),
           count([](const share& s) { return s.with.response; }),
           count([](const share& s) { return s.with.returned; }),
           count([](const share& s) { return s.with.unsubscribed; }),
           count([](const share& s) { return s.treated && !s.consented; }),
           sum([](const share& s) { return s.with.value; }),
           sum([](const share& s) { return s.with.cost; }),
           sum([](const share& s) { return s.with.future_lost; }),
           sum([](const share& s) { return s.with.profit(); }),
           sum([](const share& s) { return s.without.profit(); }),
           lift.sum,
           lift.standard_error,
           expected,
           sum([](const share& s) { return s.expected_cost; }),
           paid,
           wasted,
           paid > 0 ? std::optional<double>(wasted / paid) : std::nullopt,
           best,
           best - expected);
  return rows;
}

job market_outcomes_begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'market_outcomes'", options_json, market_outcomes_options);
  const double most = 9007199254740992.0;
  task t;
  t.seed = static_cast<std::uint64_t>(s.number_in("seed", 1, 0, most));
  t.round = static_cast<std::uint64_t>(s.number_in("round", 1, 0, most));
  t.fatigue = s.number_in("fatigue", .25, 0, 100);
  t.truth_rows = in.tables["truth"];
  t.decision_rows = in.tables["decisions"];
  t.contact_rows = in.tables["contacts"];
  return report_at_once("market",
                        [t = std::move(t)](outcome& out) { market_outcomes_run(t).finish(out); });
}

}  // namespace

constinit const report market_outcomes_report{
    .name = "market_outcomes",
    .summary = "What a simulated market does when decisions are carried out, and what they earned",
    .needs_model = false,
    .inputs = inputs,
    .options = market_outcomes_options,
    .outputs = market_outcomes_outputs,
    .begin = market_outcomes_begin,
};

}  // namespace clv
