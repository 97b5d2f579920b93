// What another policy would have earned, from logged actions with known probabilities; formulas and
// sources in off_policy.hpp. One randomised sample evaluates any number of policies (Hitsch, Misra
// & Zhang 2024), but not every one: where the log has hardly done what the policy wants, the answer
// is refused (status) and the numbers are absent.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/hash.hpp"
#include "math/normal.hpp"
#include "retention/experiments/off_policy.hpp"
#include "retention/experiments/reward_model.hpp"
#include "retention/reports.hpp"
#include "value/fitting/short_text.hpp"

namespace clv {
namespace {

using namespace retention;
using number = std::optional<double>;

constexpr double least_effective = 50, least_matched = 50;
constexpr double support_z = 5;  // standard errors: 50 matches of 85 expected are chance 3e-5

constexpr std::array<report_input, 1> off_policy_report_inputs{
    {{"log",
      "",
      true,
      "action,propensity,reward and optionally customer, target (the action of the policy), "
      "target_propensity (its chance of the logged action), covariates, predictions"}}};
constexpr std::array<report_option, 9> off_policy_report_options{{
    {"policy", "\"column\"", "column (target or target_propensity), uniform or always:ACTION"},
    {"estimators", R"(["ips","snips","clipped","dr"])", "which estimates"},
    {"clip", "20", "largest weight of the clipped estimate"},
    {"level", "0.05", "of the intervals: 0.05 is 95 %"},
    {"actions", "", "all actions there are; left out: those of the log"},
    {"q",
     "",
     "prefix of the columns with predicted rewards, one per action; left out: fitted here"},
    {"covariates", "", "columns that the fitted predictions use; left out: the action's mean"},
    {"folds", "5", "of the cross-fitting"},
    {"ridge", "1", "penalty of the fitted predictions, in rows"},
}};
constexpr std::array<report_output, 2> off_policy_report_outputs{{
    {"",
     "policy,estimator,status,value,standard_error,lower,upper,rows,matched,matched_share,"
     "effective_n,max_weight,reason"},
    {"actions", "action,rows,mean_reward,mean_propensity,wanted"},
}};

struct evaluation_plan {
  std::string policy, q;
  std::vector<std::string> estimators, actions, covariates;
  double clip = 0, level = 0, ridge = 0;
  std::size_t folds = 5;
};

evaluation_plan off_policy_report_read_plan(std::string_view json) {
  const settings s("report 'off_policy'", json, off_policy_report_options);
  evaluation_plan p;
  p.policy = s.text("policy", "column");
  if (p.policy != "column" && p.policy != "uniform" &&
      (!p.policy.starts_with("always:") || p.policy.size() == 7)) {
    s.refuse("policy", "'column', 'uniform' or 'always:' and an action");
  }
  p.estimators =
      s.names("estimators").value_or(std::vector<std::string>{"ips", "snips", "clipped", "dr"});
  for (const std::string& e : p.estimators) {
    if (e != "ips" && e != "snips" && e != "clipped" && e != "dr") {
      s.refuse("estimators", "a list of ips, snips, clipped, dr");
    }
  }
  p.clip = s.number_in("clip", 20, 1e-9, 1e12);
  p.level = s.number_in("level", 0.05, 1e-6, 0.5);
  p.ridge = s.number_in("ridge", 1, 0, 1e12);
  p.folds = static_cast<std::size_t>(s.number_in("folds", 5, 2, 100));
  p.actions = s.names("actions").value_or(std::vector<std::string>());
  p.covariates = s.names("covariates").value_or(std::vector<std::string>());
  p.q = s.text("q", "");
  return p;
}

// The log with actions as numbers, and what the policy does in each row.
class evaluation {
 public:
  evaluation(const table& log, const evaluation_plan& plan)
      : table_(log), rows_(log, "off_policy", "log"), plan_(plan) {
    names_ = rows_.texts("action");
    reward_ = rows_.numbers("reward");
    propensity_ = rows_.numbers_or("propensity", 0);
    if (!rows_.has("propensity")) rows_.numbers("propensity");  // says which columns there are
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (!(propensity_[row] >= 0 && propensity_[row] <= 1)) {
        rows_.refuse("propensity", row, short_text(propensity_[row]) + " is not in [0, 1]");
      }
    }
    number_actions();
    read_customers();
    read_policy_column();
    weigh();
  }

  std::span<const policy_sample> samples() const { return samples_; }
  std::size_t unsupported() const { return unsupported_; }
  std::size_t first_unsupported() const { return first_unsupported_; }
  // The direct part needs the policy's chance of every action, not only of the logged one.
  bool knows_policy() const { return plan_.policy != "column" || !target_.empty(); }
  void predict();
  void write_actions(outcome& out, const std::string& seal) const;

 private:
  void number_actions();
  void read_customers();
  void read_policy_column();
  void weigh();
  std::size_t action_named(const std::string& name) const;
  double chance(std::size_t row, std::size_t action) const;

