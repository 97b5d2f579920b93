#include "market/truth.hpp"

#include <algorithm>
#include <cmath>

#include "clv/time.hpp"
#include "math/json.hpp"

namespace clv::market {
namespace {

constexpr double year = 365.25;
constexpr double renewal_window = 60;  // days to the end of a contract that can be renewed now
constexpr double brings_unasked = .002, answers_unasked = .25;

// A response as it is without the action: its chance, what one earns, and the price that
// `discount_share` is of. `worth` 0: this customer has nothing to respond with.
struct standing {
  double p0 = 0, worth = 0, price = 0;
};

standing order_of(const world& w, const traits& t, double day) {
  return {chance_of_order(t, day, w.horizon_days),
          w.margin * t.order_mean * (1 - t.returns),
          t.order_mean};
}

standing renewal_of(const world& w, const traits& t, const dealings& d) {
  const double price = d.contract_share * t.order_mean;
  if (!d.contract || d.renewal_days > renewal_window) return {};
  return {d.p_renew, w.margin * price, price};
}

standing standing_of(
    const world& w, const person& who, const habits& h, response what, double day) {
  const double referral = referral_worth(w, who.hidden.order_mean);
  switch (what) {
    case response::order:
      return order_of(w, who.hidden, day);
    case response::renewal:
      return renewal_of(w, who.hidden, h.other);
    case response::referral:
      return {brings_unasked, referral, referral};
    case response::answer:
      return {answers_unasked, survey_is_out(w, who, h) ? answer_worth : 0, 0};
    case response::service_cost:
      return {0, service_saving(w, who), 0};
    case response::promotion:
      return {0, loses_money(w, who) ? promotion_worth : 0, 0};
    case response::tier_loss:
      break;
  }
  return {0, std::max(0.0, -tier_of(w, who).gain), 0};
}

// Only orders within valid_days use the benefit up: of those that come anyway the share that is so
// early, of the added ones all. What these get beyond that share is taken off their value, so that
// expected costs and gains are exact.
void give_benefit(const action& a, const standing& s, const traits& hidden, double day, truth& t) {
  const double whole = a.benefit + a.discount_share * s.price;
  const bool bounded = a.valid_days > 0 && a.response == response::order && t.p0 > 0;
  const double early =
      bounded ? std::min(1.0, chance_of_order(hidden, day, a.valid_days) / t.p0) : 1;
  t.benefit = whole * early;
  t.value -= whole - t.benefit;
}

}  // namespace

truth truth_of(const world& w, const person& who, const habits& h, const action& a, double day) {
  const traits& hidden = who.hidden;
  const standing s = standing_of(w, who, h, a.response, day);
  const bool orders = a.response == response::order;
  truth t;
  if (s.worth > 0) {
    t.p0 = s.p0;
    t.tau = change_of_chance(a, kind_at(w, who, day), hidden, t.p0);
  }
  t.returned = orders ? hidden.returns : 0;
  t.order_shape = w.p;
  t.order_profit = s.worth;
  t.value = t.order_profit;
  if (a.keeps_days > 0) t.value *= 1 + expected_orders(hidden, a.keeps_days);
  give_benefit(a, s, hidden, day, t);
  t.contact_cost = a.contact_cost;
  t.agent_minutes = a.agent_minutes;
  const double most = a.benefit + a.discount_share * s.price;
  t.worst_case = a.worst_case >= 0 ? a.worst_case : a.contact_cost + most;
  const double later = orders ? chance_of_later_order(hidden, day, w.horizon_days) : 0;
  t.pull_chance = std::min(a.pull_forward, later);
  t.unsubscribe = std::min(1.0, a.unsubscribe * hidden.touchiness);
  const double order_profit = order_of(w, hidden, day).worth;
  t.future_value = day < hidden.left_day ? order_profit * expected_orders(hidden, year) : 0;
  t.allowed = may_use(h, a.channel);
  return t;
}

truth after_contacts(const truth& t, double sent, double fatigue) {
  truth tired = t;
  const double more = 1 + fatigue * sent;
  tired.unsubscribe = std::min(1.0, t.unsubscribe * more);
  if (t.tau > 0) tired.tau = t.tau / more;
  return tired;
}

std::size_t best_of(const std::vector<truth>& actions) {
  std::size_t best = actions.size();
  for (std::size_t a = 0; a < actions.size(); ++a) {
    if (!actions[a].allowed || !(actions[a].net() > 0)) continue;
    if (best == actions.size() || actions[a].net() > actions[best].net()) best = a;
  }
  return best;
}

std::vector<column_spec> truth_specs(const std::string& currency) {
  std::vector<column_spec> specs{{"customer", type::utf8},
                                 {"action", type::utf8},
                                 {"plugin", type::utf8},
                                 {"channel", type::utf8},
                                 {"kind", type::utf8},
                                 {"as_of", type::time},
                                 {"horizon_days", type::f64},
                                 {"allowed", type::i64},
                                 {"p0", type::f64},
                                 {"tau", type::f64},
                                 {"order_profit", type::f64, currency},
                                 {"returned", type::f64},
                                 {"order_shape", type::f64}};
  for (const std::string_view money : {"value", "benefit", "contact_cost"}) {
    specs.push_back({money, type::f64, currency});
  }
  specs.push_back({"agent_minutes", type::f64});
  specs.push_back({"worst_case", type::f64, currency});
  specs.push_back({"pull_chance", type::f64});
  specs.push_back({"unsubscribe", type::f64});
  for (const std::string_view money : {"future_value",
                                       "gross_lift",
                                       "cannibalisation",
                                       "pull_forward",
                                       "fatigue",
                                       "net",
                                       "cost"}) {
    specs.push_back({money, type::f64, currency});
  }
  specs.push_back({"best", type::i64});
  return specs;
}

namespace {

struct limits {
  std::string_view column;
  double truth::*value;
  double least, most;
  bool required;
  double fallback;
};

constexpr double any = 1e12;
constexpr limits read_numbers[] = {
    {"p0", &truth::p0, 0, 1, true, 0},
    {"tau", &truth::tau, -1, 1, true, 0},
    {"order_profit", &truth::order_profit, -any, any, true, 0},
    {"returned", &truth::returned, 0, 1, true, 0},
    {"order_shape", &truth::order_shape, 1e-9, any, true, 1},
    {"value", &truth::value, -any, any, true, 0},
    {"benefit", &truth::benefit, 0, any, true, 0},
    {"contact_cost", &truth::contact_cost, 0, any, true, 0},
    {"unsubscribe", &truth::unsubscribe, 0, 1, true, 0},
    {"future_value", &truth::future_value, -any, any, true, 0},
    {"agent_minutes", &truth::agent_minutes, 0, any, false, 0},
    {"worst_case", &truth::worst_case, 0, any, false, 0},
    {"pull_chance", &truth::pull_chance, 0, 1, false, 0},
};

void read_column(const report_rows& in, const limits& l, std::vector<truth>& rows) {
  const std::vector<double> found =
      l.required ? in.numbers(l.column) : in.numbers_or(l.column, l.fallback);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!(found[row] >= l.least && found[row] <= l.most)) {
      in.refuse(l.column,
                row,
                math::to_text(found[row]) + " is not from " + math::to_text(l.least) + " to " +
                    math::to_text(l.most));
    }
    rows[row].*l.value = found[row];
  }
}

