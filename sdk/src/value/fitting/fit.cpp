#include "clv/fit.hpp"

#include <cmath>
#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/instants.hpp"
#include "value/fitting/auto.hpp"
#include "value/fitting/short_text.hpp"
#include "value/fitting/spend_frequency.hpp"
#include "value/fitting/verdict.hpp"
#include "value/same_units.hpp"

namespace clv {
namespace {

// "bg_nbd+gamma_gamma" to at most one purchase and one spend model.
struct model_pair {
  const model* purchase = nullptr;
  const model* spend = nullptr;
};

model_pair split_models(std::string_view names) {
  if (is_auto(names)) refuse_auto();
  model_pair found;
  for (std::string_view rest = names;;) {
    const auto plus = rest.find('+');
    const model& m = find_model(rest.substr(0, plus));
    const model*& slot = m.key == tuple_key::spend ? found.spend : found.purchase;
    if (slot != nullptr) {
      throw error(status::invalid,
                  "'" + std::string(names) + "' names two models of the same kind, '" +
                      std::string(slot->name) + "' and '" + std::string(m.name) + "'",
                  "join one purchase model and one spend model by '+'");
    }
    slot = &m;
    if (plus == std::string_view::npos) return found;
    rest.remove_prefix(plus + 1);
  }
}

double checked(double tolerance, int max_iterations) {
  if (!std::isfinite(tolerance) || tolerance < 0.0 || max_iterations < 0) {
    throw error(status::invalid, "tolerance and max_iterations must not be negative");
  }
  return tolerance == 0.0 ? 1e-9 : tolerance;
}

// Discrete models count steps, the others days or weeks; a spend model alone takes any of them.
void require_unit(const model* purchase, const std::string& unit) {
  if (unit != "period") days_per_unit(unit);  // throws for an unknown unit before any work is done
  if (purchase == nullptr || is_discrete(*purchase) == (unit == "period")) return;
  const std::string name(purchase->name);
  if (unit == "period") {
    throw error(status::invalid,
                "unit 'period' does not go with " + name + ", which counts time continuously",
                "use unit 'day' or 'week'");
  }
  throw error(status::invalid,
              name + " counts opportunities or renewals, not '" + unit + "'s",
              "use unit 'period' and say periods_per_year");
}

double checked_periods(double per_year) {
  if (std::isfinite(per_year) && per_year >= 0.0) return per_year;
  throw error(status::invalid, "periods_per_year must be a number of at least 0");
}

constexpr double doubtful = 0.01;  // of the test of independence of spend and frequency

// What the phases share. Each phase fills one part of `model` and drops what it alone needed.
struct fit_work {
  std::shared_ptr<const table> summary;
  fit_plans wanted;
  search_options how;
  tuples purchases, spend;
  spend_frequency dependence;
  std::unique_ptr<profile> running;
  std::shared_ptr<fitted_model> model = std::make_shared<fitted_model>();
  std::shared_ptr<outcome> result = std::make_shared<outcome>();

