#include "desk/performance/satisfaction_levels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "desk/performance/case_mix.hpp"
#include "math/proportion.hpp"

namespace clv::desk {
namespace {

// An age of any length weighs 1: the window has already said what counts.
satisfaction_rules every_answer_alike(double prior) {
  return {.tau_days = std::numeric_limits<double>::infinity(), .prior = prior};
}

std::vector<rated_answer> rated(std::span<const answer> answers) {
  std::vector<rated_answer> out;
  for (const answer& a : answers) {
    if (!a.satisfaction) continue;
    out.push_back({.agent = a.about.agent,
                   .category = a.about.category,
                   .severity = a.about.severity,
                   .channel = a.about.channel,
                   .satisfaction = *a.satisfaction});
  }
  return out;
}

struct residuals {
  std::map<std::string, std::vector<weighted_answer>, std::less<>> by_name;
  double overall = 0;
};

double mean_of(const std::vector<weighted_answer>& of) {
  double sum = 0;
  for (const weighted_answer& a : of) sum += a.satisfaction;
  return sum / static_cast<double>(of.size());
}

// Pooled within the groups; 1/4, the most a score in [0, 1] can vary, where no group has two.
double variance_within(const residuals& of) {
  double squares = 0, free = 0;
  for (const auto& [name, values] : of.by_name) {
    const double mean = mean_of(values);
    for (const weighted_answer& a : values) {
      squares += (a.satisfaction - mean) * (a.satisfaction - mean);
    }
    free += static_cast<double>(values.size()) - 1;
  }
  return free > 0 ? squares / free : 0.25;
}

std::map<std::string, satisfaction_estimate, std::less<>> adjust(const residuals& of,
                                                                 double prior,
                                                                 double z) {
  std::vector<std::vector<weighted_answer>> groups;
  groups.reserve(of.by_name.size());
  for (const auto& [name, values] : of.by_name) groups.push_back(values);
  const double k = strength_between(groups, prior).answers;
  const double s2 = variance_within(of);
  std::map<std::string, satisfaction_estimate, std::less<>> out;
  for (const auto& [name, values] : of.by_name) {
    const auto n = static_cast<double>(values.size());
    const double mean = of.overall + n / (n + k) * mean_of(values);
    const double half = z * std::sqrt(s2 / (n + k));
    const auto held = [](double x) { return std::clamp(x, 0.0, 1.0); };
    out[name] = {held(mean), held(mean - half), held(mean + half)};
  }
  return out;
}

std::optional<satisfaction_estimate> estimate_of(const satisfaction_figure& f, double k, double z) {
  const double size = f.weight + k;
  const auto interval = math::wilson(std::clamp(f.shrunk, 0.0, 1.0) * size, size, z);
  return satisfaction_estimate{f.shrunk, interval.lower, interval.upper};
}

}  // namespace

satisfaction_levels::satisfaction_levels(std::span<const answer> answers, double prior, double z)
    : figures_(answers, "", std::numeric_limits<std::int64_t>::max(), every_answer_alike(prior)),
      z_(z) {
  const std::vector<rated_answer> all = rated(answers);
  const std::vector<double> expected = expected_satisfaction(all, prior);
  residuals agents, teams;
  std::size_t i = 0;
  for (const answer& a : answers) {
    if (!a.satisfaction) continue;
    const double y = *a.satisfaction, off = y - expected[i++];
    if (!a.about.agent.empty()) agents.by_name[a.about.agent].push_back({off, 1});
    if (!a.about.team.empty()) teams.by_name[a.about.team].push_back({off, 1});
    agents.overall += y / static_cast<double>(all.size());
  }
  teams.overall = agents.overall;
  adjusted_["agent"] = adjust(agents, prior, z);
  adjusted_["team"] = adjust(teams, prior, z);
}

std::optional<satisfaction_estimate> satisfaction_levels::shrunk(std::string_view level,
                                                                 std::string_view name) const {
  if (level == "overall") {
    return figures_.all() ? estimate_of(*figures_.all(), 2, z_) : std::nullopt;
  }
  const figures_by_name* of = level == "agent"      ? &figures_.agents()
                              : level == "team"     ? &figures_.teams()
                              : level == "category" ? &figures_.categories()
                              : level == "channel"  ? &figures_.channels()
                                                    : nullptr;
  if (of == nullptr) return std::nullopt;
  const auto found = of->find(name);
  if (found == of->end()) return std::nullopt;
  // own = w / (w + k).
  const satisfaction_figure& f = found->second;
  return estimate_of(f, f.weight / f.own - f.weight, z_);
}

std::optional<satisfaction_estimate> satisfaction_levels::adjusted(std::string_view level,
                                                                   std::string_view name) const {
  const auto of = adjusted_.find(level);
  if (of == adjusted_.end()) return std::nullopt;
  const auto found = of->second.find(name);
  if (found == of->second.end()) return std::nullopt;
  return found->second;
}

}  // namespace clv::desk
