// How sure are the estimates when nothing is taken for normal? Customers are drawn with replacement
// (Efron 1979), the model is fitted again, and the scatter of the fits is put beside the standard
// errors that came from the curvature of the likelihood. Where the two disagree by much, the sample
// is too small for the latter, and intervals that rest on them are too.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "math/json.hpp"
#include "math/random.hpp"
#include "value/reports.hpp"
#include "value/trust/report_options.hpp"
#include "value/trust/stepped_job.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> bootstrap_intervals_inputs{
    {{"summary", "summary", true, ""}}};
constexpr std::array<report_option, 3> bootstrap_intervals_options{
    {{"replicates", "200", "samples drawn and fitted, 20 to 5000"},
     {"seed", "1", "of the random numbers, 0 to 2^53"},
     {"threads", "1", "of each fit; the same result for any number"}}};
constexpr std::array<report_output, 2> bootstrap_intervals_outputs{
    {{"",
      "model,parameter,value,standard_error,bootstrap_mean,bootstrap_standard_error,lower,median,"
      "upper,replicates,failed"},
     {"covariance", "model,parameter,other,covariance,bootstrap_covariance"}}};

constexpr double largest_seed = 9007199254740992.0;

// The customers of a summary, to be drawn one by one.
class urn {
 public:
  explicit urn(const table& summary) : summary_(summary) {
    const column* weight = summary.find("weight");
    double sum = 0.0;
    for (std::size_t row = 0; row < summary.rows(); ++row) {
      sum += weight == nullptr ? 1.0 : weight->numbers()[row];
      up_to_.push_back(sum);
    }
  }
  // As many customers as there are, drawn with replacement; rows nobody was drawn from are left
  // out.
  std::shared_ptr<const table> draw(random_source random) const {
    std::vector<double> drawn(up_to_.size());
    const double customers = up_to_.empty() ? 0.0 : up_to_.back();
    for (double i = 0; i < customers; i += 1.0) {
      const auto at = std::upper_bound(up_to_.begin(), up_to_.end(), random.uniform() * customers);
      drawn[std::min(static_cast<std::size_t>(at - up_to_.begin()), drawn.size() - 1)] += 1.0;
    }
    auto out = std::make_shared<table>();
    for (const column& c : summary_.columns()) {
      if (c.kind() == type::f64 && c.name() != "weight") copy(c, drawn, *out);
    }
    column& weight = out->add("weight", type::f64);
    for (const double w : drawn) {
      if (w > 0.0) weight.push(w);
    }
    return out;
  }

 private:
  static void copy(const column& from, const std::vector<double>& drawn, table& out) {
    column& to = out.add(from.name(), type::f64, from.unit());
    for (std::size_t row = 0; row < drawn.size(); ++row) {
      if (drawn[row] == 0.0) continue;
      if (from.present(row)) {
        to.push(from.numbers()[row]);
      } else {
        to.push_absent();
      }
    }
  }

  const table& summary_;
  std::vector<double> up_to_;  // customers in the rows up to and including this one
};

// Of one model: where each parameter lies over the replicates.
struct sampled_model {
  const estimates* at = nullptr;
  std::vector<std::vector<double>> samples;  // of each parameter
  explicit sampled_model(const estimates& e) : at(&e), samples(e.parameters.size()) {}

  bool take(const estimates& e) {
    const bool good = e.which == at->which &&
                      (e.status == fit_status::converged || e.status == fit_status::at_boundary);
    for (std::size_t i = 0; good && i < samples.size(); ++i) samples[i].push_back(e.parameters[i]);
    return good;
  }
  std::size_t count() const { return samples.front().size(); }
  double mean(std::size_t i) const {
    double sum = 0.0;
    for (const double v : samples[i]) sum += v;
    return sum / static_cast<double>(count());
  }
  double covariance(std::size_t i, std::size_t j) const {
    const double mean_i = mean(i);
    const double mean_j = mean(j);
    double sum = 0.0;
    for (std::size_t k = 0; k < count(); ++k) {
      sum += (samples[i][k] - mean_i) * (samples[j][k] - mean_j);
    }
    return sum / static_cast<double>(count() - 1);
  }
  double point(std::size_t i, double level) const {
    std::vector<double> sorted = samples[i];
    std::sort(sorted.begin(), sorted.end());
    const double place = level * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
  }
};

// What the fit was asked for, as far as its result tells.
fit_options options_of(const fitted_model& m, unsigned threads) {
  fit_options o{.model = m.name(), .threads = threads, .unit = m.unit, .time_zone = m.time_zone};
  o.currency = m.currency;
  o.periods_per_year = m.periods_per_year;
  const estimates& e = m.purchase;
  for (std::size_t i = 0; e.which != nullptr && i < e.parameters.size(); ++i) {
    if (e.which->parameters[i].most == 0) continue;  // k was chosen once, from all the data
    o.fixed = std::string(e.which->parameters[i].name) + "=" + math::to_text(e.parameters[i]);
  }
  return o;
}

struct bootstrap_work {
  std::shared_ptr<const fitted_model> model;
  std::shared_ptr<const table> summary;
  std::size_t replicates = 0;
  std::uint64_t seed = 0;
  fit_options how;
  urn from;
  std::vector<sampled_model> models{};
  std::size_t done = 0;
  stepped_job refit{};
  std::shared_ptr<outcome> result = std::make_shared<outcome>();

  double refit_all();
  void finish();
  void add_estimates();
  void add_covariances();
};

