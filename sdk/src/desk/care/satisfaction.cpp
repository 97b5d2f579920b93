#include "desk/care/satisfaction.hpp"

#include <algorithm>
#include <cmath>

#include "clv/time.hpp"
#include "math/proportion.hpp"

namespace clv::desk {
namespace {

constexpr double weakest = 1, strongest = 1000;
constexpr double satisfied_from = 0.75;  // CSAT 4 of 5, the upper quarter
constexpr double promoter_from = 0.9;    // NPS 9 of 10
constexpr double z95 = 1.959963984540054;

struct group {
  std::vector<weighted_answer> answers;
  std::int64_t satisfied = 0, detractors = 0;
  double toward = 0;  // sum of what each answer is shrunk to

  void add(const answer& a, double weight, double prior_mean) {
    const double y = *a.satisfaction;
    answers.push_back({y, weight});
    satisfied += y >= (a.kind == "NPS" ? promoter_from : satisfied_from) ? 1 : 0;
    detractors += a.complaint ? 1 : 0;
    toward += prior_mean;
  }
};

struct sums {
  double weight = 0, weighted = 0, plain = 0;
};

sums sums_of(std::span<const weighted_answer> all) {
  sums s;
  for (const weighted_answer& a : all) {
    s.weight += a.weight;
    s.weighted += a.weight * a.satisfaction;
    s.plain += a.satisfaction;
  }
  return s;
}

satisfaction_figure figure_of(const group& g, double toward, double k) {
  const sums s = sums_of(g.answers);
  const auto n = static_cast<double>(g.answers.size());
  satisfaction_figure f{.answers = static_cast<std::int64_t>(g.answers.size()),
                        .satisfied = g.satisfied,
                        .detractors = g.detractors,
                        .mean = s.plain / n,
                        .toward = toward,
                        .shrunk = (s.weighted + k * toward) / (s.weight + k),
                        .weight = s.weight,
                        .own = s.weight / (s.weight + k)};
  // Weights of answers that are long ago vanish, their mean does not.
  f.recent = s.weight > 0 ? s.weighted / s.weight : f.mean;
  // A score on [0, 1] varies at most as much as a yes or no with the same mean, so the interval of
  // a share is wide enough.
  const double size = s.weight + k;
  const auto interval = math::wilson(std::clamp(f.shrunk, 0.0, 1.0) * size, size, z95);
  f.low = interval.lower;
  f.high = interval.upper;
  return f;
}

using named_groups = std::map<std::string, group, std::less<>>;

prior_strength strength_of(const named_groups& all, double prior) {
  std::vector<std::vector<weighted_answer>> answers;
  for (const auto& [name, g] : all) answers.push_back(g.answers);
  return strength_between(answers, prior);
}

figures_by_name figures_of(const named_groups& all, double k) {
  figures_by_name out;
  for (const auto& [name, g] : all) {
    const double toward = g.toward / static_cast<double>(g.answers.size());
    out.emplace(name, figure_of(g, toward, k));
  }
  return out;
}

// One level: the answers grouped by what `name_of` says, "" in no group.
template <class Name, class Toward>
named_groups grouped(std::span<const answer> answers,
                     const std::vector<double>& weights,
                     const Name& name_of,
                     const Toward& toward_of) {
  named_groups out;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::string& name = name_of(answers[i]);
    if (!name.empty()) out[name].add(answers[i], weights[i], toward_of(answers[i]));
  }
  return out;
}

std::vector<answer> scored(std::span<const answer> all, std::string_view kind, std::int64_t now) {
  std::vector<answer> out;
  std::ranges::copy_if(all, std::back_inserter(out), [&](const answer& a) {
    return a.satisfaction && a.time <= now && (kind.empty() || a.kind == kind);
  });
  return out;
}

// The answers within each group, and how far the groups' means are apart.
struct spread {
  double within = 0, freedom = 0, between = 0, scale = 0;
  std::size_t groups = 0, with_two = 0;
};

spread spread_of(std::span<const std::vector<weighted_answer>> groups) {
  spread s;
  double weight = 0, weighted = 0, squares = 0;
  for (const auto& g : groups) {
    const sums of = sums_of(g);
    if (!(of.weight > 0)) continue;
    ++s.groups;
    weight += of.weight;
    weighted += of.weighted;
    squares += of.weight * of.weight;
    s.with_two += g.size() >= 2 ? 1 : 0;
    s.freedom += static_cast<double>(g.size() - 1);
    for (const weighted_answer& a : g) {
      const double off = a.satisfaction - of.weighted / of.weight;
      s.within += a.weight * off * off;
    }
  }
  for (const auto& g : groups) {
    const sums of = sums_of(g);
    if (!(of.weight > 0)) continue;
    const double off = of.weighted / of.weight - weighted / weight;
    s.between += of.weight * off * off;
  }
  s.scale = weight > 0 ? weight - squares / weight : 0;
  return s;
}

}  // namespace

prior_strength strength_between(std::span<const std::vector<weighted_answer>> groups,
                                double prior) {
  const spread s = spread_of(groups);
  if (s.groups < 3 || s.with_two < 2 || !(s.scale > 0)) return {prior, false};
  const double within = s.within / s.freedom;
  const double means = (s.between - (static_cast<double>(s.groups) - 1) * within) / s.scale;
  if (!(means > 0)) return {strongest, true};
  return {std::clamp(within / means, weakest, strongest), true};
}

satisfaction_figures::satisfaction_figures(std::span<const answer> answers,
                                           std::string_view kind,
                                           std::int64_t now,
                                           const satisfaction_rules& rules) {
  const std::vector<answer> used = scored(answers, kind, now);
  if (used.empty()) return;
  std::vector<double> weights;
  group everybody;
  for (const answer& a : used) {
    const double age = static_cast<double>(now - a.time) / static_cast<double>(us_per_day);
    weights.push_back(std::exp(-age / rules.tau_days));
    everybody.add(a, weights.back(), 0.5);
  }
  // As features::overall_satisfaction: two more answers, 0 and 1.
  all_ = figure_of(everybody, 0.5, 2);
  const double mean = all_->shrunk;
  const auto to_all = [&](const answer&) { return mean; };
  const auto level = [&](const auto& name_of, const auto& toward) {
    const named_groups by_name = grouped(used, weights, name_of, toward);
    return figures_of(by_name, strength_of(by_name, rules.prior).answers);
  };
  using text = const std::string&;
  teams_ = level([](const answer& a) -> text { return a.about.team; }, to_all);
  categories_ = level([](const answer& a) -> text { return a.about.category; }, to_all);
  channels_ = level([](const answer& a) -> text { return a.about.channel; }, to_all);
  const auto to_team = [&](const answer& a) {
    const auto team = teams_.find(a.about.team);
    return team == teams_.end() ? mean : team->second.shrunk;
  };
  agents_ = level([](const answer& a) -> text { return a.about.agent; }, to_team);
  // Not estimated: the same figure that churn models were fitted on.
  customers_ =
      figures_of(grouped(
                     used, weights, [](const answer& a) -> text { return a.customer; }, to_all),
                 rules.prior);
}

const satisfaction_figure* satisfaction_figures::agent(std::string_view id) const {
  const auto found = agents_.find(id);
  return found == agents_.end() ? nullptr : &found->second;
}

}  // namespace clv::desk
