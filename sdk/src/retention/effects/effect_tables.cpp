#include "retention/effects/effect_tables.hpp"

#include "data/report_tables.hpp"
#include "math/normal.hpp"
#include "retention/effects/effect_file.hpp"
#include "retention/effects/evidence.hpp"

namespace clv::retention {
namespace {

using text = std::optional<std::string>;
using effect_number = std::optional<double>;

double one_sided(const estimate& e) {
  return math::normal_cdf(-e.mean / e.se);
}

// Effects that decide reads: of everyone, and of each segment that is known well enough.
void write_evidence(const effect_view& v, const std::vector<segment_study>& studies, outcome& out) {
  report_writer rows({{"action", type::utf8},
                      {"customer", type::utf8},
                      {"segment", type::utf8},
                      {"effect_mean", type::f64},
                      {"effect_sd", type::f64},
                      {"n", type::f64},
                      {"level", type::utf8},
                      {"policy", type::utf8}});
  for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
    const segment_study& s = studies[a];
    const std::string& policy = v.policies.arm_policy[a];
    const auto level = [&](std::string_view own) {
      return std::string(v.of.responses ? own : not_a_chance);
    };
    rows.row(v.of.arms[a],
             text{},
             text{},
             s.overall.mean,
             s.overall.se,
             s.overall.n,
             level("own_overall"),
             policy);
    for (const segment_effect& e : s.segments) {
      if (!e.used) continue;
      rows.row(v.of.arms[a],
               text{},
               v.of.segments[e.segment],
               e.shrunk.mean,
               e.shrunk.se,
               e.shrunk.n,
               level("own_kind"),
               policy);
    }
  }
  out.tables[""] = rows.sealed(v.extra);
}

void write_segments(const effect_view& v, const std::vector<segment_study>& studies, outcome& out) {
  report_writer rows({{"action", type::utf8},
                      {"segment", type::utf8},
                      {"treated", type::f64},
                      {"control", type::f64},
                      {"effect", type::f64},
                      {"standard_error", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64},
                      {"plain_difference", type::f64},
                      {"plain_standard_error", type::f64},
                      {"between_sd", type::f64},
                      {"weight", type::f64},
                      {"shrunk_mean", type::f64},
                      {"shrunk_sd", type::f64}});
  for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
    for (const segment_effect& e : studies[a].segments) {
      const auto when_used = [&](double x) { return e.used ? effect_number(x) : effect_number(); };
      rows.row(v.of.arms[a],
               v.of.segments[e.segment],
               e.treated,
               e.control,
               e.effect.mean,
               e.effect.se,
               e.effect.lower(v.z_level),
               e.effect.upper(v.z_level),
               when_used(e.plain.mean),
               when_used(e.plain.se),
               when_used(std::sqrt(studies[a].between)),
               when_used(e.weight),
               when_used(e.shrunk.mean),
               when_used(e.shrunk.se));
    }
  }
  out.tables["segments"] = rows.sealed(v.extra + "|segments");
}

void write_policies(const effect_view& v, outcome& out) {
  report_writer rows({{"policy", type::utf8},
                      {"action", type::utf8},
                      {"treated_share", type::f64},
                      {"value", type::f64, v.of.unit},
                      {"standard_error", type::f64, v.of.unit},
                      {"gain", type::f64, v.of.unit},
                      {"gain_standard_error", type::f64, v.of.unit},
                      {"gain_lower", type::f64, v.of.unit},
                      {"over_best", type::f64, v.of.unit},
                      {"over_best_standard_error", type::f64, v.of.unit},
                      {"forward", type::f64, v.of.unit},
                      {"forward_standard_error", type::f64, v.of.unit},
                      {"forward_lower", type::f64, v.of.unit},
                      {"verdict", type::utf8},
                      {"why", type::utf8}});
  for (const policy_row& r : v.policies.rows) {
    const auto lead = [&](double x) { return r.over_best ? effect_number(x) : effect_number(); };
    const estimate over = r.over_best.value_or(estimate{}), ahead = r.forward.value_or(estimate{});
    rows.row(r.policy,
             r.action.empty() ? text{} : text(r.action),
             r.treated,
             r.value.mean,
             r.value.se,
             r.gain.mean,
             r.gain.se,
             r.gain.lower(v.z_level),
             lead(over.mean),
             lead(over.se),
             lead(ahead.mean),
             lead(ahead.se),
             lead(ahead.lower(v.z_level)),
             v.policies.verdict,
             v.policies.why);
  }
  out.tables["policy_value"] = rows.sealed(v.extra + "|policy_value");
}

