// What satisfaction was to be expected of a ticket, whoever had it. [any] No state.
//
// Level by level, each a cell of answers: everything, category, category x severity, category x
// severity x channel. With S and n the sum and the number of the answers in the cell that are *not*
// of this agent, and k answers' worth of the level before:
//   expected_0 = S_0 / n_0
//   expected_l = (S_l + k expected_(l-1)) / (n_l + k)
// Leaving the agent's own answers out keeps one who alone has a kind of ticket from being compared
// with nobody but themselves: then the level before answers.
#pragma once

#include <string>
#include <vector>

namespace clv::desk {

struct rated_answer {
  std::string agent;
  std::string category, severity, channel;
  double satisfaction = 0;  // in [0, 1]
};

// One per answer, in their order. k >= 0; where nobody else answered at all, the mean of all.
std::vector<double> expected_satisfaction(const std::vector<rated_answer>& answers, double k);

}  // namespace clv::desk
