#include "value/fitting/fit_plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "clv/error.hpp"
#include "data/limits.hpp"

namespace clv {
namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view text, const std::string& why) {
  throw error(status::invalid,
              "fit option '" + std::string(option) + "': '" + std::string(text) + "' " + why);
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  if (text.empty()) return parts;
  for (;;) {
    const auto at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// Different names, none of them empty.
std::vector<std::string> names_of(std::string_view option, std::string_view list) {
  std::vector<std::string> names;
  for (const std::string_view part : split(list, ',')) {
    if (part.empty()) refuse(option, list, "has an empty name");
    if (std::find(names.begin(), names.end(), part) != names.end()) {
      refuse(option, list, "names '" + std::string(part) + "' twice");
    }
    names.emplace_back(part);
  }
  return names;
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class planner {
 public:
  planner(const model& m, const fit_options& o) : options_(o) {
    plan_.which = &m;
    plan_.l2_transaction = penalty("l2_transaction", o.l2_transaction);
    plan_.l2_life = penalty("l2_life", o.l2_life);
  }

  void add_covariates() {
    const auto equal = names_of("equal_covariates", options_.equal_covariates);
    const auto transaction = names_of("transaction_covariates", options_.transaction_covariates);
    const auto life = names_of("life_covariates", options_.life_covariates);
    for (const std::string& name : equal) {
      if (contains(transaction, name) && contains(life, name)) continue;
      refuse("equal_covariates", name, "must be in transaction_covariates and life_covariates");
    }
    add_process("transaction_covariates", transaction, equal, plan_.which->transaction, false);
    add_process("life_covariates", life, equal, plan_.which->life, true);
  }

  fit_plan finish() {
    plan_.held.resize(plan_.parameters() + plan_.terms.size());
    plan_.priors.resize(plan_.held.size());
    return std::move(plan_);
  }

 private:
  static double penalty(std::string_view option, double value) {
    if (!(value >= 0.0) || !std::isfinite(value)) {
      throw error(status::invalid,
                  "fit option '" + std::string(option) + "' must be a number of at least 0");
    }
    return value;
  }

  void add_process(std::string_view option,
                   const std::vector<std::string>& names,
                   const std::vector<std::string>& equal,
                   const covariate_link& to,
                   bool life) {
    if (names.empty()) return;
    if (to.how == link::none) {
      refuse(option,
             names[0],
             "has no place in " + std::string(plan_.which->name) + ", which has no " +
                 (life ? "life" : "transaction") + " covariates");
    }
    for (const std::string& name : names) {
      auto at = std::find(plan_.covariates.begin(), plan_.covariates.end(), name);
      if (at == plan_.covariates.end()) at = plan_.covariates.insert(at, name);
      const auto place = static_cast<std::size_t>(at - plan_.covariates.begin());
      plan_.terms.push_back({.covariate = place, .life = life});
      plan_.shared.push_back(contains(equal, name));
    }
  }

  const fit_options& options_;
  fit_plan plan_;
};

struct target {
  fit_plan* plan = nullptr;
  std::size_t slot = 0;
};

target find_in(std::optional<fit_plan>& plan, std::string_view name) {
  if (!plan) return {};
  const std::string prefix = std::string(plan->which->name) + ".";
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  for (std::size_t slot = 0; slot < plan->slots(); ++slot) {
    if (plan->name_of_slot(slot) == name) return {&*plan, slot};
  }
  return {};
}

target find_slot(fit_plans& plans, std::string_view option, std::string_view name) {
  target found = find_in(plans.purchase, name);
  if (found.plan == nullptr) found = find_in(plans.spend, name);
  if (found.plan != nullptr) return found;
  std::string known;
  for (const auto* plan : {&plans.purchase, &plans.spend}) {
    for (std::size_t slot = 0; *plan && slot < (*plan)->slots(); ++slot) {
      known += (known.empty() ? "" : ", ") + (*plan)->name_of_slot(slot);
    }
  }
  refuse(option, name, "is no parameter or coefficient of this fit; known: " + known);
}

// "name=rest" of each part of a comma list.
template <typename Use>
void each_setting(std::string_view option, std::string_view list, fit_plans& plans, Use use) {
  for (const std::string_view part : split(list, ',')) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) refuse(option, part, "is not of the form name=value");
    const target to = find_slot(plans, option, part.substr(0, equals));
    use(part, *to.plan, to.slot, part.substr(equals + 1));
  }
}

void hold(std::string_view part, fit_plan& plan, std::size_t slot, std::string_view text) {
  const auto value = number_of(text);
  if (!value) refuse("fixed", part, "is not a finite number");
  if (slot < plan.parameters()) {
    const parameter& p = plan.which->parameters[slot];
    if (!data::is_scale(*value)) refuse("fixed", part, "is not from 1e-100 to 1e100");
    if (p.most > 0 && (*value != std::floor(*value) || *value > p.most)) {
      refuse("fixed", part, "is not a whole number from 1 to " + std::to_string(p.most));
    }
  }
  plan.held[slot] = value;
}

void believe(std::string_view part, fit_plan& plan, std::size_t slot, std::string_view text) {
  constexpr std::array<std::string_view, 3> names{"lognormal", "gamma", "normal"};
  constexpr std::array shapes{prior::shape::lognormal, prior::shape::gamma, prior::shape::normal};
  const auto words = split(text, ':');
  const auto at = words.empty() ? names.end() : std::find(names.begin(), names.end(), words[0]);
  const auto first = words.size() == 3 ? number_of(words[1]) : std::nullopt;
  const auto second = words.size() == 3 ? number_of(words[2]) : std::nullopt;
  if (at == names.end() || !first || !second) {
    refuse("priors", part, "must be lognormal:mu:sigma, gamma:shape:rate or normal:mean:sd");
  }
  prior p{.how = shapes[static_cast<std::size_t>(at - names.begin())],
          .first = *first,
          .second = *second};
  const bool coefficient = slot >= plan.parameters();
  if (coefficient != (p.how == prior::shape::normal)) {
    refuse("priors",
           part,
           coefficient ? "is a coefficient: normal:mean:sd"
                       : "is a parameter: lognormal:mu:sigma or gamma:shape:rate");
  }
  if (!coefficient && plan.which->parameters[slot].most > 0) {
    refuse("priors", part, "is a whole number and takes no prior; hold it with fixed");
  }
  if (!(p.second > 0) || (p.how == prior::shape::gamma && !(p.first > 0))) {
    refuse("priors", part, "needs its sigma, sd, shape and rate above 0");
  }
  plan.priors[slot] = p;
}

// A coefficient that both processes share is one number: what is said of one holds for both.
void mirror_shared(fit_plan& plan) {
  for (std::size_t i = 0; i < plan.terms.size(); ++i) {
    for (std::size_t j = 0; j < plan.terms.size(); ++j) {
      if (!plan.shared[i] || i == j || plan.terms[i].covariate != plan.terms[j].covariate) continue;
      auto& from = plan.held[plan.parameters() + i];
      auto& to = plan.held[plan.parameters() + j];
      if (from && to && *from != *to) {
        refuse("fixed", plan.name_of_slot(plan.parameters() + i), "is held at two values");
      }
      if (from) to = from;
    }
  }
}

void check_something_is_left(const fit_plan& plan) {
  const auto whole = plan.whole_number();
  for (std::size_t slot = 0; slot < plan.slots(); ++slot) {
    if (!plan.held[slot] && slot != whole) return;
  }
  throw error(
      status::invalid,
      "fit option 'fixed' leaves nothing of " + std::string(plan.which->name) + " to estimate",
      "load such a model from a file instead; its customers are scored the same way");
}

}  // namespace