// What must be the same in all rows.
template <class Value>
Value the_same(const report_rows& in, std::string_view column, const std::vector<Value>& values) {
  for (std::size_t row = 1; row < values.size(); ++row) {
    if (values[row] != values[0]) in.refuse(column, row, "is not the same as in the first row");
  }
  return values.empty() ? Value{} : values[0];
}

}  // namespace

truth_book::truth_book(std::string_view report, const table& rows)
    : fingerprint_(rows.fingerprint()) {
  const report_rows in(rows, report, "truth");
  rows_.resize(in.size());
  for (const limits& l : read_numbers) read_column(in, l, rows_);
  const auto allowed = in.numbers_or("allowed", 1);
  as_of_us_ = the_same(in, "as_of", in.times("as_of", zone("UTC")));
  horizon_days_ = the_same(in, "horizon_days", in.numbers("horizon_days"));
  if (in.size() > 0 && !(horizon_days_ > 0 && horizon_days_ <= 36'525)) {
    in.refuse("horizon_days", 0, math::to_text(horizon_days_) + " is not from 0 to 36525 days");
  }
  currency_ = in.unit("net").empty() ? in.unit("order_profit") : in.unit("net");
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    rows_[row].allowed = allowed[row] != 0;
    const double p1 = rows_[row].p0 + rows_[row].tau;
    if (p1 < -1e-9 || p1 > 1 + 1e-9) in.refuse("tau", row, "p0 + tau is not from 0 to 1");
  }
  index(in);
}

