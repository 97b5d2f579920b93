#include "retention/programmes/tier_worth.hpp"

#include <cmath>

#include "data/report_tables.hpp"

namespace clv::retention {
namespace {

struct moments {
  double mean = 0, square_error = 0;  // variance of the mean
};

moments moments_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  moments m{.mean = sorted_sum(values) / n};
  std::vector<double> squares;
  for (const double v : values) squares.push_back((v - m.mean) * (v - m.mean));
  m.square_error = sorted_sum(std::move(squares)) / (n - 1) / n;
  return m;
}

}  // namespace

std::optional<tier_gain> compared_gain(const margin_change& of) {
  if (of.members.size() < 2 || of.others.size() < 2) return std::nullopt;
  const moments in = moments_of(of.members), out = moments_of(of.others);
  return tier_gain{.mean = in.mean - out.mean,
                   .sd = std::sqrt(in.square_error + out.square_error),
                   .n = static_cast<double>(of.members.size()),
                   .source = "comparison"};
}

tier_judgement judge_tier(const std::optional<tier_gain>& gain, double perk_cost, double z) {
  tier_judgement j;
  if (gain) j.careful = gain->mean - z * gain->sd;
  if (perk_cost == 0) {
    j.verdict = tier_verdict::no_perks;
  } else if (gain) {
    j.verdict = *j.careful >= perk_cost   ? tier_verdict::pays
                : gain->mean >= perk_cost ? tier_verdict::not_proven
                                          : tier_verdict::loses;
  }
  return j;
}

const char* word_of(tier_verdict v) {
  switch (v) {
    case tier_verdict::no_perks:
      return "no perks";
    case tier_verdict::no_evidence:
      return "no evidence";
    case tier_verdict::loses:
      return "loses";
    case tier_verdict::not_proven:
      return "not proven";
    case tier_verdict::pays:
      break;
  }
  return "pays";
}

}  // namespace clv::retention
