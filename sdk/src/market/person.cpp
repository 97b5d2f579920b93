#include "market/person.hpp"

#include <algorithm>
#include <cmath>

#include "clv/error.hpp"
#include "clv/time.hpp"

namespace clv::market {
namespace {

constexpr double lapse_days = 180;
constexpr double heavy_orders = 1;  // expected in a horizon
constexpr double top_spending = 4;  // times the usual rate and order
constexpr int complaint_severity = 3;
constexpr std::uint64_t subjects = 8;

void require(bool holds, const std::string& message, const char* hint) {
  if (!holds) throw error(status::invalid, message, hint);
}

// Draws in a fixed order, the purchases last.
void draw_life(const world& w, std::uint64_t customer, person& who) {
  random_source random = stream_of(w, customer, subject::life);
  traits& t = who.hidden;
  t.first_day = random.uniform() * w.acquisition_days;
  t.rate = random.gamma(w.r, w.alpha) / w.days_per_unit;
  if (w.how == leaving::at_any_time) {
    t.dying = random.gamma(w.a, w.b) / w.days_per_unit;
    t.left_day = t.first_day + random.exponential() / t.dying;
  } else {
    t.drop_out = random.beta(w.a, w.b);
  }
  who.orders.push_back({.day = t.first_day});
  if (w.how == leaving::after_any && random.uniform() < t.drop_out) t.left_day = t.first_day;
  const double end = std::min(w.history_days, t.left_day);
  for (double day = t.first_day;;) {
    day += random.exponential() / t.rate;
    if (!(day < end)) return;
    who.orders.push_back({.day = day});
    require(who.orders.size() < most_simulated,
            "report 'market': a simulated customer makes a million purchases",
            "parameters are in units of the model's time: look at the rate r/alpha");
    if (w.how != leaving::at_any_time && random.uniform() < t.drop_out) {
      t.left_day = day;
      return;
    }
  }
}

void draw_money(const world& w, std::uint64_t customer, person& who) {
  random_source random = stream_of(w, customer, subject::money);
  const double nu = std::max(random.gamma(w.q, w.gamma), 1e-9);
  who.hidden.order_mean = std::clamp(w.p / nu, .01, 1e9);
  for (order& o : who.orders) {
    o.amount = std::clamp(random.gamma(w.p, nu), .01, 1e10);
    o.discounted = random.uniform() < who.hidden.deals;
    o.returned = random.uniform() < who.hidden.returns;
  }
}

void draw_character(const world& w, std::uint64_t customer, traits& t) {
  random_source random = stream_of(w, customer, subject::character);
  t.sensitivity = .3 + 1.4 * random.uniform();
  t.touchiness = .5 + random.uniform();
  t.returns = w.refund_share * 2 * random.uniform();
  const bool deal_seeker = random.uniform() < .1;
  t.deals = deal_seeker ? .9 : .3 * random.uniform();
}

// Severe tickets take longer. Who has left asks nothing.
void draw_tickets(const world& w, std::uint64_t customer, person& who) {
  random_source random = stream_of(w, customer, subject::service);
  const double per_day = w.ticket_rate * 2 * random.uniform() / 365.25;
  const double end = std::min(w.history_days, who.hidden.left_day);
  for (double day = who.hidden.first_day; per_day > 0;) {
    day += random.exponential() / per_day;
    if (!(day < end)) return;
    const double u = random.uniform();
    const int severity = u < .4 ? 1 : u < .7 ? 2 : u < .9 ? 3 : 4;
    const double takes = 3 * severity * random.exponential();
    who.tickets.push_back({.opened = day, .resolved = day + takes, .severity = severity});
  }
}

}  // namespace

void take_population(const fitted_model* model, world& w) {
  if (model == nullptr) {
    w.how = leaving::after_repeat;
    w.days_per_unit = 7;
    w.r = .55, w.alpha = 6, w.a = .6, w.b = 3.5;
    w.p = 6.25, w.q = 3.74, w.gamma = 30;
    return;
  }
  const std::string_view name =
      model->purchase.which != nullptr ? model->purchase.which->name : std::string_view();
  const bool known = name == "bg_nbd" || name == "mbg_nbd" || name == "pareto_nbd";
  const bool spends = model->spend.has_value() && model->spend->which->name == "gamma_gamma";
  require(known && spends && model->purchase.coefficients.empty(),
          "report 'market': the model '" + model->name() +
              "' does not say how each customer's own rate and drop-out are drawn",
          "give bg_nbd, mbg_nbd or pareto_nbd with gamma_gamma and without covariates, or no "
          "model for the documented default");
  const std::vector<double>& v = model->purchase.parameters;
  w.how = name == "bg_nbd"    ? leaving::after_repeat
          : name == "mbg_nbd" ? leaving::after_any
                              : leaving::at_any_time;
  w.days_per_unit = clv::days_per_unit(model->unit);
  w.r = v[0], w.alpha = v[1], w.a = v[2], w.b = v[3];
  const std::vector<double>& s = model->spend->parameters;
  w.p = s[0], w.q = s[1], w.gamma = s[2];
}

random_source stream_of(const world& w, std::uint64_t customer, subject s) {
  return random_source(w.seed, customer * subjects + static_cast<std::uint64_t>(s));
}

person draw_person(const world& w, std::uint64_t customer) {
  person who;
  draw_life(w, customer, who);
  draw_character(w, customer, who.hidden);
  draw_money(w, customer, who);
  draw_tickets(w, customer, who);
  return who;
}

kind kind_at(const world& w, const person& who, double day) {
  const traits& t = who.hidden;
  if (day >= t.left_day) return day - t.left_day <= lapse_days ? kind::lapsing : kind::lost;
  for (const ticket& each : who.tickets) {
    const bool open = each.opened <= day && day < each.resolved;
    if (open && each.severity >= complaint_severity) return kind::complaint;
  }
  // The usual order is p gamma / q: the mean of the means does not exist for q <= 1.
  const double usual = w.r / w.alpha / w.days_per_unit * w.p * w.gamma / w.q;
  if (t.rate * t.order_mean >= top_spending * usual) return kind::top;
  return t.rate * w.horizon_days >= heavy_orders ? kind::heavy : kind::light;
}

double chance_of_order(const traits& t, double day, double days) {
  if (day >= t.left_day) return 0;
  const double both = t.rate + t.dying;
  return both > 0 ? t.rate / both * -std::expm1(-both * days) : 0;
}

double chance_of_later_order(const traits& t, double day, double days) {
  const double first = chance_of_order(t, day, days);
  if (!(first > 0) || !(first < 1)) return 0;
  // No order, and still with us: then the window begins as the first did.
  const double quiet = std::exp(-(t.rate + t.dying) * days);
  return std::min(1.0, quiet * first / (1 - first));
}

double expected_orders(const traits& t, double days) {
  if (t.dying > 0) return t.rate * -std::expm1(-t.dying * days) / t.dying;
  if (t.drop_out > 0) return -std::expm1(-t.drop_out * t.rate * days) / t.drop_out;
  return t.rate * days;
}

double change_of_chance(const action& a, kind k, const traits& t, double p0) {
  const double e = a.effect[static_cast<std::size_t>(k)] * t.sensitivity;
  return e >= 0 ? std::min(e, 1.0) * (1 - p0) : std::max(e, -1.0) * p0;
}

}  // namespace clv::market
