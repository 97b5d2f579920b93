// What every budget would earn: the sequence in which increments of profit are bought, cut off at
// many budgets. Net is profit after cost, so a marginal profit of 1 means that the last unit spent
// comes back twice.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "retention/allocation/choice_rows.hpp"
#include "retention/allocation/climb.hpp"
#include "retention/deciding/reasons.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using retention::choice_rows;
using retention::climb;
using retention::option_book;

constexpr const char* budget_curve_name = "budget_curve";
constexpr std::array<report_input, 3> budget_curve_inputs{
    {{"choices", "", false, "customer,cost,net,action (optional)"},
     {"decisions", "decisions", false, ""},
     {"refusals", "refusals", false, ""}}};
constexpr std::array<report_option, 5> budget_curve_options{
    {{"points", "20", "budgets at equal distances, up to all that is worth buying; 1 to 1000"},
     {"doublings", "10", "and this many budgets, each half of the next; 0 to 60"},
     {"budget", "", "a budget to say how it stands"},
     {"hurdle", "1", "least marginal profit: where the curve falls below it is told"},
     {"held_out", "false", "of decisions: true takes customers in as if nobody were held out"}}};
constexpr std::array<report_output, 2> budget_curve_outputs{
    {{"", "budget,spent,profit,profit_bound,marginal_profit,customers"},
     {"at", "point,budget,spent,profit,profit_bound,marginal_profit,customers"}}};

struct request {
  int points, doublings;
  double hurdle;
  std::optional<double> budget;
  bool held_out;
};

struct choice {
  std::string customer;
  double cost, net;
};

struct choices {
  std::vector<choice> all;
  std::string unit;
};

struct position {  // after a budget is spent
  double budget = 0, spent = 0, profit = 0, bound = 0, marginal = 0;
  std::int64_t customers = 0;
};

void append(choices& to, const report_rows& rows, const std::vector<char>& counts) {
  const auto customer = rows.texts("customer");
  const auto net = rows.numbers_or("net", 0), cost = rows.numbers_or("cost", 0);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (counts[row] == 0) continue;
    if (cost[row] < 0) rows.refuse("cost", row, "is below 0");
    to.all.push_back({customer[row], cost[row], net[row]});
  }
  to.unit = rows.unit("net");
}

// What passed the gate: the chosen ones, and those that only others or the budget stood before.
choices of_decisions(const report_inputs& in, bool with_held_out) {
  const report_rows decisions(in.of("decisions"), budget_curve_name, "decisions");
  const report_rows refusals(in.of("refusals"), budget_curve_name, "refusals");
  choices out;
  std::set<std::string> left_out;
  std::vector<char> counts(decisions.size());
  const auto customer = decisions.texts("customer"), arm = decisions.texts("arm");
  for (std::size_t row = 0; row < counts.size(); ++row) {
    const bool held = arm[row] == "holdout";
    if (held && !with_held_out) left_out.insert(customer[row]);
    counts[row] = !held && in.of("decisions").get("action", type::utf8).present(row) ? 1 : 0;
  }
  append(out, decisions, counts);
  const auto code = refusals.texts("reason_code"), refused = refusals.texts("customer");
  counts.assign(refusals.size(), 0);
  for (std::size_t row = 0; row < counts.size(); ++row) {
    const auto known = retention::reason_named(code[row]);
    const bool passed = known && *known >= retention::reason_code::lost_arbitration;
    counts[row] = passed && left_out.count(refused[row]) == 0 ? 1 : 0;
  }
  append(out, refusals, counts);
  return out;
}

choices read_choices(const report_inputs& in, bool with_held_out) {
  if (!in.has("choices")) return of_decisions(in, with_held_out);
  const report_rows rows(in.of("choices"), budget_curve_name, "choices");
  rows.numbers("net");
  rows.numbers("cost");
  choices out;
  append(out, rows, std::vector<char>(rows.size(), 1));
  return out;
}

option_book book_of(const choices& given) {
  // A limit that never binds: with none at all the book would not keep the cheaper options.
  option_book book({std::numeric_limits<double>::max()});
  std::vector<std::string> customers;
  for (const choice& c : given.all) customers.push_back(c.customer);
  const choice_rows rows(std::move(customers));
  std::vector<retention::use> costs;
  std::vector<retention::option> offered;
  for (std::size_t i = 0; i < rows.customers(); ++i) {
    costs.clear();
    offered.clear();
    rows.each_row(i, [&](std::uint32_t row) {
      costs.push_back({0, given.all[row].cost});
      offered.push_back({.rank = given.all[row].net, .id = row, .uses = {}});
    });
    for (std::size_t k = 0; k < offered.size(); ++k) {
      offered[k].uses = std::span(costs).subspan(k, 1);
    }
    book.add(offered, rows.tie_key(i), true);
  }
  book.arrange();
  return book;
}

