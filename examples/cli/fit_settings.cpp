#include "fit_settings.hpp"

#include <algorithm>

#include "handles.hpp"
#include "input.hpp"

namespace cli {
namespace {

// Each once, in the order of the first mention.
std::string joined(const std::vector<std::string>& first,
                   const std::vector<std::string>& second = {}) {
  std::vector<std::string> seen;
  std::string list;
  for (const auto* names : {&first, &second}) {
    for (const std::string& name : *names) {
      if (std::ranges::find(seen, name) != seen.end()) continue;
      seen.push_back(name);
      list += (list.empty() ? "" : ",") + name;
    }
  }
  return list;
}

CLI::Option* add_list(CLI::App& command,
                      const char* option,
                      std::vector<std::string>& names,
                      const char* meaning) {
  return command.add_option(option, names, meaning)->delimiter(',')->type_name("NAMES");
}

void add_covariates(CLI::App& command, fit_settings& o) {
  add_list(command,
           "--covariates",
           o.covariates,
           "Number columns of --summary that move how often customers buy and how soon they leave");
  add_list(command, "--transaction-covariates", o.transaction_covariates, "How often only");
  add_list(command, "--life-covariates", o.life_covariates, "How soon only");
  add_list(command, "--equal", o.equal, "Of both, with one coefficient for both");
  command.add_option("--l2", o.l2, "Penalty per customer on coefficients of standardised columns")
      ->check(not_below_zero());
  command.add_option("--l2-life", o.l2_life, "The same for how soon they leave (default: --l2)")
      ->check(not_below_zero());
}

void add_estimation(CLI::App& command, fit_settings& o) {
  command.add_option("--prior", o.priors, "Maximum a posteriori: NAME=KIND:A:B, e.g. r=gamma:2:1")
      ->type_name("PRIOR");
  command.add_option("--fix", o.fixed, "Hold a parameter: k=2")
      ->delimiter(',')
      ->type_name("NAME=VALUE");
  command.add_option("--threads", o.threads, "The same result for any number")
      ->capture_default_str();
  command.add_option("--tolerance", o.tolerance, "On the gradient per customer; 0 = 1e-9");
  command.add_option("--max-iterations", o.max_iterations, "0 = 200");
}

}  // namespace

void add_fit_settings(CLI::App& command, fit_settings& o) {
  command
      .add_option("--model",
                  o.model,
                  "nbd, bg_nbd, mbg_nbd, bg_cnbd_k, mbg_cnbd_k, pareto_nbd, gg_nbd, bg_bb, sbg, "
                  "bdw or gamma_gamma; a purchase and a spend model are joined by '+'; with "
                  "--store also auto: the one that foretells best")
      ->capture_default_str();
  command
      .add_option("--unit",
                  o.unit,
                  "What ages are counted in: day or week (default); period of a model of "
                  "opportunities or renewals")
      ->check(model_unit_name());
  command
      .add_option("--periods-per-year",
                  o.periods_per_year,
                  "Of such a model: 12 for monthly renewals, so that yearly rates can be used")
      ->check(above_zero());
  command.add_option("--time-zone", o.time_zone, "Whose midnight separates purchase days")
      ->capture_default_str();
  command.add_option("--currency", o.currency, "Take only events of this currency");
  add_covariates(command, o);
  add_estimation(command, o);
}

std::string covariate_columns(const fit_settings& o) {
  std::vector<std::string> processes = o.transaction_covariates;
  processes.insert(processes.end(), o.life_covariates.begin(), o.life_covariates.end());
  return joined(o.covariates, processes);
}

fit_options::fit_options(const fit_settings& o, const model_traits& traits)
    : model_(o.model),
      unit_(unit_for(traits, o.unit)),
      time_zone_(o.time_zone),
      currency_(o.currency),
      transaction_(joined(o.covariates, o.transaction_covariates)),
      life_(joined(o.covariates, o.life_covariates)),
      equal_(joined(o.equal)),
      priors_(joined(o.priors)),
      fixed_(joined(o.fixed)),
      options_(sized<clv_fit_options>()) {
  options_.threads = o.threads;
  options_.model = model_.c_str();
  options_.tolerance = o.tolerance;
  options_.max_iterations = o.max_iterations;
  options_.unit = unit_.c_str();
  options_.time_zone = time_zone_.c_str();
  options_.currency = or_null(currency_);
  options_.transaction_covariates = or_null(transaction_);
  options_.life_covariates = or_null(life_);
  options_.equal_covariates = or_null(equal_);
  options_.priors = or_null(priors_);
  options_.fixed = or_null(fixed_);
  options_.l2_transaction = o.l2;
  options_.l2_life = o.l2_life < 0 ? o.l2 : o.l2_life;
  options_.periods_per_year = o.periods_per_year;
}

}  // namespace cli
