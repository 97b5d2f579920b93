#include "desk/performance/breach_study.hpp"

#include <algorithm>

#include "math/json.hpp"

namespace clv::desk {
namespace {

breach_arms count_arms(const breach_units& units) {
  breach_arms a;
  for (const breach_unit& u : units.units) {
    (u.breached ? a.breached : a.kept) += 1;
    (u.breached ? a.left_breached : a.left_kept) += u.churned;
  }
  return a;
}

std::string too_few(const breach_arms& a, const breach_plan& p) {
  const double least = std::max(10.0, 2.0 * p.how.folds);
  if (std::min(a.breached, a.kept) < least) {
    return "FEW: " + math::to_text(a.breached) + " breached tickets and " + math::to_text(a.kept) +
           " kept ones are too few to compare";
  }
  const double left = a.left_breached + a.left_kept;
  if (left == 0 || left == a.breached + a.kept) {
    return "FEW: all customers of the window came out alike, nothing can be compared";
  }
  return {};
}

observed_units observed(const breach_study& s, const table& covariates, const breach_plan& p) {
  std::vector<std::size_t> rows(s.units.units.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  observed_units u{.z = s.design.matrix(covariates, rows, "covariates", "desk_breach_effect")};
  for (const breach_unit& unit : s.units.units) {
    u.hit.push_back(unit.breached ? 1 : 0);
    u.y.push_back(unit.churned);
    u.hours.push_back(unit.hours);
  }
  u.fold = stratified_folds(u.hit, p.how.folds);
  return u;
}

}  // namespace

breach_study make_study(const breach_sources& from, const breach_plan& p, issues& notes) {
  breach_study s{.units = read_units(from, p.rules)};
  s.counted = count_arms(s.units);
  s.verdict = too_few(s.counted, p);
  if (!s.verdict.empty()) return s;
  std::vector<std::string> used;
  const table covariates = covariates_of(s.units, from, p.rules.covariates, used);
  std::vector<std::size_t> rows(s.units.units.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  s.design = retention::make_design(covariates, rows, used, {}, notes);
  s.found = estimate_effect(observed(s, covariates, p), p.how);
  s.estimated = true;
  s.verdict = refusal_of(s.found);
  return s;
}

}  // namespace clv::desk