  double read_tuples();
  void read_spend();
  double fit_purchases();
  double fit_spend();
  bool advance_search(const fit_plan& plan, tuples& t, double& fraction);
  void warn(status code, std::string message, std::string hint);
  void note(const estimates& e);
  void note_dependence(const spend_frequency& f);
  void finish();
};

void fit_work::warn(status code, std::string message, std::string hint) {
  result->notes.push_back({.code = code,
                           .level = log_level::warn,
                           .message = std::move(message),
                           .hint = std::move(hint)});
}

double fit_work::read_tuples() {
  if (summary->rows() == 0) {
    throw error(status::data,
                "the summary has no rows",
                "no purchase up to as_of; check as_of, or import purchases first");
  }
  if (wanted.purchase) {
    purchases = distinct(*summary, wanted.purchase->which->key, wanted.purchase->covariates);
  }
  if (wanted.spend) read_spend();
  return 1.0;
}

void fit_work::read_spend() {
  const bool has_spend = summary->find("mean_spend") != nullptr;
  if (has_spend) spend = distinct(*summary, tuple_key::spend);
  if (spend.size() > 0) return;
  const std::string why = has_spend ? "no customer bought again with a spend above zero"
                                    : "the summary has no column 'mean_spend'";
  if (!wanted.purchase) throw error(status::data, "nothing to fit: " + why);
  result->notes.push_back({.code = status::data,
                           .level = log_level::warn,
                           .column = "mean_spend",
                           .message = "the spend model was left out: " + why,
                           .hint = "values in money need repeat purchases with amounts"});
  wanted.spend.reset();
}

// Gives the tuples away to the search when it begins.
bool fit_work::advance_search(const fit_plan& plan, tuples& t, double& fraction) {
  if (!running) {
    running = std::make_unique<profile>(plan, std::move(t), how);
    t = {};
  }
  fraction = running->advance();
  return fraction >= 1.0;
}

void fit_work::note(const estimates& e) {
  if (running->lacks_litt()) {
    warn(status::data,
         std::string(e.which->name) + ": k is 1, because the summary has no column 'litt'",
         "summarise the log again, or hold k with fixed");
  }
  if (e.reason.empty()) return;
  warn(status::numeric,
       std::string(e.which->name) + " is " + std::string(name_of(e.status)) + ": " + e.reason,
       e.status == fit_status::converged
           ? ""
           : "do not put these values into money before reading the reason");
}

double fit_work::fit_purchases() {
  if (!wanted.purchase) return 1.0;
  double fraction = 0.0;
  if (!advance_search(*wanted.purchase, purchases, fraction)) return fraction;
  model->purchase = judge(*running, how);
  note(model->purchase);
  running.reset();
  return 1.0;
}

void fit_work::note_dependence(const spend_frequency& f) {
  model->spend_frequency_correlation = f.correlation;
  model->spend_frequency_p_value = f.p_value;
  if (!(f.p_value < doubtful)) return;
  const std::string what = "spend goes with frequency: correlation " + short_text(f.correlation) +
                           " over " + short_text(f.customers) + " repeat buyers, p " +
                           short_text(f.p_value);
  warn(status::numeric,
       what + "; " + std::string(wanted.spend->which->name) + " assumes that it does not",
       "report 'spend_by_frequency' says how far its expected spend is off");
  if (model->spend->status != fit_status::converged) return;
  model->spend->reason += (model->spend->reason.empty() ? "" : "; ") + what;
}

double fit_work::fit_spend() {
  double fraction = 0.0;
  if (wanted.spend) {
    if (!running) dependence = spend_frequency_of(spend);
    if (!advance_search(*wanted.spend, spend, fraction)) return fraction;
    model->spend = judge(*running, how);
    note(*model->spend);
    note_dependence(dependence);
    running.reset();
  }
  finish();
  return 1.0;
}

void fit_work::finish() {
  model->data_fingerprint = summary->fingerprint();
  auto main = std::make_shared<table>(model_table(*model));
  main->seal("fit|" + model->name() + "|" + model->unit + "|" + model->data_fingerprint);
  result->tables[""] = std::move(main);
  result->model = model;
}

}  // namespace

std::string_view name_of(fit_status s) {
  switch (s) {
    case fit_status::converged:
      return "converged";
    case fit_status::at_boundary:
      return "at_boundary";
    case fit_status::not_identified:
      return "not_identified";
    case fit_status::not_converged:
      return "not_converged";
    case fit_status::given:
      return "given";
  }
  return "unknown";
}

std::string fitted_model::name() const {
  std::string text;
  if (purchase.which != nullptr) text = purchase.which->name;
  if (spend) text += (text.empty() ? "" : "+") + std::string(spend->which->name);
  return text;
}

job fit(std::shared_ptr<const table> summary, fit_options options) {
  auto work = std::make_shared<fit_work>();
  const model_pair models = split_models(options.model);
  work->how = {.threads = options.threads,
               .tolerance = checked(options.tolerance, options.max_iterations),
               .max_iterations = options.max_iterations == 0 ? 200 : options.max_iterations};
  require_unit(models.purchase, options.unit);
  work->wanted = plan_of(models.purchase, models.spend, options);
  work->summary = std::move(summary);
  require_same_units(
      *work->summary,
      {.unit = options.unit, .currency = options.currency, .who = "the fit is asked for"});
  // The day after the last one that was observed; that one is in the range.
  data::require_instant("as_of_us", options.as_of_us, 2);
  const zone kept(options.time_zone);  // throws for one that nobody could score with
  fitted_model& m = *work->model;
  m.periods_per_year = checked_periods(options.periods_per_year);
  m.unit = std::move(options.unit);
  m.time_zone = std::move(options.time_zone);
  m.currency = std::move(options.currency);
  m.as_of_us = options.as_of_us;
  return job({{"tuples", [work] { return work->read_tuples(); }},
              {"purchases", [work] { return work->fit_purchases(); }},
              {"spend", [work] { return work->fit_spend(); }}},
             work->result);
}

}  // namespace clv
