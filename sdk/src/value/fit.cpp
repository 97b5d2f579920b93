#include "clv/fit.hpp"

#include <cmath>
#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "value/same_units.hpp"
#include "value/verdict.hpp"

namespace clv {
namespace {

// "bg_nbd+gamma_gamma" to at most one purchase and one spend model.
struct model_pair {
  const model* purchase = nullptr;
  const model* spend = nullptr;
};

model_pair split_models(std::string_view names) {
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

// Weighted correlation of mean spend with x over the repeaters; 0 when either is constant.
double correlation_with_x(const tuples& t) {
  double mean_x = 0.0;
  double mean_z = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    mean_x += t.weight[i] / t.customers * t.x[i];
    mean_z += t.weight[i] / t.customers * t.mean_spend[i];
  }
  double xx = 0.0;
  double zz = 0.0;
  double xz = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    const double dx = t.x[i] - mean_x;
    const double dz = t.mean_spend[i] - mean_z;
    xx += t.weight[i] * dx * dx;
    zz += t.weight[i] * dz * dz;
    xz += t.weight[i] * dx * dz;
  }
  return xx > 0.0 && zz > 0.0 ? xz / std::sqrt(xx * zz) : 0.0;
}

// What the phases share. Each phase fills one part of `model` and drops what it alone needed.
struct fit_work {
  std::shared_ptr<const table> summary;
  model_pair wanted;
  search_options how;
  tuples purchases, spend;
  std::unique_ptr<search> running;
  std::shared_ptr<fitted_model> model = std::make_shared<fitted_model>();
  std::shared_ptr<outcome> result = std::make_shared<outcome>();

  double read_tuples();
  double fit_purchases();
  double fit_spend();
  bool advance_search(const clv::model& m, const tuples& t, double& fraction);
  void note(const estimates& e);
  void finish();
};

double fit_work::read_tuples() {
  if (summary->rows() == 0) {
    throw error(status::data,
                "the summary has no rows",
                "no purchase up to as_of; check as_of, or import purchases first");
  }
  if (wanted.purchase != nullptr) purchases = distinct(*summary, tuple_key::purchases);
  const bool has_spend = summary->find("mean_spend") != nullptr;
  if (wanted.spend == nullptr) return 1.0;
  if (has_spend) spend = distinct(*summary, tuple_key::spend);
  if (spend.size() > 0) return 1.0;
  const std::string why = has_spend ? "no customer bought again with a spend above zero"
                                    : "the summary has no column 'mean_spend'";
  if (wanted.purchase == nullptr) throw error(status::data, "nothing to fit: " + why);
  result->notes.push_back({.code = status::data,
                           .level = log_level::warn,
                           .column = "mean_spend",
                           .message = "the spend model was left out: " + why,
                           .hint = "values in money need repeat purchases with amounts"});
  wanted.spend = nullptr;
  return 1.0;
}

bool fit_work::advance_search(const clv::model& m, const tuples& t, double& fraction) {
  if (!running) running = std::make_unique<search>(m, t, how);
  fraction = running->advance();
  return fraction >= 1.0;
}

void fit_work::note(const estimates& e) {
  if (e.reason.empty()) return;
  result->notes.push_back(
      {.code = status::numeric,
       .level = log_level::warn,
       .message =
           std::string(e.which->name) + " is " + std::string(name_of(e.status)) + ": " + e.reason,
       .hint = e.status == fit_status::converged
                   ? ""
                   : "do not put these values into money before reading the reason"});
}

double fit_work::fit_purchases() {
  if (wanted.purchase == nullptr) return 1.0;
  double fraction = 0.0;
  if (!advance_search(*wanted.purchase, purchases, fraction)) return fraction;
  model->purchase = judge(*wanted.purchase, purchases, *running, how);
  note(model->purchase);
  running.reset();
  purchases = {};
  return 1.0;
}

double fit_work::fit_spend() {
  double fraction = 0.0;
  if (wanted.spend != nullptr) {
    if (!advance_search(*wanted.spend, spend, fraction)) return fraction;
    model->spend = judge(*wanted.spend, spend, *running, how);
    model->spend_frequency_correlation = correlation_with_x(spend);
    note(*model->spend);
    running.reset();
    spend = {};
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
  work->summary = std::move(summary);
  work->wanted = split_models(options.model);
  work->how = {.threads = options.threads,
               .tolerance = checked(options.tolerance, options.max_iterations),
               .max_iterations = options.max_iterations == 0 ? 200 : options.max_iterations};
  days_per_unit(options.unit);  // throws for an unknown unit before any work is done
  require_same_units(
      *work->summary,
      {.unit = options.unit, .currency = options.currency, .who = "the fit is asked for"});
  fitted_model& m = *work->model;
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
