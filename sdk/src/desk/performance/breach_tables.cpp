#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "data/report_tables.hpp"
#include "desk/performance/breach_study.hpp"
#include "math/json.hpp"
#include "math/proportion.hpp"

namespace clv::desk {
namespace {

using retention::estimate;
using number = std::optional<double>;

std::string verdict_of(const estimate& e, double z) {
  if (e.lower(z) > 0) return "LOSES: a breach makes customers leave who would have stayed";
  if (e.upper(z) < 0) {
    return "KEEPS: customers of breached tickets leave less; look for what the covariates miss";
  }
  return "NOT_SEEN: no effect beyond chance";
}

number e_value(const adjusted_effect& found) {
  const double low = std::min(found.hit.mean, found.spared.mean);
  const double high = std::max(found.hit.mean, found.spared.mean);
  if (!(low > 0)) return std::nullopt;
  return high / low + std::sqrt(high / low * (high / low - 1));
}

// The member of the rules that this report measures: 0 unless it is above chance.
std::string desk_member(const estimate& per_hour, double z) {
  const double rate = per_hour.lower(z) > 0 ? per_hour.mean : 0;
  return R"({"priority":{"churn_per_hour":)" + math::to_text(rate) + "}}";
}

}  // namespace

std::shared_ptr<const table> effect_table(const breach_study& s,
                                          const breach_plan& p,
                                          const std::string& seal) {
  report_writer rows({{"verdict", type::utf8},
                      {"effect", type::f64},
                      {"standard_error", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64},
                      {"unadjusted", type::f64},
                      {"unadjusted_lower", type::f64},
                      {"unadjusted_upper", type::f64},
                      {"churn_breached", type::f64},
                      {"churn_kept", type::f64},
                      {"breached", type::f64},
                      {"kept", type::f64},
                      {"mean_overrun_hours", type::f64},
                      {"churn_per_hour", type::f64},
                      {"churn_per_hour_error", type::f64},
                      {"churn_per_hour_lower", type::f64},
                      {"churn_per_hour_upper", type::f64},
                      {"e_value", type::f64},
                      {"converged", type::i64},
                      {"desk", type::utf8}});
  const bool answered = s.verdict.empty();
  const bool dosed = answered && s.found.mean_hours > 0;
  const auto if_answered = [&](double v) { return answered ? number(v) : number(); };
  const auto if_dosed = [&](double v) { return dosed ? number(v) : number(); };
  const bool both = s.counted.breached > 0 && s.counted.kept > 0;
  math::share_interval plain;
  if (both) {
    plain = math::newcombe(math::wilson(s.counted.left_breached, s.counted.breached, p.z),
                           math::wilson(s.counted.left_kept, s.counted.kept, p.z));
  }
  const auto if_both = [&](double v) { return both ? number(v) : number(); };
  const estimate &e = s.found.effect, &r = s.found.per_hour;
  rows.row(answered ? verdict_of(e, p.z) : s.verdict,
           if_answered(e.mean),
           if_answered(e.se),
           if_answered(e.lower(p.z)),
           if_answered(e.upper(p.z)),
           if_both(plain.share),
           if_both(plain.lower),
           if_both(plain.upper),
           if_answered(s.found.hit.mean),
           if_answered(s.found.spared.mean),
           s.counted.breached,
           s.counted.kept,
           if_answered(s.found.mean_hours),
           if_dosed(r.mean),
           if_dosed(r.se),
           if_dosed(r.lower(p.z)),
           if_dosed(r.upper(p.z)),
           answered ? e_value(s.found) : number(),
           static_cast<std::int64_t>(s.found.converged ? 1 : 0),
           dosed ? std::optional(desk_member(r, p.z)) : std::nullopt);
  return rows.sealed(seal);
}

std::shared_ptr<const table> per_hour_table(const breach_study& s,
                                            const breach_plan& p,
                                            const std::string& seal) {
  report_writer rows({{"method", type::utf8},
                      {"churn_per_hour", type::f64},
                      {"standard_error", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64}});
  const auto add = [&](const char* method, const estimate& e) {
    rows.row(method, e.mean, e.se, e.lower(p.z), e.upper(p.z));
  };
  if (s.verdict.empty() && s.found.mean_hours > 0) {
    add("effect per mean hour beyond the due time", s.found.per_hour);
    add("slope on the hours beyond the due time", s.found.slope);
  }
  return rows.sealed(seal + "|per_hour");
}

std::shared_ptr<const table> balance_table(const breach_study& s, const std::string& seal) {
  report_writer rows({{"covariate", type::utf8}, {"before", type::f64}, {"after", type::f64}});
  for (std::size_t t = 0; s.estimated && t < s.design.terms.size(); ++t) {
    rows.row(s.design.terms[t].name, s.found.gap_before[t], s.found.gap_after[t]);
  }
  return rows.sealed(seal + "|balance");
}

std::shared_ptr<const table> overlap_table(const breach_study& s, const std::string& seal) {
  constexpr std::size_t bins = 10;
  std::array<std::array<double, bins>, 2> counts{};
  for (std::size_t i = 0; i < s.found.chance.size(); ++i) {
    const auto bin = std::min(bins - 1, static_cast<std::size_t>(s.found.chance[i] * bins));
    counts[s.units.units[i].breached ? 1 : 0][bin] += 1;
  }
  report_writer rows(
      {{"from", type::f64}, {"to", type::f64}, {"breached", type::f64}, {"kept", type::f64}});
  for (std::size_t b = 0; s.estimated && b < bins; ++b) {
    rows.row(static_cast<double>(b) / bins,
             static_cast<double>(b + 1) / bins,
             counts[1][b],
             counts[0][b]);
  }
  return rows.sealed(seal + "|overlap");
}

std::shared_ptr<const table> left_out_table(const breach_study& s, const std::string& seal) {
  report_writer rows({{"reason", type::utf8}, {"customers", type::i64}});
  for (const auto& [reason, customers] : s.units.left_out) rows.row(reason, customers);
  return rows.sealed(seal + "|left_out");
}

}  // namespace clv::desk