  const table& table_;
  report_rows rows_;
  const evaluation_plan& plan_;
  std::vector<std::string> names_;  // by row
  std::vector<double> reward_, propensity_;
  std::vector<std::string> actions_;  // rising
  std::vector<std::size_t> action_, target_, customer_;
  std::vector<std::uint64_t> unit_;
  std::vector<double> target_propensity_;
  std::vector<policy_sample> samples_;
  std::size_t unsupported_ = 0, first_unsupported_ = 0;
};

void evaluation::number_actions() {
  actions_ = plan_.actions.empty() ? names_ : plan_.actions;
  if (plan_.policy == "column" && rows_.has("target") && plan_.actions.empty()) {
    for (std::string& t : rows_.texts("target")) actions_.push_back(std::move(t));
  }
  if (plan_.policy.starts_with("always:")) actions_.push_back(plan_.policy.substr(7));
  std::sort(actions_.begin(), actions_.end());
  actions_.erase(std::unique(actions_.begin(), actions_.end()), actions_.end());
  for (std::size_t row = 0; row < names_.size(); ++row) {
    const std::size_t a = action_named(names_[row]);
    if (a == actions_.size()) {
      rows_.refuse("action", row, "'" + names_[row] + "' is not among the option 'actions'");
    }
    action_.push_back(a);
  }
}

std::size_t evaluation::action_named(const std::string& name) const {
  const auto at = std::lower_bound(actions_.begin(), actions_.end(), name);
  if (at == actions_.end() || *at != name) return actions_.size();
  return static_cast<std::size_t>(at - actions_.begin());
}

void evaluation::read_customers() {
  const bool given = rows_.has("customer");
  const auto ids = given ? rows_.texts("customer") : std::vector<std::string>();
  std::map<std::string_view, std::size_t> places;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    customer_.push_back(given ? places.emplace(ids[row], places.size()).first->second : row);
    unit_.push_back(math::hash64(given ? ids[row] : std::to_string(row)));
  }
}

void evaluation::read_policy_column() {
  if (plan_.policy != "column") return;
  if (!rows_.has("target_propensity")) {
    for (const std::string& name : rows_.texts("target")) target_.push_back(action_named(name));
    return;
  }
  target_propensity_ = rows_.numbers("target_propensity");
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (!(target_propensity_[row] >= 0 && target_propensity_[row] <= 1)) {
      rows_.refuse(
          "target_propensity", row, short_text(target_propensity_[row]) + " is not in [0, 1]");
    }
  }
}

// The policy's chance of the action; of "column" with target_propensity only for the logged one.
double evaluation::chance(std::size_t row, std::size_t action) const {
  if (!target_propensity_.empty()) return target_propensity_[row];
  if (plan_.policy == "uniform") return 1 / static_cast<double>(actions_.size());
  const bool wanted = plan_.policy == "column" ? target_[row] == action
                                               : actions_[action] == plan_.policy.substr(7);
  return wanted ? 1 : 0;
}

void evaluation::weigh() {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    policy_sample s{.reward = reward_[row], .customer = customer_[row]};
    const double wanted = chance(row, action_[row]);
    if (wanted > 0 && !(propensity_[row] > 0)) {
      if (unsupported_++ == 0) first_unsupported_ = row;
    } else if (wanted > 0) {
      s.weight = wanted / propensity_[row];
    }
    samples_.push_back(s);
  }
}

void evaluation::predict() {
  std::vector<std::vector<double>> given;
  for (const std::string& action : actions_) {
    if (!plan_.q.empty()) given.push_back(rows_.numbers(plan_.q + action));
  }
  std::vector<double> covariates(rows_.size() * plan_.covariates.size());
  for (std::size_t c = 0; c < plan_.covariates.size(); ++c) {
    const auto values = rows_.numbers(plan_.covariates[c]);
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      covariates[row * plan_.covariates.size() + c] = values[row];
    }
  }
  std::optional<reward_model> fitted;
  if (plan_.q.empty()) {
    fitted.emplace(reward_rows{action_, reward_, covariates, plan_.covariates.size(), unit_},
                   actions_.size(),
                   plan_.folds,
                   plan_.ridge);
  }
  const auto q = [&](std::size_t row, std::size_t action) {
    return fitted ? fitted->predict(row, action) : given[action][row];
  };
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    samples_[row].predicted = q(row, action_[row]);
    for (std::size_t a = 0; a < actions_.size(); ++a) {
      const double p = chance(row, a);
      if (p > 0) samples_[row].direct += p * q(row, a);
    }
  }
}

void evaluation::write_actions(outcome& out, const std::string& seal) const {
  report_writer to({{"action", type::utf8},
                    {"rows", type::f64},
                    {"mean_reward", type::f64},
                    {"mean_propensity", type::f64},
                    {"wanted", type::f64}});
  std::vector<double> rows(actions_.size()), reward(rows), propensity(rows), wanted(rows);
  for (std::size_t i = 0; i < action_.size(); ++i) {
    rows[action_[i]] += 1;
    reward[action_[i]] += reward_[i];
    propensity[action_[i]] += propensity_[i];
    for (std::size_t a = 0; knows_policy() && a < actions_.size(); ++a) wanted[a] += chance(i, a);
  }
  for (std::size_t a = 0; a < actions_.size(); ++a) {
    const auto mean = [&](double sum) { return rows[a] > 0 ? number(sum / rows[a]) : number(); };
    to.row(actions_[a],
           rows[a],
           mean(reward[a]),
           mean(propensity[a]),
           knows_policy() ? number(wanted[a]) : number());
  }
  out.tables["actions"] = to.sealed(seal + "actions");
}

