// Spend where it goes with frequency: Gamma-Gamma assumes that it does not, and prices frequent
// buyers like the rest. Here customers are cut into bands of x, each band has its own mean and its
// own Gamma-Gamma, and what the common model gets wrong in a band is said in money.
//
// The means of bands are shrunk to their common mean by empirical Bayes: with m_b, v_b the mean of
// a band and its variance (that of its customers' mean spends / customers) and tau2 the variance of
// the true means between bands (DerSimonian & Laird 1986, Controlled Clinical Trials 7, 177-188),
//   expected = m + tau2/(tau2 + v_b) (m_b - m),   m weighted by 1/(tau2 + v_b).
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "value/fitting/short_text.hpp"
#include "value/fitting/spend_frequency.hpp"
#include "value/fitting/verdict.hpp"
#include "value/reports.hpp"
#include "value/trust/report_options.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> inputs{{{"summary", "summary", true, ""}}};
constexpr std::array<report_option, 2> options{
    {{"bands", "[1,2,4,8]", "the least x of each band, rising; the last one has no end"},
     {"min_customers", "30", "a band with fewer keeps the common model"}}};
constexpr std::array<report_output, 1> outputs{
    {{"",
      "band,customers,correlation,correlation_p_value,mean_spend,expected_spend,"
      "expected_spend_se,pooled_expected_spend,bias,bias_share,weight,p,q,gamma,status,reason"}}};

struct band {
  double from = 1, to = std::numeric_limits<double>::infinity();  // x, without the end
  tuples customers;
  spend_frequency inside;
  double mean = 0, variance = 0;  // of mean_spend over customers, and of that mean
  double pooled = 0;              // what the common model expects of these customers, on average
  double weight = 0, expected = 0, expected_variance = 0;
  bool enough = false;
  std::optional<estimates> own;

  std::string name() const {
    if (to == from + 1) return short_text(from);
    return std::isfinite(to) ? short_text(from) + "-" + short_text(to - 1) : short_text(from) + "+";
  }
};

fit_plan spend_plan() {
  fit_options o;
  o.model = "gamma_gamma";
  return *plan_of(nullptr, &find_model(o.model), o).spend;
}

struct spend_work {
  std::shared_ptr<const table> summary;
  std::vector<double> cuts;
  double min_customers = 0;
  tuples all;
  std::vector<band> bands;
  estimates pooled;
  std::unique_ptr<profile> running;
  std::size_t next = 0;  // band
  std::shared_ptr<outcome> result = std::make_shared<outcome>();

  double read();
  double fit_pooled();
  double fit_bands();
  void cut();
  void shrink();
  void write();
};

double spend_work::read() {
  all = distinct(*summary, tuple_key::spend);
  if (all.size() == 0) {
    throw error(status::data,
                "report 'spend_by_frequency': no customer bought again with a spend above zero",
                "it needs repeat purchases with amounts, x >= 1 and mean_spend > 0");
  }
  return 1.0;
}

double spend_work::fit_pooled() {
  if (!running) running = std::make_unique<profile>(spend_plan(), all, search_options{});
  const double done = running->advance();
  if (done < 1.0) return done;
  pooled = judge(*running, {});
  running.reset();
  cut();
  return 1.0;
}

// Tuples are sorted by x, so that a band is a run of them.
void spend_work::cut() {
  std::size_t first = 0;
  while (first < all.size() && all.x[first] < cuts[0]) ++first;
  for (std::size_t b = 0; b < cuts.size(); ++b) {
    band of;
    of.from = cuts[b];
    if (b + 1 < cuts.size()) of.to = cuts[b + 1];
    const std::size_t begin = first;
    for (; first < all.size() && all.x[first] < of.to; ++first) {
      const double w = all.weight[first], z = all.mean_spend[first];
      of.customers.x.push_back(all.x[first]);
      of.customers.mean_spend.push_back(z);
      of.customers.weight.push_back(w);
      of.customers.customers += w;
      of.mean += w * z;
      of.pooled +=
          w * pooled.which->expected_spend(pooled.parameters, {.x = all.x[first], .mean_spend = z});
    }
    const double n = of.customers.customers;
    if (!(n > 0)) continue;
    of.mean /= n;
    of.pooled /= n;
    for (std::size_t i = begin; i < first; ++i) {
      const double off = all.mean_spend[i] - of.mean;
      of.variance += all.weight[i] * off * off / (n * std::max(n - 1, 1.0));
    }
    of.inside = spend_frequency_of(all, begin, first);
    of.enough = n >= min_customers;
    bands.push_back(std::move(of));
  }
}

double spend_work::fit_bands() {
  while (next < bands.size() && !bands[next].enough) ++next;
  if (next < bands.size()) {
    if (!running) {
      running = std::make_unique<profile>(spend_plan(), bands[next].customers, search_options{});
    }
    if (running->advance() >= 1.0) {
      bands[next++].own = judge(*running, {});
      running.reset();
    }
    return 0.99 * static_cast<double>(next) / static_cast<double>(bands.size());
  }
  shrink();
  write();
  return 1.0;
}

