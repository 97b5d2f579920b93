#include "desk/performance/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "data/report_tables.hpp"
#include "desk/performance/quantiles.hpp"
#include "desk/performance/satisfaction_levels.hpp"
#include "math/normal.hpp"
#include "math/proportion.hpp"

namespace clv::desk {
namespace {

enum class summary_kind { count, tickets, total, share, mean, median, p90, rating };

struct measure {
  std::string_view name;
  deed_kind of;
  summary_kind how;
  int better;
};
constexpr std::array measures{
    measure{"resolutions", deed_kind::resolution, summary_kind::count, 0},
    measure{"tickets_resolved", deed_kind::resolution, summary_kind::tickets, 0},
    measure{"answers", deed_kind::answered, summary_kind::count, 0},
    measure{"worked_minutes", deed_kind::worked, summary_kind::total, 0},
    measure{"first_response_median", deed_kind::first_response, summary_kind::median, -1},
    measure{"first_response_p90", deed_kind::first_response, summary_kind::p90, -1},
    measure{"resolution_median", deed_kind::resolution_time, summary_kind::median, -1},
    measure{"resolution_p90", deed_kind::resolution_time, summary_kind::p90, -1},
    measure{"sla_first_response", deed_kind::kept_first, summary_kind::share, 1},
    measure{"sla_next_response", deed_kind::kept_next, summary_kind::share, 1},
    measure{"sla_resolution", deed_kind::kept_resolution, summary_kind::share, 1},
    measure{"first_contact_resolution", deed_kind::first_contact, summary_kind::share, 1},
    measure{"reopen_rate", deed_kind::reopened, summary_kind::share, -1},
    measure{"reassignments", deed_kind::reassigned, summary_kind::mean, -1},
    measure{"handle_minutes", deed_kind::handle, summary_kind::mean, 0},
    measure{"csat", deed_kind::rated, summary_kind::rating, 1},
};

struct valued {
  double value = 0;
  std::optional<double> weight;
  std::string_view ticket;
};

std::vector<double> values_of(const std::vector<valued>& all) {
  std::vector<double> out;
  out.reserve(all.size());
  for (const valued& v : all) out.push_back(v.value);
  return out;
}

void set_share(figure& f, double sum, double z) {
  const auto interval = math::wilson(sum, f.n, z);
  f.value = interval.share;
  f.lower = interval.lower;
  f.upper = interval.upper;
}

void set_mean(figure& f, const std::vector<double>& values, double level) {
  const double mean = sorted_sum(values) / f.n;
  f.value = mean;
  if (f.n < 2) return;
  std::vector<double> squares;
  squares.reserve(values.size());
  for (const double v : values) squares.push_back((v - mean) * (v - mean));
  const double error = std::sqrt(sorted_sum(squares) / (f.n - 1) / f.n);
  const double half = student_quantile(0.5 + 0.5 * level, f.n - 1) * error;
  f.lower = mean - half;
  f.upper = mean + half;
}

void set_quantile(figure& f, const std::vector<valued>& all, double q, double level) {
  std::vector<weighted_value> alike, by_value;
  alike.reserve(all.size());
  by_value.reserve(all.size());
  for (const valued& v : all) {
    alike.push_back({v.value, 1});
    by_value.push_back({v.value, v.weight.value_or(0)});
  }
  f.value = weighted_quantile(std::move(alike), q);
  f.weighted = weighted_quantile(std::move(by_value), q);
  const quantile_interval interval = interval_of_quantile(values_of(all), q, level);
  f.lower = interval.lower;
  f.upper = interval.upper;
}

void set_weighted_mean(figure& f, const std::vector<valued>& all) {
  std::vector<double> weights, weighted;
  weights.reserve(all.size());
  weighted.reserve(all.size());
  for (const valued& v : all) {
    const double w = std::max(0.0, v.weight.value_or(0));
    weights.push_back(w);
    weighted.push_back(w * v.value);
  }
  const double whole = sorted_sum(std::move(weights));
  if (whole > 0) f.weighted = sorted_sum(std::move(weighted)) / whole;
}

double different_tickets(const std::vector<valued>& all) {
  std::set<std::string_view> ids;
  for (const valued& v : all) ids.insert(v.ticket);
  return static_cast<double>(ids.size());
}

figure summarise(const measure& m, const std::vector<valued>& all, double level) {
  figure f{.measure = m.name, .n = static_cast<double>(all.size()), .better = m.better};
  for (const valued& v : all) f.weighted_n += v.weight.value_or(0) > 0 ? 1 : 0;
  const double z = math::normal_quantile(0.5 + 0.5 * level);
  const std::vector<double> values = values_of(all);
  switch (m.how) {
    case summary_kind::count:
      f.value = f.n;
      return f;
    case summary_kind::tickets:
      f.value = different_tickets(all);
      return f;
    case summary_kind::total:
      f.value = sorted_sum(values);
      return f;
    default:
      break;
  }
  if (all.empty()) return f;
  if (m.how == summary_kind::median || m.how == summary_kind::p90) {
    set_quantile(f, all, m.how == summary_kind::median ? 0.5 : 0.9, level);
    return f;
  }
  m.how == summary_kind::mean ? set_mean(f, values, level) : set_share(f, sorted_sum(values), z);
  set_weighted_mean(f, all);
  return f;
}

std::string_view name_of(const desk_view& view, const deed& d, std::string_view level) {
  if (level == "overall") return "all";
  if (level == "agent") return d.who.agent;
  if (level == "team") return d.who.team;
  if (level == "category") return d.who.category;
  if (level == "channel") return d.who.channel;
  if (level == "severity") return d.who.severity;
  return view.tier_of(d.customer);
}

using grouped_deeds = std::map<std::string, std::vector<const deed*>, std::less<>>;

grouped_deeds grouped(const desk_view& view, std::span<const deed> deeds, std::string_view level) {
  grouped_deeds out;
  if (level == "overall") out["all"];  // there also when nothing happened
  for (const deed& d : deeds) {
    const std::string_view name = name_of(view, d, level);
    if (!name.empty()) out[std::string(name)].push_back(&d);
  }
  return out;
}

std::string last_team(const std::vector<const deed*>& deeds) {
  const deed* last = nullptr;
  for (const deed* d : deeds) {
    if (!d->who.team.empty() && (last == nullptr || d->time >= last->time)) last = d;
  }
  return last == nullptr ? std::string() : last->who.team;
}

void add_estimate(std::vector<figure>& to,
                  std::string_view measure,
                  double n,
                  const std::optional<satisfaction_estimate>& e) {
  if (!e) return;
  to.push_back({.measure = measure,
                .n = n,
                .value = e->mean,
                .lower = e->lower,
                .upper = e->upper,
                .better = 1});
}

group_figures figures_of_group(const desk_view& view,
                               std::string_view level,
                               const std::string& name,
                               const std::vector<const deed*>& deeds,
                               double interval) {
  group_figures g{.level = std::string(level), .name = name};
  if (level == "agent") g.team = last_team(deeds);
  g.figures.reserve(measures.size() + 2);
  for (const measure& m : measures) {
    std::vector<valued> all;
    for (const deed* d : deeds) {
      if (d->kind == m.of) all.push_back({d->value, view.at_risk_of(d->customer), d->ticket});
    }
    g.figures.push_back(summarise(m, all, interval));
  }
  return g;
}

// Among the groups of one level; equal values share a rank.
void rank(std::span<group_figures> level, double least) {
  std::map<std::string_view, std::vector<figure*>> by_measure;
  for (group_figures& g : level) {
    for (figure& f : g.figures) {
      if (f.better != 0 && f.value && f.n >= least) by_measure[f.measure].push_back(&f);
    }
  }
  for (auto& [name, figures] : by_measure) {
    for (figure* f : figures) {
      const auto beats = [&](const figure* o) { return f->better * (*o->value - *f->value) > 0; };
      f->rank = 1 + std::ranges::count_if(figures, beats);
      f->ranked = static_cast<std::int64_t>(figures.size());
    }
  }
}

}  // namespace

std::vector<group_figures> figures_of(const desk_view& view,
                                      std::span<const deed> deeds,
                                      std::span<const answer> answers,
                                      const figure_rules& rules) {
  const double z = math::normal_quantile(0.5 + 0.5 * rules.level);
  const satisfaction_levels satisfaction(answers, rules.prior, z);
  std::vector<std::string> levels{"overall"};
  levels.insert(levels.end(), rules.levels.begin(), rules.levels.end());
  std::vector<group_figures> out;
  for (const std::string& level : levels) {
    const std::size_t first = out.size();
    for (const auto& [name, own] : grouped(view, deeds, level)) {
      group_figures g = figures_of_group(view, level, name, own, rules.level);
      const double n = g.figures.back().n;
      add_estimate(g.figures, "csat_shrunk", n, satisfaction.shrunk(level, name));
      add_estimate(g.figures, "csat_adjusted", n, satisfaction.adjusted(level, name));
      out.push_back(std::move(g));
    }
    if (level != "overall") rank(std::span(out).subspan(first), rules.least);
  }
  return out;
}

}  // namespace clv::desk