double bootstrap_work::refit_all() {
  const double part = refit.step([this] { return fit(from.draw(random_source(seed, done)), how); });
  if (part >= 1.0) {
    const fitted_model& found = *refit.result().model;
    for (sampled_model& m : models) {
      const bool purchase = m.at == &model->purchase;
      if (purchase || found.spend) m.take(purchase ? found.purchase : *found.spend);
    }
    refit.clear();
    if (++done == replicates) finish();
  }
  const double all = static_cast<double>(replicates);
  return (static_cast<double>(done) + (part >= 1.0 ? 0.0 : part)) / all;
}

void bootstrap_work::finish() {
  for (const sampled_model& m : models) {
    if (m.count() >= 2) continue;
    throw error(status::numeric,
                "report 'bootstrap_intervals': " + std::string(m.at->which->name) +
                    " could be fitted to " + std::to_string(m.count()) + " of " +
                    std::to_string(replicates) + " samples",
                "the sample is too small for this model; fit a smaller one");
  }
  add_estimates();
  add_covariances();
  for (auto& [name, t] : result->tables) {
    auto sealed = std::make_shared<table>(*t);
    sealed->seal("bootstrap_intervals|" + name + "|" + save_model(*model) + "|" +
                 summary->fingerprint() + "|" + std::to_string(replicates) + "|" +
                 std::to_string(seed));
    t = std::move(sealed);
  }
}

void bootstrap_work::add_estimates() {
  auto t = std::make_shared<table>();
  for (const char* name : {"model", "parameter"}) t->add(name, type::utf8);
  for (const char* name : {"value",
                           "standard_error",
                           "bootstrap_mean",
                           "bootstrap_standard_error",
                           "lower",
                           "median",
                           "upper",
                           "replicates",
                           "failed"}) {
    t->add(name, type::f64);
  }
  const auto put = [&](const char* name, double v) { t->find(name)->push(v); };
  for (const sampled_model& m : models) {
    for (std::size_t i = 0; i < m.samples.size(); ++i) {
      t->find("model")->push(m.at->which->name);
      t->find("parameter")->push(m.at->which->parameters[i].name);
      put("value", m.at->parameters[i]);
      if (m.at->standard_errors.empty()) {
        t->find("standard_error")->push_absent();
      } else {
        put("standard_error", m.at->standard_errors[i]);
      }
      put("bootstrap_mean", m.mean(i));
      put("bootstrap_standard_error", std::sqrt(m.covariance(i, i)));
      put("lower", m.point(i, 0.025));
      put("median", m.point(i, 0.5));
      put("upper", m.point(i, 0.975));
      put("replicates", static_cast<double>(m.count()));
      put("failed", static_cast<double>(replicates - m.count()));
    }
  }
  result->tables[""] = std::move(t);
}

void bootstrap_work::add_covariances() {
  auto t = std::make_shared<table>();
  for (const char* name : {"model", "parameter", "other"}) t->add(name, type::utf8);
  for (const char* name : {"covariance", "bootstrap_covariance"}) t->add(name, type::f64);
  for (const sampled_model& m : models) {
    const std::size_t n = m.samples.size();
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i; j < n; ++j) {
        t->find("model")->push(m.at->which->name);
        t->find("parameter")->push(m.at->which->parameters[i].name);
        t->find("other")->push(m.at->which->parameters[j].name);
        if (m.at->covariance.empty()) {
          t->find("covariance")->push_absent();
        } else {
          t->find("covariance")->push(m.at->covariance[i * n + j]);
        }
        t->find("bootstrap_covariance")->push(m.covariance(i, j));
      }
    }
  }
  result->tables["covariance"] = std::move(t);
}

job bootstrap_intervals_begin(report_inputs in, std::string_view options_json) {
  const settings asked = settings_of(bootstrap_intervals_report, options_json);
  const fitted_model& m = *in.model;
  if (!m.purchase.coefficients.empty()) {
    throw error(status::unsupported,
                "report 'bootstrap_intervals': the model has covariates",
                "its input has none; compare fits of resampled tables instead");
  }
  const double replicates = asked.number_in("replicates", 200, 20, 5000);
  const double seed = asked.number_in("seed", 1, 0, largest_seed);
  const double threads = asked.number_in("threads", 1, 1, 256);
  if (replicates != std::floor(replicates)) asked.refuse("replicates", "a whole number");
  if (seed != std::floor(seed)) asked.refuse("seed", "a whole number");
  const auto summary = in.tables.at("summary");
  auto work = std::make_shared<bootstrap_work>(
      bootstrap_work{.model = in.model,
                     .summary = summary,
                     .replicates = static_cast<std::size_t>(replicates),
                     .seed = static_cast<std::uint64_t>(seed),
                     .how = options_of(m, static_cast<unsigned>(threads)),
                     .from = urn(*summary)});
  if (m.purchase.which != nullptr) work->models.emplace_back(m.purchase);
  if (m.spend) work->models.emplace_back(*m.spend);
  return job({{"refit", [work] { return work->refit_all(); }}}, work->result);
}

}  // namespace

constinit const report bootstrap_intervals_report{
    .name = "bootstrap_intervals",
    .summary =
        "How sure the estimates are by fitting resampled customers, beside their standard errors",
    .needs_model = true,
    .inputs = bootstrap_intervals_inputs,
    .options = bootstrap_intervals_options,
    .outputs = bootstrap_intervals_outputs,
    .begin = bootstrap_intervals_begin,
};

}  // namespace clv
