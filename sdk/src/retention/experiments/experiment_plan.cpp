// How long an experiment must run before it can find what one hopes for, and what it costs to look
// early. Two arms of unequal size, two-sided, normal approximation with each arm's own variance:
//   N = (z_{1 - level/2} + z_power)^2 (s1^2 / (1 - h) + s0^2 / h) / effect^2,
// h the share held out; of rates s^2 = p (1 - p) (Fleiss, Levin & Paik 2003, ch. 4, without
// continuity correction). Read as a confidence sequence (sequence.hpp, tuned for that N):
//   N_seq = N (factor + z_power)^2 / (z_{1 - level/2} + z_power)^2,
// which has the power at the last look alone, so at least that in all.
// Table `peeking`: the chance that an experiment without any effect is called one at some of the
// equally spaced looks, exactly (chance_of_crossing), for a plain interval read each time and for
// the sequence; and the chance to find the effect.
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/normal.hpp"
#include "retention/experiments/sequence.hpp"
#include "retention/reports.hpp"
#include "value/fitting/short_text.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::array<report_option, 9> options{{
    {"effect", "", "smallest difference worth finding: of the rate, or in the unit of sd"},
    {"rate", "", "response rate of those held out; this or sd must be given"},
    {"sd", "", "standard deviation of the value per customer"},
    {"sd_treated", "", "of those treated, where it differs"},
    {"share", "0.1", "held out, above 0 and below 1"},
    {"level", "0.05", "false positives allowed, two-sided"},
    {"power", "0.8", "chance to find the effect when it is there"},
    {"flow", "", "customers entering per week, for the weeks"},
    {"looks", "28", "of the table peeking: at most this many looks, up to 400"},
}};
constexpr std::array<report_output, 2> outputs{{
    {"",
     "reading,customers,treated,held_out,weeks,level,power,share,effect,standard_error,verdict"},
    {"peeking", "looks,plain_false_positive,sequence_false_positive,plain_power,sequence_power"},
}};

struct design {
  double effect = 0, treated_variance = 0, held_variance = 0, share = 0, level = 0, power = 0;
  double flow = 0;  // customers per week; 0: not known
  std::size_t looks = 0;
  double z() const { return math::normal_quantile(1 - level / 2); }
  double z_power() const { return math::normal_quantile(power); }
  // Variance of the difference, times the number of customers.
  double unit_variance() const { return treated_variance / (1 - share) + held_variance / share; }
};

void read_variances(const settings& s, design& d) {
  if (s.has("rate") == s.has("sd")) s.refuse("rate", "a rate, or sd, and not both");
  if (s.has("rate")) {
    const double rate = s.number_in("rate", 0, 0, 1), lifted = rate + d.effect;
    if (!(lifted >= 0 && lifted <= 1)) s.refuse("effect", "a change that leaves a rate in [0, 1]");
    d.held_variance = rate * (1 - rate);
    d.treated_variance = lifted * (1 - lifted);
  } else {
    const double sd = s.number_in("sd", 0, 1e-300, 1e150);
    const double treated = s.number_in("sd_treated", sd, 1e-300, 1e150);
    d.held_variance = sd * sd;
    d.treated_variance = treated * treated;
  }
  if (!(d.held_variance + d.treated_variance > 0)) s.refuse("rate", "a rate that can vary");
}

design read_design(std::string_view json) {
  const settings s("report 'experiment_plan'", json, options);
  design d;
  d.effect = s.number("effect", 0);
  if (!std::isfinite(d.effect) || d.effect == 0) s.refuse("effect", "a number other than 0");
  d.share = s.number_in("share", 0.1, 1e-6, 1 - 1e-6);
  d.level = s.number_in("level", 0.05, 1e-6, 0.5);
  d.power = s.number_in("power", 0.8, 0.01, 1 - 1e-6);
  if (s.has("flow")) d.flow = s.number_in("flow", 0, 1e-9, 1e12);
  d.looks = static_cast<std::size_t>(s.number_in("looks", 28, 1, 400));
  read_variances(s, d);
  return d;
}

// With `errors` standard errors as the bar of significance.
double customers_for(const design& d, double errors) {
  const double ratio = (errors + d.z_power()) / d.effect;
  const double n = ratio * ratio * d.unit_variance();
  // Whole customers in both arms.
  return std::ceil(n * (1 - d.share)) + std::ceil(n * d.share);
}

void write_sizes(const design& d, outcome& out, const std::string& seal) {
  report_writer to({{"reading", type::utf8},
                    {"customers", type::f64},
                    {"treated", type::f64},
                    {"held_out", type::f64},
                    {"weeks", type::f64},
                    {"level", type::f64},
                    {"power", type::f64},
                    {"share", type::f64},
                    {"effect", type::f64},
                    {"standard_error", type::f64},
                    {"verdict", type::utf8}});
  // Tuned for the very number at which it is to be decided, the factor is that of t = tuned_for.
  const std::array<std::pair<const char*, double>, 2> readings{
      {{"once, at the end", d.z()},
       {"every day, by the sequence", sequence_factor(1, 1, d.level)}}};
  for (const auto& [name, errors] : readings) {
    const double n = customers_for(d, errors), held = std::round(n * d.share);
    const double weeks = d.flow > 0 ? n / d.flow : 0;
    to.row(name,
           n,
           n - held,
           held,
           weeks > 0 ? std::optional(weeks) : std::nullopt,
           d.level,
           d.power,
           d.share,
           d.effect,
           std::sqrt(d.unit_variance() / n),
           short_text(n) + " customers, " + short_text(held) + " of them held out" +
               (weeks > 0 ? ", " + short_text(weeks) + " weeks." : "."));
  }
  out.tables[""] = to.sealed(seal);
}

void write_peeking(const design& d, outcome& out, const std::string& seal) {
  report_writer to({{"looks", type::f64},
                    {"plain_false_positive", type::f64},
                    {"sequence_false_positive", type::f64},
                    {"plain_power", type::f64},
                    {"sequence_power", type::f64}});
  std::vector<std::size_t> counts;
  for (const std::size_t n : {1, 2, 3, 4, 5, 7, 10, 14, 20, 28, 50, 100, 200, 365, 400}) {
    if (n < d.looks) counts.push_back(n);
  }
  counts.push_back(d.looks);
  for (const std::size_t looks : counts) {
    const auto k = static_cast<double>(looks);
    std::vector<double> plain(looks, d.z()), sequence;
    for (std::size_t i = 1; i <= looks; ++i) {
      sequence.push_back(sequence_factor(static_cast<double>(i), k, d.level));
    }
    // The expected z at the last of the looks is what the single reading was planned with.
    const double drift = (d.z() + d.z_power()) / std::sqrt(k);
    to.row(k,
           chance_of_crossing(plain, 0),
           chance_of_crossing(sequence, 0),
           chance_of_crossing(plain, drift),
           chance_of_crossing(sequence, drift));
  }
  out.tables["peeking"] = to.sealed(seal + "peeking");
}

job begin(report_inputs, std::string_view options_json) {
  return report_at_once(
      "plan", [d = read_design(options_json), text = std::string(options_json)](outcome& out) {
        const std::string seal = "experiment_plan/1|" + text + "|";
        write_sizes(d, out, seal);
        write_peeking(d, out, seal);
      });
}

}  // namespace

constinit const report experiment_plan_report{
    .name = "experiment_plan",
    .summary = "How many customers and weeks an experiment needs, and what looking early costs",
    .needs_model = false,
    .inputs = {},
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