double prior::log_density(double value) const {
  const double z = (how == shape::lognormal ? std::log(value) : value) - first;
  switch (how) {
    case shape::lognormal:
      return -0.5 * z * z / (second * second);
    case shape::gamma:
      return first * std::log(value) - second * value;
    case shape::normal:
      return -0.5 * z * z / (second * second);
    case shape::none:
      break;
  }
  return 0;
}

double prior::slope(double value) const {
  switch (how) {
    case shape::lognormal:
      return (first - std::log(value)) / (second * second * value);
    case shape::gamma:
      return first / value - second;
    case shape::normal:
      return (first - value) / (second * second);
    case shape::none:
      break;
  }
  return 0;
}

std::string fit_plan::name_of_slot(std::size_t slot) const {
  if (slot < parameters()) return std::string(which->parameters[slot].name);
  const effect_term& term = terms[slot - parameters()];
  return (term.life ? "life." : "transaction.") + covariates[term.covariate];
}

std::optional<std::size_t> fit_plan::whole_number() const {
  for (std::size_t i = 0; i < parameters(); ++i) {
    if (which->parameters[i].most > 0) return i;
  }
  return std::nullopt;
}

fit_plans plan_of(const model* purchase, const model* spend, const fit_options& options) {
  fit_plans plans;
  if (purchase != nullptr) {
    planner p(*purchase, options);
    p.add_covariates();
    plans.purchase = p.finish();
  } else if (!options.transaction_covariates.empty() || !options.life_covariates.empty()) {
    throw error(status::invalid, "covariates need a purchase model; a spend model has none");
  }
  if (spend != nullptr) plans.spend = planner(*spend, options).finish();
  each_setting("fixed", options.fixed, plans, hold);
  each_setting("priors", options.priors, plans, believe);
  for (auto* plan : {&plans.purchase, &plans.spend}) {
    if (!*plan) continue;
    mirror_shared(**plan);
    check_something_is_left(**plan);
  }
  return plans;
}

}  // namespace clv
