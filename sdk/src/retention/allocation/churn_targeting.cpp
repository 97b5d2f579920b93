// What a churn score is worth in money: Verbraken, Verbeke & Baesens (2013), IEEE TKDE 25(5), with
// a value for each customer where it is known. Per customer of the base, targeting the k highest
// scores earns, when a churner accepts with probability g,
//   P_k(g) = [ g sum_churners (CLV_i - d) - sum_churners f - sum_others (d + f) ] / n,
// a straight line in g. MPC is max_k P_k at one g; EMPC the integral of max_k P_k over
// g ~ Beta(alpha, beta): exact, piece by piece of the upper envelope of the lines (which is the
// convex hull of the ROC curve where all values are equal).
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/incomplete_beta.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

constexpr const char* churn_targeting_name = "churn_targeting";
constexpr std::array<report_input, 1> churn_targeting_inputs{
    {{"scored", "", true, "score,churned (0 or 1),clv (optional)"}}};
constexpr std::array<report_option, 6> churn_targeting_options{
    {{"clv", "200", "value of a customer, where the table has no column clv"},
     {"offer", "10", "d: what the offer costs when it is taken"},
     {"contact", "1", "f: what asking costs"},
     {"alpha", "6", "of the Beta distribution of a churner's acceptance"},
     {"beta", "14", "of the same"},
     {"acceptance", "", "the one acceptance that mpc is for; without it alpha / (alpha + beta)"}}};
constexpr std::array<report_output, 2> churn_targeting_outputs{
    {{"", "measure,profit_per_customer,fraction,score_cut"},
     {"pieces", "acceptance_from,acceptance_to,probability,fraction,score_cut"}}};

struct churn_targeting_request {
  double clv, offer, contact, alpha, beta, acceptance;
};

// One choice of how far down the scores to go: profit gain * g - cost.
struct depth {
  double gain = 0, cost = 0, fraction = 0;
  std::optional<double> cut;  // nobody: none
  double profit(double g) const { return gain * g - cost; }
};

struct scored_rows {
  std::vector<double> score, churned, clv;
  std::string unit;
};

scored_rows read(const report_rows& rows, const churn_targeting_request& r) {
  scored_rows out{rows.numbers("score"), rows.numbers("churned"), {}, rows.unit("clv")};
  out.clv = rows.has("clv") ? rows.numbers("clv") : std::vector<double>(rows.size(), r.clv);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (out.churned[row] != 0 && out.churned[row] != 1) {
      rows.refuse("churned", row, "is neither 0 nor 1");
    }
  }
  if (rows.size() == 0) {
    throw error(status::data, "report 'churn_targeting': table 'scored' has no rows");
  }
  return out;
}

// Every depth that equal scores allow, from nobody to everybody.
std::vector<depth> depths(const scored_rows& rows, const churn_targeting_request& r) {
  std::vector<std::size_t> order(rows.score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (rows.score[a] != rows.score[b]) return rows.score[a] > rows.score[b];
    if (rows.churned[a] != rows.churned[b]) return rows.churned[a] > rows.churned[b];
    return rows.clv[a] > rows.clv[b];  // no order of the rows changes a sum
  });
  const auto n = static_cast<double>(order.size());
  std::vector<depth> out(1);
  depth sums;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t row = order[k];
    const bool churner = rows.churned[row] != 0;
    sums.gain += churner ? rows.clv[row] - r.offer : 0;
    sums.cost += r.contact + (churner ? 0 : r.offer);
    if (k + 1 < order.size() && rows.score[order[k + 1]] == rows.score[row]) continue;
    const double targeted = static_cast<double>(k + 1);
    out.push_back({sums.gain / n, sums.cost / n, targeted / n, rows.score[row]});
  }
  return out;
}

const depth& best(const std::vector<depth>& all, double g) {
  return *std::max_element(all.begin(), all.end(), [g](const depth& a, const depth& b) {
    return a.profit(g) < b.profit(g);
  });
}

struct piece {
  double from, to, probability;
  depth at;
};

// Where the later of two lines of rising gain overtakes.
double crossing(const depth& earlier, const depth& later) {
  return (later.cost - earlier.cost) / (later.gain - earlier.gain);
}

