// What a tier brings: the margin that its members make because of it, a year and member, before
// the perks are paid. [any] No state.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clv::retention {

struct tier_gain {
  double mean = 0, sd = 0;  // sd of the mean
  double n = 0;             // members it rests on; 0: not said
  std::string source;       // "experiment", "comparison"
};

// Margin a year before and after, of members of a tier and of comparable others.
struct margin_change {
  std::vector<double> members, others;  // after - before
};

// Difference in differences: mean(members) - mean(others), variance s1^2/n1 + s0^2/n0. A comparison
// is no experiment: who reaches a tier may have been rising anyway. Empty with fewer than two on a
// side.
std::optional<tier_gain> compared_gain(const margin_change& of);

enum class tier_verdict : std::uint8_t { no_perks, no_evidence, loses, not_proven, pays };

struct tier_judgement {
  std::optional<double> careful;  // mean - z sd
  tier_verdict verdict = tier_verdict::no_evidence;
};

tier_judgement judge_tier(const std::optional<tier_gain>& gain, double perk_cost, double z);

const char* word_of(tier_verdict v);

}  // namespace clv::retention
