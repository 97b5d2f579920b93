// What the actions changed: those treated against those held out at random, never before against
// after. Who is compared is told in lift_groups.hpp, the statistics in lift_estimate.hpp,
// proportion.hpp and sequence.hpp. Per customer, over its decisions that count:
//   responded   in any window;  value: profit of the windows;  cost: what was paid;  net: both
// value_lower..upper and cuped_* are intervals for one look at a time chosen beforehand;
// sequence_lower..upper may be read every day (a confidence sequence for net_difference, with as
// many observations as decisions counted; several decisions of a customer that go the same way only
// make it wider than it need be). Intervals are per group, not for all groups at once.
// Before anything the split is tested; below p = .001 (status SRM) every number that compares the
// arms is withheld, because what broke the split broke the comparison.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "math/normal.hpp"
#include "retention/experiments/lift_tables.hpp"
#include "retention/experiments/measure_settings.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::array<report_input, 3> lift_inputs{
    {{"decision_log", "decision_log", true, ""},
     {"outcomes", "outcomes", true, ""},
     {"covariates", "", false, "customer,value of the time before (for CUPED)"}}};
constexpr std::array<report_option, 13> lift_options{{
    {"window_days", "30", "how long after a decision its outcomes count"},
    {"as_of",
     "",
     "decisions whose window has not passed then are left out; left out: the last time"},
    {"since", "", "decisions before are left out: when the holdout share last changed"},
    {"time_zone", "\"UTC\"", "of as_of and since where they have no offset"},
    {"level", "0.05", "of the intervals: 0.05 is 95 %"},
    {"by", R"(["system","plugin","action","segment"])", "kinds of groups"},
    {"share", "", "of the global holdout; left out: as the receipts say, without them 0.1"},
    {"salt",
     "",
     "of the global holdout: who is held out is then computed; left out: read from the log"},
    {"nested",
     "",
     "actions with a holdout of their own, as in the policy ('*' at the end: any rest); left out: "
     "as the receipts say"},
    {"nested_shares", "", "their shares, one per entry of nested"},
    {"decisions",
     "\"first\"",
     "of a customer, by plugin and action: first, or each (not randomised)"},
    {"overlapping", "\"left_out\"", "decisions within the window of another: left_out or counted"},
    {"tuned_for",
     "5000",
     "decisions at which the sequence is tightest; fix it before the first look"},
}};
constexpr std::array<report_output, 4> lift_outputs{{
    {"",
     "kind,group,status,treated,held_out,decisions,response_treated,response_treated_lower,"
     "response_treated_upper,response_held_out,response_held_out_lower,response_held_out_upper,"
     "response_difference,response_lower,response_upper,unsubscribed_difference,value_treated,"
     "value_held_out,value_difference,value_standard_error,value_lower,value_upper,"
     "cuped_difference,cuped_standard_error,cuped_lower,cuped_upper,theta,variance_reduction,"
     "cost_treated,cost_held_out,net_difference,net_standard_error,sequence_lower,sequence_upper,"
     "incremental,incremental_lower,incremental_upper,verdict"},
    {"sample_ratio",
     "kind,group,treated,held_out,expected_share,observed_share,chi_square,p_value,status"},
    {"cumulative", "kind,group,day,treated,held_out,net_difference,incremental,lower,upper"},
    {"left_out", "what,count"},
}};

bool one_of(const settings& s,
            std::string_view name,
            std::string_view usual,
            std::string_view other) {
  const std::string found = s.text(name, usual);
  if (found != usual && found != other) {
    s.refuse(name, "'" + std::string(usual) + "' or '" + std::string(other) + "'");
  }
  return found == other;
}

lift_plan read_plan(std::string_view json) {
  const settings s("report 'lift'", json, lift_options);
  lift_plan p;
  p.measure = read_measure(s);
  p.level = s.number_in("level", 0.05, 1e-6, 0.5);
  p.z = math::normal_quantile(1 - p.level / 2);
  p.tuned_for = s.number_in("tuned_for", 5000, 1, 1e12);
  p.groups.kinds =
      s.names("by").value_or(std::vector<std::string>{"system", "plugin", "action", "segment"});
  for (const std::string& kind : p.groups.kinds) {
    if (kind != "system" && kind != "plugin" && kind != "action" && kind != "segment") {
      s.refuse("by", "a list of system, plugin, action, segment");
    }
  }
  if (s.has("salt")) p.groups.salt = s.text("salt", "");
  p.groups.each = one_of(s, "decisions", "first", "each");
  p.groups.count_overlapping = one_of(s, "overlapping", "left_out", "counted");
  read_shares(s, p.groups);
  return p;
}

job lift_begin(report_inputs in, std::string_view options_json) {
  lift_plan plan = read_plan(options_json);
  return report_at_once(
      "measure",
      [in = std::move(in), plan = std::move(plan), text = std::string(options_json)](outcome& out) {
        write_lift(in, plan, text, out);
      });
}

}  // namespace

constinit const report lift_report{
    .name = "lift",
    .summary = "What the actions changed: treated against held out, with intervals to peek at",
    .needs_model = false,
    .inputs = lift_inputs,
    .options = lift_options,
    .outputs = lift_outputs,
    .begin = lift_begin,
};

}  // namespace clv
