// The figures of groups of deeds: counts, times, shares, satisfaction, each with its n and its
// interval. [any] No state.
//
//   count, total      no interval: they are what the log says
//   share             Wilson (math/proportion.hpp)
//   median, p90       order statistics (quantiles.hpp)
//   mean              Student: mean -+ t(n - 1) sd / sqrt n; none below two values
//   csat              mean of satisfaction in [0, 1], Wilson at n answers: a score in [0, 1] varies
//                     at most as much as a yes or no with the same mean
//   csat_shrunk       towards the team, teams towards everyone (care/satisfaction.hpp, Buehlmann &
//                     Straub 1970), every answer of the window counting 1
//   csat_adjusted     m + n / (n + k) x mean of (satisfaction - expected): expected as in
//                     case_mix.hpp, m the mean of all, k = s^2 / t^2 of the residuals as there;
//                     interval -+ z sqrt(s^2 / (n + k)), held in [0, 1]
//   weighted          the same with the value at risk of the deed's customer as weight: sum w y /
//                     sum w, and the weighted quantile; customers without a value do not count
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/performance/deeds.hpp"

namespace clv::desk {

struct figure {
  std::string_view measure;
  double n = 0;
  std::optional<double> value, lower, upper;
  std::optional<double> weighted;
  double weighted_n = 0;
  int better = 0;  // 1: more is better, -1: less is, 0: neither
  std::optional<std::int64_t> rank;
  std::int64_t ranked = 0;  // how many of the level have a rank
};

struct group_figures {
  std::string level, name;
  std::string team;  // of an agent: that of the last deed; "" otherwise
  std::vector<figure> figures;
};

struct figure_rules {
  std::vector<std::string> levels;  // of level_names, beside "overall"
  double least = 5;                 // below so many a figure has no rank
  double level = 0.95;              // of the intervals
  double prior = 5;                 // answers' worth of the wider cell in the case mix
};
inline constexpr std::array level_names{std::string_view("agent"),
                                        std::string_view("team"),
                                        std::string_view("category"),
                                        std::string_view("channel"),
                                        std::string_view("severity"),
                                        std::string_view("tier")};

// "overall" first, then level by level, groups in the order of their names' bytes. A deed without
// that word (no agent, no category) is in no group of the level.
std::vector<group_figures> figures_of(const desk_view& view,
                                      std::span<const deed> deeds,
                                      std::span<const answer> answers,
                                      const figure_rules& rules);

}  // namespace clv::desk
