// What each action changed, from a logged experiment: overall, by kind of customer, and whether
// aiming it pays. Learners: learners.hpp; scores and cross-fitting: cross_fit.hpp; the verdict:
// policy_value.hpp. reference (10) and the evidence ladder.
#include <array>
#include <cmath>
#include <memory>
#include <optional>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "retention/effects/effect_tables.hpp"
#include "retention/reports.hpp"
#include "value/churn/churn_data.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::array<report_input, 1> inputs{
    {{"experiment",
      "",
      true,
      "treatment,outcome,propensity,customer,segment,later_outcome,unsubscribed,cost,..."}}};
constexpr std::array<report_option, 26> option_rows{
    {{"treatment", "\"treatment\"", "column of the arm that the row got"},
     {"control", "", "its arm that got nothing; default: 0, control, none, holdout or false"},
     {"outcome", "\"outcome\"", "column of what came: 0 or 1, or a number"},
     {"later_outcome",
      "\"later_outcome\"",
      "column (where there is one) of what came after the window, in the same unit: it is added, "
      "so "
      "what was only brought forward does not count"},
     {"unsubscribed", "\"unsubscribed\"", "column (where there is one) of 1 for who left the list"},
     {"propensity",
      "\"propensity\"",
      "column (where there is one) of the logged chance of the arm that the row got; without it "
      "the "
      "share of the arm"},
     {"customer", "\"customer\"", "column (where there is one) of ids, each once"},
     {"segment", "\"segment\"", "column (where there is one) of kinds to tell apart"},
     {"cost", "\"cost\"", "column (where there is one) of what the row cost, instead of costs"},
     {"covariates", "", "columns known before the treatment; default: none"},
     {"interactions", "", "products of two covariates: \"a*b\""},
     {"protected", "", "columns that may be no covariate; default: gender, age, ..."},
     {"learner", "\"dr\"", "s, t, x or dr"},
     {"base", "\"ridge\"", "ridge, logistic (outcomes 0 or 1) or stumps"},
     {"l2", "1", "penalty of the standardised coefficients; of stumps: rows added to a leaf"},
     {"rounds", "100", "stumps of a boosted model, at most"},
     {"learning_rate", "0.1", "of boosting"},
     {"folds", "5", "2 to 20"},
     {"seed", "1", "of the folds"},
     {"z", "1.645", "standard errors on each side of intervals, and below an estimate in verdicts"},
     {"value", "1", "money per unit of outcome: the margin, or the value of a response"},
     {"costs", "", "of everyone treated, by arm: \"mail=0.10\""},
     {"benefits", "", "paid only to those who respond, by arm: \"voucher=5\""},
     {"unsubscribe_value", "0", "money lost with one who leaves the list"},
     {"shares", "", "of the arms by design, for the sample-ratio check: \"mail=0.5\""},
     {"min_group", "30", "units of the arm and of the control that a segment needs"}}};
constexpr std::array<report_output, 10> outputs{
    {{"", "action,customer,segment,effect_mean,effect_sd,n,level,policy"},
     {"policy_value",
      "policy,action,treated_share,value,standard_error,gain,gain_standard_error,gain_lower,"
      "over_best,over_best_standard_error,forward,forward_standard_error,forward_lower,verdict,"
      "why"},
     {"heterogeneity", "action,measure,estimate,standard_error,lower,upper,p_value,predicted,n"},
     {"targeting",
      "action,rank_by,share,effect,standard_error,lower,upper,gain,gain_lower,gain_upper"},
     {"segments",
      "action,segment,treated,control,effect,standard_error,lower,upper,plain_difference,"
      "plain_standard_error,between_sd,weight,shrunk_mean,shrunk_sd"},
     {"side_effects", "action,measure,control_mean,lift,standard_error,lower,upper"},
     {"balance", "action,covariate,standardised_difference,p_value"},
     {"sample_ratio", "action,n,share,expected_share,statistic,p_value"},
     {"coefficients", "action,term,coefficient,standard_error,lower,upper,per_unit"},
     {"model", "format,model"}}};

struct effect_options {
  learning how;
  int folds = 5;
  std::uint64_t seed = 1;
  double z = 1.645, min_group = 30;
};

struct request {
  std::shared_ptr<const table> rows;
  settings given;
  effect_options options;
  std::string extra;
  experiment of;
  covariate_design design;
  Eigen::MatrixXd z;
  std::unique_ptr<cross_fit> outcome_fit, money_fit;  // money: only where it does not follow
};

double whole(
    const settings& given, std::string_view name, double fallback, double least, double most) {
  const double v = given.number_in(name, fallback, least, most);
  if (v != std::floor(v)) given.refuse(name, "a whole number");
  return v;
}

learner_kind read_learner(const settings& given) {
  const std::string name = given.text("learner", "dr");
  if (name == "s") return learner_kind::s;
  if (name == "t") return learner_kind::t;
  if (name == "x") return learner_kind::x;
  if (name != "dr") given.refuse("learner", "s, t, x or dr");
  return learner_kind::dr;
}

base_kind read_base(const settings& given) {
  const std::string name = given.text("base", "ridge");
  if (name == "logistic") return base_kind::logistic;
  if (name == "stumps") return base_kind::stumps;
  if (name != "ridge") given.refuse("base", "ridge, logistic or stumps");
  return base_kind::ridge;
}

