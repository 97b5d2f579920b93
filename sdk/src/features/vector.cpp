#include "features/vector.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "features/attributes.hpp"
#include "features/engagement_cells.hpp"
#include "features/history.hpp"
#include "features/order_lines.hpp"

namespace clv::features {
namespace {

constexpr double most_days = 36'500;  // a century: longer windows are a mistake in the unit

// What all tables say, by customer number.
struct records {
  crowd who;
  history log;
  std::vector<touch> touches;
  std::vector<response> responses;
  order_lines lines;
  std::optional<double> overall;
};

records read_all(const report_inputs& in, const vector_options& with, std::string_view owner) {
  records all;
  all.log = read_history(in.of("transactions"), with.at, with.currency, all.who);
  if (in.has("touches")) all.touches = read_touches(in.of("touches"), with.at, owner, all.who);
  if (in.has("feedback")) {
    all.responses = read_feedback(in.of("feedback"), with.at, owner, kinds::surveys, all.who);
  }
  if (in.has("order_lines")) {
    all.lines = read_order_lines(in.of("order_lines"), all.log.minor_per_major, owner);
  }
  all.who.settle();
  settle(all.log, all.who);
  settle(all.touches, all.who);
  settle(all.responses, all.who);
  all.overall = overall_satisfaction(all.responses, with.at, with.with.satisfaction_days);
  return all;
}

// The next customer's stretch of a list sorted by customer; `at` moves on.
template <typename T>
std::span<const T> stretch_of(const std::vector<T>& all, std::size_t& at, std::uint32_t number) {
  const std::size_t first = at;
  while (at < all.size() && all[at].customer == number) ++at;
  return {all.data() + first, at - first};
}

void add_lines(const order_lines& lines, std::span<const order> orders, person& to) {
  for (const order& o : orders) {
    const auto found = o.refund ? lines.end() : lines.find(o.event_id);
    if (found == lines.end()) continue;
    const order_facts& facts = found->second;
    if (facts.discount_known) {
      to.discount_known = true;
      to.discount += facts.discount;
      to.priced += o.minor;
    }
    for (const std::string& word : facts.categories) ++to.categories[word];
    for (const std::string& word : facts.channels) ++to.order_channels[word];
  }
}

// The columns of the vector, filled one person at a time.
class row_writer {
 public:
  row_writer(table& to, const vector_options& with, const std::string& currency) : with_(with) {
    customer_ = &to.add("customer", type::utf8);
    const auto unit = [&](std::string_view u) {
      return u == "currency" ? currency : std::string(u);
    };
    for (const feature& f : features()) {
      cells_.push_back(&to.add(std::string(f.name), type::f64, unit(f.unit)));
    }
    for (const windowed_feature& f : windowed_features()) {
      for (const double days : with.windows) {
        cells_.push_back(&to.add(windowed_name(f, days), type::f64, unit(f.unit)));
      }
    }
  }

  void add(const std::string& id, const person& p) {
    customer_->push(std::string_view(id));
    std::size_t next = 0;
    for (const feature& f : features()) push(next++, f.of(p));
    for (const windowed_feature& f : windowed_features()) {
      for (const double days : with_.windows) push(next++, f.of(p, days));
    }
  }

 private:
  void push(std::size_t cell, std::optional<double> value) {
    value ? cells_[cell]->push(*value) : cells_[cell]->push_absent();
  }