struct refusal_of_policy {
  std::string status = "OK", reason;
};

// Where the log could have done whatever the policy wants, the weights average 1, for they turn the
// one's chances into the other's. Rows whose logged action is none that the policy wants do not
// show whether it could have been: only their sum does.
policy_estimate mean_weight(std::span<const policy_sample> log) {
  std::vector<policy_sample> ones(log.begin(), log.end());
  for (policy_sample& s : ones) s.reward = 1;
  return inverse_propensity(ones);
}

refusal_of_policy judge_support(const evaluation& e, const policy_support& s) {
  if (e.unsupported() > 0) {
    return {"NO_SUPPORT",
            "in " + short_text(static_cast<double>(e.unsupported())) + " rows, first row " +
                std::to_string(e.first_unsupported() + 1) +
                ", the policy wants the action and its logged propensity is 0 or missing"};
  }
  if (s.matched < least_matched) {
    return {"FEW_MATCHES",
            "the log did what the policy wants in " + short_text(s.matched) + " rows, " +
                short_text(least_matched) + " are needed"};
  }
  if (s.effective_n < least_effective) {
    return {"LOW_EFFECTIVE_N",
            "the weights leave an effective " + short_text(s.effective_n) + " rows, " +
                short_text(least_effective) + " are needed"};
  }
  const policy_estimate weight = mean_weight(e.samples());
  if (weight.value + support_z * weight.standard_error < 1) {
    return {"NO_SUPPORT",
            "the weights average " + short_text(weight.value) +
                " and not 1: in a part of the rows the log could not have done what the policy "
                "wants, or its propensities are wrong"};
  }
  return {};
}

policy_estimate estimate(const std::string& name, std::span<const policy_sample> log, double clip) {
  if (name == "ips") return inverse_propensity(log);
  if (name == "snips") return self_normalised(log);
  if (name == "clipped") return clipped(log, clip);
  return doubly_robust(log);
}

void write_estimates(evaluation& e,
                     const evaluation_plan& plan,
                     outcome& out,
                     const std::string& seal) {
  report_writer to({{"policy", type::utf8},
                    {"estimator", type::utf8},
                    {"status", type::utf8},
                    {"value", type::f64},
                    {"standard_error", type::f64},
                    {"lower", type::f64},
                    {"upper", type::f64},
                    {"rows", type::f64},
                    {"matched", type::f64},
                    {"matched_share", type::f64},
                    {"effective_n", type::f64},
                    {"max_weight", type::f64},
                    {"reason", type::utf8}});
  const policy_support s = support_of(e.samples());
  const refusal_of_policy refused = judge_support(e, s);
  const double z = math::normal_quantile(1 - plan.level / 2);
  for (const std::string& name : plan.estimators) {
    refusal_of_policy why = refused;
    if (why.status == "OK" && name == "dr" && !e.knows_policy()) {
      why = {"NO_POLICY",
             "target_propensity says the chance of the logged action only; the direct "
             "part needs that of every action: give target, or another policy"};
    }
    policy_estimate found;
    const bool known = why.status == "OK";
    if (known && name == "dr") e.predict();
    if (known) found = estimate(name, e.samples(), plan.clip);
    const auto if_known = [&](double value) {
      return known && std::isfinite(value) ? number(value) : number();
    };
    to.row(plan.policy,
           name,
           why.status,
           if_known(found.value),
           if_known(found.standard_error),
           if_known(found.value - z * found.standard_error),
           if_known(found.value + z * found.standard_error),
           s.rows,
           s.matched,
           s.rows > 0 ? number(s.matched / s.rows) : number(),
           s.effective_n,
           s.max_weight,
           why.reason);
  }
  out.tables[""] = to.sealed(seal);
}

job off_policy_report_begin(report_inputs in, std::string_view options_json) {
  evaluation_plan plan = off_policy_report_read_plan(options_json);
  return report_at_once(
      "evaluate",
      [in = std::move(in), plan = std::move(plan), text = std::string(options_json)](outcome& out) {
        evaluation e(in.of("log"), plan);
        const std::string seal = "off_policy/1|" + in.of("log").fingerprint() + "|" + text + "|";
        write_estimates(e, plan, out, seal);
        e.write_actions(out, seal);
      });
}

}  // namespace

constinit const report off_policy_report{
    .name = "off_policy",
    .summary = "What another policy would have earned, from logged actions and their propensities",
    .needs_model = false,
    .inputs = off_policy_report_inputs,
    .options = off_policy_report_options,
    .outputs = off_policy_report_outputs,
    .begin = off_policy_report_begin,
};

}  // namespace clv