// Variance of the true means between bands (DerSimonian & Laird), 0 where chance explains it all.
double between(const std::vector<const band*>& bands) {
  double w = 0, ww = 0, mean = 0, q = 0;
  for (const band* b : bands) {
    w += 1 / b->variance;
    ww += 1 / (b->variance * b->variance);
    mean += b->mean / b->variance;
  }
  mean /= w;
  for (const band* b : bands) q += (b->mean - mean) * (b->mean - mean) / b->variance;
  return std::max(0.0, (q - static_cast<double>(bands.size() - 1)) / (w - ww / w));
}

void spend_work::shrink() {
  std::vector<const band*> known;
  for (const band& b : bands) {
    if (b.enough && b.variance > 0) known.push_back(&b);
  }
  const double tau2 = known.size() > 1 ? between(known) : std::numeric_limits<double>::infinity();
  double sum = 0, common = 0;
  for (const band* b : known) {
    const double w = std::isfinite(tau2) ? 1 / (tau2 + b->variance) : 1;
    sum += w;
    common += w * b->mean;
  }
  for (band& b : bands) {
    if (!b.enough) continue;
    const bool alone = !std::isfinite(tau2) || !(b.variance > 0);
    b.weight = alone ? 1 : tau2 / (tau2 + b.variance);
    b.expected = alone ? b.mean : common / sum + b.weight * (b.mean - common / sum);
    b.expected_variance =
        alone ? b.variance : b.weight * b.variance + (1 - b.weight) * (1 - b.weight) / sum;
  }
}

void spend_work::write() {
  const std::string money = summary->get("mean_spend", type::f64).unit();
  report_writer rows({{"band", type::utf8},
                      {"customers", type::f64},
                      {"correlation", type::f64},
                      {"correlation_p_value", type::f64},
                      {"mean_spend", type::f64, money},
                      {"expected_spend", type::f64, money},
                      {"expected_spend_se", type::f64, money},
                      {"pooled_expected_spend", type::f64, money},
                      {"bias", type::f64, money},
                      {"bias_share", type::f64},
                      {"weight", type::f64},
                      {"p", type::f64},
                      {"q", type::f64},
                      {"gamma", type::f64, money},
                      {"status", type::utf8},
                      {"reason", type::utf8}});
  using number = std::optional<double>;
  for (const band& b : bands) {
    const bool finite = std::isfinite(b.pooled);
    const bool compared = b.enough && finite;
    const bool fitted = b.own && b.own->status == fit_status::converged;
    const auto parameter = [&](std::size_t i) {
      return fitted ? number(b.own->parameters[i]) : number();
    };
    rows.row(b.name(),
             b.customers.customers,
             b.inside.correlation,
             b.inside.p_value,
             b.mean,
             b.enough ? number(b.expected) : number(),
             b.enough ? number(std::sqrt(b.expected_variance)) : number(),
             finite ? number(b.pooled) : number(),
             compared ? number(b.pooled - b.expected) : number(),
             compared ? number(b.pooled / b.expected - 1) : number(),
             b.weight,
             parameter(0),
             parameter(1),
             parameter(2),
             b.own ? std::string(name_of(b.own->status)) : "too_few",
             b.own ? b.own->reason
                   : "fewer than " + short_text(min_customers) +
                         " customers: the common model has to do");
  }
  const spend_frequency f = spend_frequency_of(all);
  result->notes.push_back({.code = status::ok,
                           .level = log_level::info,
                           .message = "over all bands: correlation " + short_text(f.correlation) +
                                      ", p " + short_text(f.p_value) + ", " +
                                      short_text(f.customers) + " customers"});
  result->tables[""] = rows.sealed("spend_by_frequency|" + summary->fingerprint());
}

job begin(report_inputs in, std::string_view options_json) {
  const settings s = settings_of(spend_by_frequency_report, options_json);
  auto work = std::make_shared<spend_work>();
  work->summary = in.tables.find("summary")->second;
  work->cuts = s.cuts("bands").value_or(std::vector<double>{1, 2, 4, 8});
  const auto whole = [](double x) { return x >= 1 && x == std::floor(x); };
  if (work->cuts.empty() || !std::all_of(work->cuts.begin(), work->cuts.end(), whole)) {
    s.refuse("bands", "rising whole numbers from 1");
  }
  work->min_customers = s.number("min_customers", 30);
  if (!(work->min_customers >= 2)) s.refuse("min_customers", "a number of at least 2");
  return job({{"read", [work] { return work->read(); }},
              {"pooled", [work] { return work->fit_pooled(); }},
              {"bands", [work] { return work->fit_bands(); }}},
             work->result);
}

}  // namespace

constinit const report spend_by_frequency_report{
    .name = "spend_by_frequency",
    .summary = "Expected spend by how often customers buy, and how far one common model is off",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