// Walks the increments once, from the free ones to the last that earns anything.
class curve {
 public:
  explicit curve(const option_book& book) : climb_(book, 0), treated_(book.customers()) {}

  bool finished() const { return climb_.finished(); }
  double marginal() const { return finished() ? 0 : climb_.next().slope; }
  bool next_fits(double budget) const {
    return !finished() && now_.spent + climb_.next().use <= budget * (1 + 5e-10);
  }
  void take() {
    const climb::increment step = climb_.next();
    now_.spent += step.use;
    now_.profit += step.rank;
    now_.customers += treated_[step.position] == 0 ? 1 : 0;
    treated_[step.position] = 1;
    climb_.take();
  }
  position at(double budget) const {
    position p = now_;
    p.budget = budget;
    p.marginal = marginal();
    p.bound = p.profit + p.marginal * std::max(0.0, budget - p.spent);
    return p;
  }
  position here() const { return at(now_.spent); }

 private:
  climb climb_;
  std::vector<char> treated_;
  position now_;
};

// `budgets` rise.
std::vector<position> walk(const option_book& book, const std::vector<double>& budgets) {
  curve c(book);
  std::vector<position> out;
  for (const double budget : budgets) {
    while (c.next_fits(budget)) c.take();
    out.push_back(c.at(budget));
  }
  return out;
}

position until(const option_book& book, double hurdle) {
  curve c(book);
  while (!c.finished() && c.marginal() >= hurdle) c.take();
  return c.here();
}

std::vector<double> budgets_of(const request& r, double all) {
  std::vector<double> out{0};
  for (int k = 1; k <= r.points; ++k) {
    out.push_back(all * (static_cast<double>(k) / static_cast<double>(r.points)));
  }
  for (int k = 1; k <= r.doublings; ++k) out.push_back(std::ldexp(all, -k));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<column_spec> columns(const std::string& unit) {
  return {{"budget", type::f64, unit},
          {"spent", type::f64, unit},
          {"profit", type::f64, unit},
          {"profit_bound", type::f64, unit},
          {"marginal_profit", type::f64},
          {"customers", type::i64}};
}

void write(const report_inputs& in, const request& r, outcome& out) {
  const choices given = read_choices(in, r.held_out);
  const option_book book = book_of(given);
  const position all = until(book, 0);
  report_writer rows(columns(given.unit));
  for (const position& p : walk(book, budgets_of(r, all.spent))) {
    rows.row(p.budget, p.spent, p.profit, p.bound, p.marginal, p.customers);
  }
  auto with_point = columns(given.unit);
  with_point.insert(with_point.begin(), {"point", type::utf8});
  report_writer at(with_point);
  const auto add = [&](const char* point, const position& p) {
    at.row(point, p.budget, p.spent, p.profit, p.bound, p.marginal, p.customers);
  };
  if (r.budget) add("budget", walk(book, {*r.budget}).front());
  add("hurdle", until(book, r.hurdle));
  add("all", all);
  std::string seal = budget_curve_name;
  for (const auto& [key, t] : in.tables) seal += "|" + t->fingerprint();
  out.tables[""] = rows.sealed(seal);
  out.tables["at"] = at.sealed(seal);
}

void check(const report_inputs& in) {
  const bool decided = in.has("decisions") && in.has("refusals");
  if (in.has("choices") ? !(in.has("decisions") || in.has("refusals")) : decided) return;
  throw error(status::invalid,
              "report 'budget_curve' takes either the table 'choices' or the tables 'decisions' "
              "and 'refusals'",
              "decisions and refusals are what 'decide' gives");
}

int whole(const settings& s, std::string_view option, int fallback, int least, int most) {
  const double given = s.number_in(option, fallback, least, most);
  if (given != std::floor(given)) s.refuse(option, "a whole number");
  return static_cast<int>(given);
}

job budget_curve_begin(report_inputs in, std::string_view options_json) {
  const settings s(budget_curve_name, options_json, budget_curve_options);
  check(in);
  request r{.points = whole(s, "points", 20, 1, 1000),
            .doublings = whole(s, "doublings", 10, 0, 60),
            .hurdle = s.number_in("hurdle", 1, 0, 1e12),
            .budget = {},
            .held_out = s.flag("held_out", false)};
  if (s.has("budget")) r.budget = s.number_in("budget", 0, 0, 1e300);
  return report_at_once("curve", [in = std::move(in), r](outcome& out) { write(in, r, out); });
}

}  // namespace

constinit const report budget_curve_report{
    .name = budget_curve_name,
    .summary = "What every budget would earn, what its last unit earns, and where to stop",
    .needs_model = false,
    .inputs = budget_curve_inputs,
    .options = budget_curve_options,
    .outputs = budget_curve_outputs,
    .begin = budget_curve_begin,
};

}  // namespace clv