void truth_book::index(const report_rows& in) {
  std::vector<std::string> customers = in.texts("customer");
  const std::vector<std::string> actions = in.texts("action");
  customers_.reserve(customers.size());
  std::vector<std::pair<std::size_t, std::size_t>> cells;
  cells.reserve(customers.size());
  for (std::size_t row = 0; row < customers.size(); ++row) {
    auto found = positions_.find(std::string_view(customers[row]));
    if (found == positions_.end()) {
      customers_.push_back(std::move(customers[row]));
      found = positions_.emplace(customers_.back(), customers_.size() - 1).first;
    }
    cells.emplace_back(found->second, enter_action(actions[row]));
  }
  row_of_.assign(customers_.size() * actions_.size(), none);
  first_row_.assign(actions_.size(), 0);
  for (std::size_t row = cells.size(); row-- > 0;) first_row_[cells[row].second] = row;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    std::uint32_t& cell = row_of_[cells[row].first * actions_.size() + cells[row].second];
    if (cell != none) in.refuse("action", row, "customer and action are there twice");
    cell = static_cast<std::uint32_t>(row);
  }
  const auto described = [&](std::string_view column) {
    std::vector<std::string> out;
    const std::vector<std::string> all =
        in.has(column) ? in.texts(column) : std::vector<std::string>(in.size());
    for (const std::size_t row : first_row_) out.push_back(all[row]);
    return out;
  };
  channels_ = described("channel");
  plugins_ = described("plugin");
}

std::size_t truth_book::enter_action(const std::string& name) {
  const auto found = std::find(actions_.begin(), actions_.end(), name);
  if (found != actions_.end()) return static_cast<std::size_t>(found - actions_.begin());
  actions_.push_back(name);
  return actions_.size() - 1;
}

std::size_t truth_book::customer_at(std::string_view id) const {
  const auto found = positions_.find(id);
  return found == positions_.end() ? nobody : found->second;
}

std::size_t truth_book::action_at(std::string_view name) const {
  const auto found = std::find(actions_.begin(), actions_.end(), name);
  return found == actions_.end() ? nobody : static_cast<std::size_t>(found - actions_.begin());
}

const truth* truth_book::of(std::size_t customer, std::size_t action) const {
  const std::uint32_t row = row_of_[customer * actions_.size() + action];
  return row == none ? nullptr : &rows_[row];
}

std::vector<truth> truth_book::of(std::size_t customer) const {
  std::vector<truth> out(actions_.size());
  for (std::size_t a = 0; a < actions_.size(); ++a) {
    const truth* found = of(customer, a);
    if (found != nullptr) out[a] = *found;
    out[a].allowed = found != nullptr && found->allowed;
  }
  return out;
}

}  // namespace clv::market
