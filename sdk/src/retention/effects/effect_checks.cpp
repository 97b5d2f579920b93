// The tables that let a reader check an experiment and its model: balance, sample ratio,
// coefficients.
#include <cmath>

#include "data/report_tables.hpp"
#include "math/chi_square.hpp"
#include "math/normal.hpp"
#include "retention/effects/effect_tables.hpp"

namespace clv::retention {
namespace {

using number = std::optional<double>;

// Of the arms as a whole, Pearson; of one arm with logged chances, the square of
// (sum 1/e - n) / sd, whose sd is estimated from the units that got the arm.
struct ratio_check {
  number statistic, p_value;
};

ratio_check check_shares(const experiment& of) {
  if (of.stated_share.empty()) return {};
  double x = 0;
  for (std::size_t a = 0; a < of.arms.size(); ++a) {
    const double expected = of.stated_share[a] * static_cast<double>(of.units());
    x += (of.count[a] - expected) * (of.count[a] - expected) / expected;
  }
  return {x, math::chi_square_tail(x, static_cast<double>(of.arms.size()) - 1)};
}

ratio_check check_chances(const experiment& of, std::size_t arm) {
  double seen = 0, variance = 0;
  for (std::size_t i = 0; i < of.units(); ++i) {
    if (of.arm[i] != arm) continue;
    const double e = of.propensity[i];
    seen += 1 / e;
    variance += (1 - e) / (e * e);
  }
  const double gap = seen - static_cast<double>(of.units());
  const double x = gap * gap / variance;
  return {x, math::chi_square_tail(x, 1)};
}

void write_sample_ratio(const effect_view& v, outcome& out) {
  report_writer rows({{"action", type::utf8},
                      {"n", type::f64},
                      {"share", type::f64},
                      {"expected_share", type::f64},
                      {"statistic", type::f64},
                      {"p_value", type::f64}});
  const auto n = static_cast<double>(v.of.units());
  for (std::size_t a = 0; a < v.of.arms.size(); ++a) {
    const bool stated = !v.of.stated_share.empty();
    const ratio_check check = stated                   ? check_shares(v.of)
                              : v.of.logged_propensity ? check_chances(v.of, a)
                                                       : ratio_check{};
    rows.row(v.of.arms[a],
             v.of.count[a],
             v.of.count[a] / n,
             stated ? number(v.of.stated_share[a]) : number(),
             check.statistic,
             check.p_value);
    if (!check.p_value || *check.p_value >= 0.001) continue;
    out.notes.push_back(
        {.code = status::ok,
         .level = log_level::warn,
         .message = "arm '" + v.of.arms[a] +
                    "' does not have the number of rows that its chances say: rows may be missing, "
                    "or column propensity is not the chance of the arm that the row got"});
  }
  out.tables["sample_ratio"] = rows.sealed(v.extra + "|sample_ratio");
}

// Coefficient of every term (first the intercept) in one fold's effect model; empty when a part is
// no sum of terms.
std::vector<double> coefficients_of(const effect_model& m, Eigen::Index terms) {
  std::vector<double> out(static_cast<std::size_t>(terms) + 1, 0);
  for (const effect_part& p : m) {
    if (p.model.logit || !p.model.stumps.empty()) return {};
    out[0] += p.weight * p.model.intercept;
    for (Eigen::Index j = 0; j < p.model.beta.size(); ++j) {
      out[static_cast<std::size_t>(j) + 1] += p.weight * p.model.beta[j];
    }
  }
  return out;
}

// Of one unit of the covariate as the caller measures it.
number per_unit(const covariate_design& d, std::size_t term, double coefficient) {
  const design_term& t = d.terms[term];
  if (t.product) return std::nullopt;
  const churn_column& c = d.raw[t.one];
  const double scale = c.kind == churn_kind::number ? d.features[c.feature].scale : 1;
  return coefficient / (t.scale * scale);
}

// Mean over the folds' models; delete-a-group jackknife.
estimate over_folds(const std::vector<std::vector<double>>& folds, std::size_t term) {
  const auto k = static_cast<double>(folds.size());
  estimate e{.n = k};
  for (const auto& fold : folds) e.mean += fold[term] / k;
  for (const auto& fold : folds) e.se += (fold[term] - e.mean) * (fold[term] - e.mean);
  e.se = std::sqrt((k - 1) / k * e.se);
  return e;
}

}  // namespace

void write_balance(const effect_view& v, outcome& out) {
  report_writer rows({{"action", type::utf8},
                      {"covariate", type::utf8},
                      {"standardised_difference", type::f64},
                      {"p_value", type::f64}});
  for (std::size_t t = 0; t < v.design.terms.size(); ++t) {
    const auto column = v.z.col(static_cast<Eigen::Index>(t));
    const std::vector<double> values(column.begin(), column.end());
    const estimate control = arm_mean(v.of, values, 0);
    for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
      const estimate gap = difference(arm_mean(v.of, values, a), control);
      // The covariate is standardised over all units: the difference is in standard deviations.
      const bool certain = !(gap.se > 0);
      rows.row(v.of.arms[a],
               v.design.terms[t].name,
               gap.mean,
               certain ? number() : number(2 * math::normal_cdf(-std::abs(gap.mean / gap.se))));
    }
  }
  out.tables["balance"] = rows.sealed(v.extra + "|balance");
  write_sample_ratio(v, out);
}

void write_coefficients(const effect_view& v, outcome& out) {
  report_writer rows({{"action", type::utf8},
                      {"term", type::utf8},
                      {"coefficient", type::f64},
                      {"standard_error", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64},
                      {"per_unit", type::f64}});
  for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
    std::vector<std::vector<double>> folds;
    for (const auto& fold : v.found.models) {
      folds.push_back(coefficients_of(fold[a], static_cast<Eigen::Index>(v.design.terms.size())));
      if (folds.back().empty()) return void(out.tables["coefficients"] = rows.sealed(v.extra));
    }
    for (std::size_t t = 0; t <= v.design.terms.size(); ++t) {
      const estimate e = over_folds(folds, t);
      rows.row(v.of.arms[a],
               t == 0 ? std::string("(intercept)") : v.design.terms[t - 1].name,
               e.mean,
               e.se,
               e.lower(v.z_level),
               e.upper(v.z_level),
               t == 0 ? number() : per_unit(v.design, t - 1, e.mean));
    }
  }
  out.tables["coefficients"] = rows.sealed(v.extra + "|coefficients");
}

}  // namespace clv::retention
