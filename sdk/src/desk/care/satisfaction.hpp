// Satisfaction that can be compared: on one scale, recent answers first, and few answers held near
// what is usual, so that one five-star answer is not 100 %. reference: sdk/DESK.md, Surveys and
// follow-ups. [any] Immutable once made.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/care/answers.hpp"

namespace clv::desk {

struct satisfaction_rules {
  double tau_days = 365;  // weight of an answer: exp(-age / tau)
  double prior = 5;       // answers' worth of the usual beside one's own, where it is not estimated
};

// How many answers' worth of the mean of all stand beside a group's own.
struct prior_strength {
  double answers = 5;
  bool estimated = false;
};

struct satisfaction_figure {
  std::int64_t answers = 0, satisfied = 0, detractors = 0;
  double mean = 0;           // of all, each answer counting 1
  double recent = 0;         // with the weights
  double toward = 0;         // what it is shrunk to: the team's shrunk figure, else that of all
  double shrunk = 0;         // (sum w y + k toward) / (sum w + k)
  double low = 0, high = 1;  // 95 %: Wilson at sum w + k answers
  double weight = 0;         // sum w
  double own = 0;            // sum w / (sum w + k): the share of the figure that is the group's own
};

using figures_by_name = std::map<std::string, satisfaction_figure, std::less<>>;

// Bühlmann & Straub (1970), ASTIN Bulletin 5, 199-207: k = s^2 / t^2, s^2 the variance of answers
// within groups (sum w (y - m_j)^2 / sum (n_j - 1)), t^2 of the groups' true means
// ((sum w_j (m_j - m)^2 - (J - 1) s^2) / (w - sum w_j^2 / w)). At least 1 answer, at most 1000
// (groups that do not differ: t^2 <= 0). Estimated from 3 groups or more of which two have 2
// answers or more, else `prior`.
struct weighted_answer {
  double satisfaction = 0, weight = 1;
};
prior_strength strength_between(std::span<const std::vector<weighted_answer>> groups, double prior);

class satisfaction_figures {
 public:
  // Answers with a score, of that kind ("" of all), up to `now`.
  satisfaction_figures(std::span<const answer> answers,
                       std::string_view kind,
                       std::int64_t now,
                       const satisfaction_rules& rules);

  // Of everybody, itself shrunk as if 0 and 1 had been answered now
  // (features::overall_satisfaction); nullopt when nobody answered.
  const std::optional<satisfaction_figure>& all() const { return all_; }
  const figures_by_name& agents() const { return agents_; }  // toward their teams
  const figures_by_name& teams() const { return teams_; }
  const figures_by_name& categories() const { return categories_; }
  const figures_by_name& channels() const { return channels_; }
  const figures_by_name& customers() const { return customers_; }  // as the churn feature: prior
  // What is expected of an agent: its shrunk figure, else nullopt (nobody rated it).
  const satisfaction_figure* agent(std::string_view id) const;

 private:
  std::optional<satisfaction_figure> all_;
  figures_by_name agents_, teams_, categories_, channels_, customers_;
};

}  // namespace clv::desk
