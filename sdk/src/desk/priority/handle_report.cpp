// What handle times were learnt from, category by category, and how well they foretell. reference:
// sdk/DESK.md, Priority.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/priority/delay_cost.hpp"
#include "desk/priority/handle_quality.hpp"
#include "desk/priority/handle_time.hpp"
#include "desk/reports.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 2> inputs{{events_input, identities_input}};
constexpr std::array<report_option, 2> option_rows{{desk_option, as_of_option}};
constexpr std::array<report_output, 4> outputs{
    {{"",
      "category,n,mean_minutes,median_minutes,p90_minutes,expected_minutes,shrinkage_weight,"
      "source"},
     {"slopes", "driver,slope,standard_error,factor,centre"},
     {"quality", "knows,n,rmse_minutes,rmse_of_mean,mae_minutes,mae_of_mean,bias"},
     refused_output}};

// Of sorted values, the one at which at least the share q of them is reached.
double quantile(const std::vector<double>& sorted, double q) {
  const double n = static_cast<double>(sorted.size());
  const auto at = static_cast<std::size_t>(std::fmax(std::ceil(q * n), 1)) - 1;
  return sorted[at];
}

struct row_of_category {
  std::optional<std::string_view> name;  // absent: all tickets
  std::vector<double> minutes;           // rising
  double expected = 0;
  std::optional<double> weight;
  std::string_view source;
};

void write_category(report_writer& to, const row_of_category& r) {
  const bool any = !r.minutes.empty();
  const auto if_any = [&](double value) {
    return any ? std::optional<double>(value) : std::nullopt;
  };
  const double n = static_cast<double>(r.minutes.size());
  to.row(r.name,
         static_cast<std::int64_t>(r.minutes.size()),
         if_any(any ? sorted_sum(r.minutes) / n : 0),
         if_any(any ? quantile(r.minutes, 0.5) : 0),
         if_any(any ? quantile(r.minutes, 0.9) : 0),
         r.expected,
         r.weight,
         r.source);
}

// By category, rising; all of them under nullopt.
using minutes_by = std::map<std::optional<std::string_view>, std::vector<double>>;

minutes_by group(const std::vector<handle_case>& done) {
  minutes_by all;
  for (const handle_case& c : done) {
    all[std::nullopt].push_back(c.minutes);
    all[c.category].push_back(c.minutes);
  }
  for (auto& [category, minutes] : all) std::ranges::sort(minutes);
  return all;
}

// All tickets first, then each category that has finished or open ones. What a new ticket of it is
// expected to take.
std::shared_ptr<const table> categories_table(const std::vector<handle_case>& done,
                                              const handle_model& model,
                                              const ticket_book& book,
                                              double fallback,
                                              const std::string& seal) {
  report_writer to({{"category", type::utf8},
                    {"n", type::i64},
                    {"mean_minutes", type::f64},
                    {"median_minutes", type::f64},
                    {"p90_minutes", type::f64},
                    {"expected_minutes", type::f64},
                    {"shrinkage_weight", type::f64},
                    {"source", type::utf8}});
  minutes_by minutes = group(done);
  const auto add = [&](std::optional<std::string_view> name) {
    row_of_category r{.name = name, .minutes = std::move(minutes[name])};
    r.expected = fallback;
    r.source = "policy";
    if (model.learnt()) {
      const auto* own = name ? model.find(*name) : nullptr;
      r.expected = expected_minutes(name ? model.under_way({.category = *name}) : model.unknown());
      r.weight = own == nullptr ? 0 : own->weight;
      r.source = *r.weight > 0 ? "category" : "global";
    }
    write_category(to, r);
  };
  add(std::nullopt);
  std::vector<std::string_view> names;
  for (const ticket& t : book.tickets) names.push_back(t.category);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string_view name : names) add(name);
  return to.sealed(seal);
}

std::shared_ptr<const table> slopes_table(const handle_model& model, const std::string& seal) {
  report_writer to({{"driver", type::utf8},
                    {"slope", type::f64},
                    {"standard_error", type::f64},
                    {"factor", type::f64},
                    {"centre", type::f64}});
  for (std::size_t j = 0; model.learnt() && j < handle_drivers; ++j) {
    to.row(handle_driver_names[j],
           model.slopes()[j],
           model.standard_errors()[j],
           std::exp(model.slopes()[j]),
           model.centres()[j]);
  }
  return to.sealed(seal);
}

std::shared_ptr<const table> quality_table(const std::vector<handle_case>& done,
                                           const std::string& seal) {
  report_writer to({{"knows", type::utf8},
                    {"n", type::i64},
                    {"rmse_minutes", type::f64},
                    {"rmse_of_mean", type::f64},
                    {"mae_minutes", type::f64},
                    {"mae_of_mean", type::f64},
                    {"bias", type::f64}});
  for (const handle_quality& q : cross_validated(done)) {
    to.row(q.knows,
           static_cast<std::int64_t>(q.n),
           q.rmse,
           q.rmse_of_mean,
           q.mae,
           q.mae_of_mean,
           q.bias);
  }
  return to.sealed(seal);
}

void build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  const double fallback = delay_rules(view.policy.priority).fallback_minutes();
  const auto done = finished_cases(view.book);
  const handle_model model(done);
  out.tables[""] = categories_table(done, model, view.book, fallback, asked.seal);
  out.tables["slopes"] = slopes_table(model, asked.seal);
  out.tables["quality"] = quality_table(done, asked.seal);
  out.tables["refused"] = refused_table(view.book, asked.seal);
  if (model.learnt()) return;
  warn(out,
       std::to_string(done.size()) + " finished tickets have minutes of agent time, " +
           std::to_string(handle_model::least_cases) +
           " are needed: every ticket is taken to last as long as the rules say",
       "record minutes with events of kind 'worked'; how long tickets were open does not say how "
       "long somebody worked on them");
}

job begin(report_inputs in, std::string_view options_json) {
  return desk_job("handle times",
                  desk_call("desk_handle_times", std::move(in), options_json, option_rows),
                  build);
}

}  // namespace

constinit const report desk_handle_times_report{
    .name = "desk_handle_times",
    .summary = "Agent minutes that tickets take, by category, and how well they are foretold",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