effect_options read_options(const settings& given) {
  effect_options o{.how = {.kind = read_learner(given)}};
  o.how.base.kind = read_base(given);
  o.how.base.l2 = given.number_in("l2", 1, 1e-9, 1e12);
  o.how.base.rounds = static_cast<int>(whole(given, "rounds", 100, 1, 1000));
  o.how.base.rate = given.number_in("learning_rate", 0.1, 0.001, 1);
  o.folds = static_cast<int>(whole(given, "folds", 5, 2, 20));
  o.seed = static_cast<std::uint64_t>(whole(given, "seed", 1, 0, 9e15));
  o.z = given.number_in("z", 1.645, 0, 10);
  o.min_group = given.number_in("min_group", 30, 2, 1e9);
  numbers_by_arm(given, "costs");
  numbers_by_arm(given, "benefits");
  numbers_by_arm(given, "shares");
  return o;
}

// Without case, blanks, '_' and '-', and without the "attr." of an attribute.
std::string plain(std::string_view name) {
  if (name.starts_with("attr.")) name.remove_prefix(5);
  std::string out;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::vector<std::string> covariates_of(const request& r) {
  const auto names = r.given.names("covariates").value_or(std::vector<std::string>{});
  const auto barred = r.given.names("protected").value_or(default_protected());
  for (const std::string& name : names) {
    for (const std::string& used : r.of.used) {
      if (name == used) {
        r.given.refuse("covariates", "no column that has another use; '" + name + "' has one");
      }
    }
    for (const std::string& other : barred) {
      if (plain(name) == plain(other)) {
        r.given.refuse("covariates",
                       "no protected attribute; '" + name + "' is one and may not decide");
      }
    }
  }
  return names;
}

void read(request& r, issues& notes) {
  const effect_options& o = r.options;
  r.of = read_experiment(*r.rows, r.given, o.folds, o.seed);
  if (o.how.base.kind == base_kind::logistic && !r.of.chances) {
    r.given.refuse("base", "ridge or stumps for an outcome that is not 0 or 1 throughout");
  }
  if (!r.of.responses) {
    notes.push_back({.code = status::ok,
                     .level = log_level::info,
                     .message = "the outcome is not 0 or 1: effects are in its unit, and no "
                                "evidence to decide with, which is of the chance to respond"});
  }
  r.design = make_design(*r.rows,
                         r.of.row,
                         covariates_of(r),
                         r.given.names("interactions").value_or(std::vector<std::string>{}),
                         notes);
  r.z = r.design.matrix(*r.rows, r.of.row, "experiment", "effects");
  r.outcome_fit =
      std::make_unique<cross_fit>(o.how, r.of, r.z, r.of.outcome, r.of.chances, o.folds);
  if (r.of.money_follows_outcome()) return;
  std::vector<double> money;
  for (std::size_t i = 0; i < r.of.units(); ++i) money.push_back(r.of.money(i));
  r.money_fit = std::make_unique<cross_fit>(o.how, r.of, r.z, std::move(money), false, o.folds);
}

void write(const request& r, outcome& out) {
  const cross_fitted& found = r.outcome_fit->found();
  const money_view money = money_of(r.of, found, r.money_fit ? &r.money_fit->found() : nullptr);
  const policy_answer policies = judge_policies(r.of, money, r.options.z);
  write_effects({.of = r.of,
                 .design = r.design,
                 .z = r.z,
                 .found = found,
                 .money = money,
                 .policies = policies,
                 .z_level = r.options.z,
                 .min_group = r.options.min_group,
                 .extra = r.extra},
                out);
  if (found.converged) return;
  out.notes.push_back({.code = status::ok,
                       .level = log_level::warn,
                       .message = "a logistic regression did not converge",
                       .hint = "raise option 'l2', or use base ridge"});
}

job begin(report_inputs in, std::string_view options_json) {
  settings given("effects", options_json, option_rows);
  const effect_options options = read_options(given);
  const auto r =
      std::make_shared<request>(request{.rows = in.tables.find("experiment")->second,
                                        .given = std::move(given),
                                        .options = options,
                                        .extra = "effects|" + std::string(options_json)});
  const auto out = std::make_shared<outcome>();
  const auto whole_step = [](auto work) {
    return [work] {
      work();
      return 1.0;
    };
  };
  const auto money = [r](double (cross_fit::*advance)()) {
    return [r, advance] { return r->money_fit ? (*r->money_fit.*advance)() : 1.0; };
  };
  return {{{"read", whole_step([r, out] { read(*r, out->notes); })},
           {"outcomes", [r] { return r->outcome_fit->advance_outcomes(); }},
           {"effects", [r] { return r->outcome_fit->advance_effects(); }},
           {"money", money(&cross_fit::advance_outcomes)},
           {"money effects", money(&cross_fit::advance_effects)},
           {"tables", whole_step([r, out] { write(*r, *out); })}},
          out};
}

}  // namespace

constinit const report effects_report{
    .name = "effects",
    .summary = "What each action changed in an experiment, for whom, and whether aiming it pays",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