// p_value: one-sided, of an effect above 0. Pooled beta2 has none: see calibrate().
void write_heterogeneity(const effect_view& v, outcome& out) {
  report_writer rows({{"action", type::utf8},
                      {"measure", type::utf8},
                      {"estimate", type::f64},
                      {"standard_error", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64},
                      {"p_value", type::f64},
                      {"predicted", type::f64},
                      {"n", type::f64}});
  const auto add =
      [&](std::size_t a, const std::string& name, const estimate& e, effect_number predicted) {
        const bool certain = !(e.se > 0);
        rows.row(v.of.arms[a],
                 name,
                 e.mean,
                 e.se,
                 e.lower(v.z_level),
                 e.upper(v.z_level),
                 certain || name == "beta2" ? effect_number() : effect_number(one_sided(e)),
                 predicted,
                 e.n);
      };
  for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
    const calibration c = calibrate(v.of, v.found, a);
    add(a, "beta1", c.beta1, effect_number());
    if (c.beta2) add(a, "beta2", *c.beta2, effect_number());
    if (c.proof) add(a, "beta2_forward", *c.proof, effect_number());
    const std::vector<effect_group> groups = sorted_groups(v.of, v.found, a, 5);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      add(a, "quintile_" + std::to_string(g + 1), groups[g].effect, groups[g].predicted);
    }
  }
  out.tables["heterogeneity"] = rows.sealed(v.extra + "|heterogeneity");
}

void write_targeting(const effect_view& v, outcome& out) {
  report_writer rows({{"action", type::utf8},
                      {"rank_by", type::utf8},
                      {"share", type::f64},
                      {"effect", type::f64, v.of.unit},
                      {"standard_error", type::f64, v.of.unit},
                      {"lower", type::f64, v.of.unit},
                      {"upper", type::f64, v.of.unit},
                      {"gain", type::f64, v.of.unit},
                      {"gain_lower", type::f64, v.of.unit},
                      {"gain_upper", type::f64, v.of.unit}});
  for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
    for (const targeting_row& r : targeting(v.of, v.found, v.money, a)) {
      const double low = r.effect.lower(v.z_level), high = r.effect.upper(v.z_level);
      rows.row(v.of.arms[a],
               r.rank_by,
               r.share,
               r.effect.mean,
               r.effect.se,
               low,
               high,
               r.share * r.effect.mean,
               r.share * low,
               r.share * high);
    }
  }
  out.tables["targeting"] = rows.sealed(v.extra + "|targeting");
}

// What else the arm moved: purchases brought forward, customers who left the list.
void write_side_effects(const effect_view& v, outcome& out) {
  report_writer rows({{"action", type::utf8},
                      {"measure", type::utf8},
                      {"control_mean", type::f64},
                      {"lift", type::f64},
                      {"standard_error", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64}});
  const auto add = [&](const char* name, const std::vector<double>& values, double sign) {
    if (values.empty()) return;
    const estimate control = arm_mean(v.of, values, 0);
    for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
      estimate lift = difference(arm_mean(v.of, values, a), control);
      lift.mean *= sign;
      lift.se *= std::abs(sign);
      rows.row(v.of.arms[a],
               name,
               control.mean,
               lift.mean,
               lift.se,
               lift.lower(v.z_level),
               lift.upper(v.z_level));
    }
  };
  add("outcome", v.of.first, 1);
  add("later_outcome", v.of.later, 1);
  add("pull_forward", v.of.later, -1);
  add("unsubscribed", v.of.unsubscribed, 1);
  add("fatigue_cost", v.of.unsubscribed, v.of.unsubscribe_value);
  out.tables["side_effects"] = rows.sealed(v.extra + "|side_effects");
}

void write_model(const effect_view& v, outcome& out) {
  effect_file file{
      .design = v.design, .units = static_cast<double>(v.of.units()), .chances = v.of.responses};
  for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
    effect_arm arm{.action = v.of.arms[a],
                   .policy = v.policies.arm_policy[a],
                   .fit = calibrate(v.of, v.found, a)};
    for (const auto& fold : v.found.models) arm.models.push_back(fold[a]);
    file.arms.push_back(std::move(arm));
  }
  report_writer rows({{"format", type::utf8}, {"model", type::utf8}});
  rows.row("clv.effect/1", to_json(file));
  out.tables["model"] = rows.sealed(v.extra + "|model");
}

}  // namespace

void write_effects(const effect_view& v, outcome& out) {
  std::vector<segment_study> studies(1);
  for (std::size_t a = 1; a < v.of.arms.size(); ++a) {
    studies.push_back(study_segments(v.of, v.found.score, a, v.min_group));
  }
  write_evidence(v, studies, out);
  write_segments(v, studies, out);
  write_policies(v, out);
  write_heterogeneity(v, out);
  write_targeting(v, out);
  write_side_effects(v, out);
  write_balance(v, out);
  write_coefficients(v, out);
  write_model(v, out);
}

}  // namespace clv::retention