// The upper envelope of the lines, by rising gain.
std::vector<depth> envelope(std::vector<depth> lines) {
  std::stable_sort(lines.begin(), lines.end(), [](const depth& a, const depth& b) {
    return a.gain != b.gain ? a.gain < b.gain : a.cost < b.cost;
  });
  std::vector<depth> top;
  for (const depth& line : lines) {
    if (!top.empty() && line.gain == top.back().gain) continue;
    while (top.size() > 1 &&
           crossing(top.back(), line) <= crossing(top[top.size() - 2], top.back())) {
      top.pop_back();
    }
    top.push_back(line);
  }
  return top;
}

std::vector<piece> pieces(const std::vector<depth>& all, const churn_targeting_request& r) {
  const std::vector<depth> top = envelope(all);
  std::vector<piece> out;
  double from = 0, below = 0;
  for (std::size_t k = 0; k < top.size() && from < 1; ++k) {
    const double to = k + 1 < top.size() ? std::min(1.0, crossing(top[k], top[k + 1])) : 1;
    if (to <= from) continue;
    const double up_to = math::beta_cdf(to, r.alpha, r.beta);
    out.push_back({from, to, up_to - below, top[k]});
    from = to;
    below = up_to;
  }
  return out;
}

// E[g; from < g < to] = alpha/(alpha+beta) P(from < g' < to), g' ~ Beta(alpha + 1, beta).
double mean_within(const piece& p, const churn_targeting_request& r) {
  return r.alpha / (r.alpha + r.beta) *
         (math::beta_cdf(p.to, r.alpha + 1, r.beta) - math::beta_cdf(p.from, r.alpha + 1, r.beta));
}

void churn_targeting_write(const report_inputs& in,
                           const churn_targeting_request& r,
                           outcome& out) {
  const scored_rows scored = read(report_rows(in.of("scored"), churn_targeting_name, "scored"), r);
  const std::vector<depth> all = depths(scored, r);
  report_writer parts({{"acceptance_from", type::f64},
                       {"acceptance_to", type::f64},
                       {"probability", type::f64},
                       {"fraction", type::f64},
                       {"score_cut", type::f64}});
  double empc = 0, fraction = 0;
  for (const piece& p : pieces(all, r)) {
    parts.row(p.from, p.to, p.probability, p.at.fraction, p.at.cut);
    empc += p.at.gain * mean_within(p, r) - p.at.cost * p.probability;
    fraction += p.at.fraction * p.probability;
  }
  report_writer rows({{"measure", type::utf8},
                      {"profit_per_customer", type::f64, scored.unit},
                      {"fraction", type::f64},
                      {"score_cut", type::f64}});
  const depth& most = best(all, r.acceptance);
  const depth& everybody = all.back();
  rows.row("mpc", most.profit(r.acceptance), most.fraction, most.cut);
  rows.row("empc", empc, fraction, std::optional<double>());
  rows.row("everybody", everybody.profit(r.acceptance), 1.0, everybody.cut);
  rows.row("nobody", 0.0, 0.0, std::optional<double>());
  const std::string seal = std::string(churn_targeting_name) + "|" + in.of("scored").fingerprint();
  out.tables[""] = rows.sealed(seal);
  out.tables["pieces"] = parts.sealed(seal);
}

job churn_targeting_begin(report_inputs in, std::string_view options_json) {
  const settings s(churn_targeting_name, options_json, churn_targeting_options);
  constexpr double most = 1e12;
  churn_targeting_request r{.clv = s.number_in("clv", 200, 0, most),
                            .offer = s.number_in("offer", 10, 0, most),
                            .contact = s.number_in("contact", 1, 0, most),
                            .alpha = s.number_in("alpha", 6, 1e-3, 1e6),
                            .beta = s.number_in("beta", 14, 1e-3, 1e6),
                            .acceptance = 0};
  r.acceptance = s.number_in("acceptance", r.alpha / (r.alpha + r.beta), 0, 1);
  return report_at_once(
      "targeting", [in = std::move(in), r](outcome& out) { churn_targeting_write(in, r, out); });
}

}  // namespace

constinit const report churn_targeting_report{
    .name = churn_targeting_name,
    .summary =
        "What a churn score earns when its top is targeted: MPC and EMPC, and how deep to go",
    .needs_model = false,
    .inputs = churn_targeting_inputs,
    .options = churn_targeting_options,
    .outputs = churn_targeting_outputs,
    .begin = churn_targeting_begin,
};

}  // namespace clv