  const vector_options& with_;
  column* customer_;
  std::vector<column*> cells_;
};

// Fills the rows; returns each row's purchases in the window of the cells.
std::vector<double> fill(const records& all,
                         const vector_options& with,
                         population whom,
                         bool touches_given,
                         table& rows,
                         crowd& kept) {
  row_writer writer(rows, with, all.log.currency);
  std::vector<double> purchases;
  std::size_t order_at = 0, touch_at = 0, response_at = 0;
  for (std::uint32_t i = 0; i < all.who.size(); ++i) {
    const auto orders = stretch_of(all.log.orders, order_at, i);
    person p{.at = &with.at,
             .with = &with.with,
             .buys = rhythm_of(orders),
             .minor_per_major = all.log.minor_per_major,
             .touches = stretch_of(all.touches, touch_at, i),
             .responses = stretch_of(all.responses, response_at, i),
             .touches_given = touches_given,
             .overall = all.overall};
    if (whom == population::buyers && p.buys.days.empty()) continue;
    add_lines(all.lines, orders, p);
    writer.add(all.who.id(i), p);
    kept.add(all.who.id(i));
    purchases.push_back(purchases_within(p.buys, with.at.day, with.cell_days));
  }
  kept.settle();  // ids came in order: numbers are rows
  return purchases;
}

std::shared_ptr<table> add_cells(table& rows,
                                 const std::vector<double>& purchases,
                                 const vector_options& with,
                                 bool touches_given) {
  column& cell = rows.add("engagement_cell", type::utf8);
  if (!touches_given) {
    for (std::size_t i = 0; i < purchases.size(); ++i) cell.push_absent();
    return place({}, {}, {.purchases = with.purchase_cut, .engagement = with.engagement_cut})
        .profile;
  }
  const auto engagement = rows.numbers("engagement");
  const placed found = place(purchases,
                             {engagement.begin(), engagement.end()},
                             {.purchases = with.purchase_cut, .engagement = with.engagement_cut});
  for (const std::string_view name : found.cells) cell.push(name);
  return found.profile;
}

void check_windows(const settings& given, const std::vector<double>& windows) {
  for (const double days : windows) {
    if (!(days >= 1 && days <= most_days) || days != std::floor(days)) {
      given.refuse("windows", "rising whole numbers of days, from 1 on");
    }
  }
}

void add_notes(const history& log, issues& notes) {
  if (log.repeated > 0) {
    notes.push_back(
        {.code = status::ok,
         .level = log_level::info,
         .column = "event_id",
         .message = std::to_string(log.repeated) + " transactions came twice and count once"});
  }
  if (log.differing > 0) {
    notes.push_back({.code = status::ok,
                     .level = log_level::warn,
                     .column = "event_id",
                     .message = std::to_string(log.differing) +
                                " transactions have the event id of one with another customer, "
                                "time or amount; all count",
                     .hint = "give each event one id, or leave the column out"});
  }
}

}  // namespace

vector_options read_vector_options(const settings& given, const table& transactions) {
  vector_options with;
  with.at = read_moment(given, transactions.get("time", type::time));
  with.currency = given.text("currency", "");
  if (const auto windows = given.cuts("windows")) with.windows = *windows;
  check_windows(given, with.windows);
  const auto days = [&](std::string_view name, double fallback) {
    return given.number_in(name, fallback, 1e-3, most_days);
  };
  with.with = {.decay_days = days("decay_days", 30),
               .satisfaction_days = days("satisfaction_days", 365),
               .satisfaction_prior = given.number_in("satisfaction_prior", 5, 1e-3, 1e6),
               .trend_days = days("trend_days", 90)};
  with.cell_days = days("cell_days", 365);
  if (given.has("purchase_cut")) {
    with.purchase_cut = given.number_in("purchase_cut", 1, 1e-9, 1e15);
  }
  if (given.has("engagement_cut")) {
    with.engagement_cut = given.number_in("engagement_cut", 1, 1e-9, 1e15);
  }
  return with;
}

feature_tables feature_vector(const report_inputs& in,
                              const vector_options& with,
                              population whom,
                              std::string_view owner) {
  const records all = read_all(in, with, owner);
  const bool touches_given = in.has("touches");
  feature_tables out{.rows = std::make_shared<table>()};
  crowd kept;
  const auto purchases = fill(all, with, whom, touches_given, *out.rows, kept);
  out.cells = add_cells(*out.rows, purchases, with, touches_given);
  if (in.has("attributes")) {
    add_attributes(in.of("attributes"), with.at, kept, owner, *out.rows);
  }
  add_notes(all.log, out.notes);
  return out;
}

std::shared_ptr<table> dictionary(const table& rows, const vector_options& with) {
  auto t = std::make_shared<table>();
  for (const char* name : {"name", "unit", "window", "formula", "missing"}) {
    t->add(name, type::utf8);
  }
  t->add("present", type::f64);
  const auto add = [&](const auto& f, const std::string& name) {
    auto& to = t->columns();
    const column& values = rows.get(name, type::f64);
    const std::array<std::string_view, 5> texts{
        name, values.unit(), f.window, f.formula, f.missing};
    for (std::size_t i = 0; i < texts.size(); ++i) to[i].push(texts[i]);
    double present = 0;
    for (std::size_t row = 0; row < rows.rows(); ++row) present += values.present(row) ? 1 : 0;
    rows.rows() == 0 ? to[5].push_absent() : to[5].push(present / static_cast<double>(rows.rows()));
  };
  for (const feature& f : features()) add(f, std::string(f.name));
  for (const windowed_feature& f : windowed_features()) {
    for (const double days : with.windows) add(f, windowed_name(f, days));
  }
  return t;
}

}  // namespace clv::features
