// Who gets the offers? An audit of decisions by attributes that no decision may read.
//   share  treated / customers of the group, with Wilson's interval; who was held out by lot in
//          every run does not count
//   ratio  share / the share of the best-treated group that is not small, with the interval of
//          Donner & Zou (2012), Stat. Methods Med. Res. 21(4), 347-359 (MOVER-R over Wilson limits)
// Below 0.8 a ratio is taken as a sign of adverse impact by the "four-fifths rule": Uniform
// Guidelines on Employee Selection Procedures (1978), 29 CFR 1607.4 D. It is a rule of thumb, not a
// verdict on the cause: groups may differ in what they bought.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/chi_square.hpp"
#include "math/json.hpp"
#include "math/normal.hpp"
#include "math/proportion.hpp"
#include "retention/gate/fairness_groups.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using retention::fairness_group;
using retention::treatments;

constexpr double four_fifths = 0.8;
constexpr std::string_view source = "four-fifths rule, 29 CFR 1607.4 D (1978)";

constexpr std::array<report_input, 2> inputs{
    {{"decisions",
      "",
      true,
      "customer,arm,action of decisions or decision_log; optional net,benefit"},
     {"attributes", "", true, "customer, then one column per attribute"}}};
constexpr std::array<report_option, 4> options{
    {{"attributes", "", "list of columns to audit; left out: all but customer"},
     {"small", "30", "customers below which a group is too small to be judged"},
     {"values", "10", "numbers with more different values than this are cut into quarters"},
     {"level", "0.95", "of the intervals"}}};
constexpr std::array<report_output, 2> outputs{
    {{"",
      "attribute,group,customers,treated,share,share_lower,share_upper,ratio,ratio_lower,"
      "ratio_upper,mean_net,mean_benefit,verdict"},
     {"attributes",
      "attribute,groups,best_group,lowest_ratio,chi_square,degrees_of_freedom,p_value,verdict,"
      "source"}}};

struct knobs {
  std::optional<std::vector<std::string>> attributes;
  double small, values, z;
};

struct ratio_interval {
  std::optional<double> ratio, lower, upper;
};

// MOVER-R with its fractions turned over, so that it needs no division by what may be 0:
// L = l1 (2 p1 - l1) / (p1 p2 + root), from the limits l1 of the one and u2 of the other share.
ratio_interval ratio_of(const math::share_interval& one, const math::share_interval& best) {
  ratio_interval out;
  if (!(best.share > 0)) return out;
  const double cross = one.share * best.share;
  const double low = one.lower * (2 * one.share - one.lower);
  const double high = best.upper * (2 * best.share - best.upper);
  const double root = std::sqrt(std::max(0.0, cross * cross - low * high));
  out.ratio = one.share / best.share;
  out.lower = low > 0 ? low / (cross + root) : 0.0;
  const double over = one.upper * (2 * one.share - one.upper);
  const double under = best.lower * (2 * best.share - best.lower);
  if (under > 0) {
    out.upper = (cross + std::sqrt(std::max(0.0, cross * cross - over * under))) / under;
  }
  return out;
}

bool had_action(const column& action, std::size_t row) {
  // A column that is empty throughout may come as numbers.
  return action.present(row) && (action.kind() != type::utf8 || !action.text(row).empty());
}

treatments read_decisions(const table& decisions) {
  const report_rows rows(decisions, "fairness", "decisions");
  const auto customers = rows.texts("customer");
  const auto arms = rows.texts("arm");
  const column* action = decisions.find("action");
  if (action == nullptr) rows.texts("action");  // throws and names what is there
  const auto nets = rows.numbers_or("net", 0), benefits = rows.numbers_or("benefit", 0);
  // Rows of one customer are summed in rising order, so that no order of the rows matters.
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> sums;
  treatments out;
  for (std::size_t row = 0; row < customers.size(); ++row) {
    const bool tried = arms[row] == "exploit" || arms[row] == "explore";
    if (!tried && arms[row] != "none" && arms[row] != "holdout") {
      rows.refuse("arm", row, "'" + arms[row] + "' is not exploit, explore, holdout or none");
    }
    if (arms[row] == "holdout") continue;
    retention::treatment& t = out[customers[row]];
    if (!tried || !had_action(*action, row)) continue;
    t.treated = true;
    auto& [net, benefit] = sums[customers[row]];
    net.push_back(nets[row]);
    benefit.push_back(benefits[row]);
  }
  for (auto& [customer, sum] : sums) {
    out[customer].net = sorted_sum(std::move(sum.first));
    out[customer].benefit = sorted_sum(std::move(sum.second));
  }
  return out;
}

double share_of(const fairness_group& g) {
  return g.treated / g.customers;
}

// The highest share among groups that are large enough; of equals the larger, then the first.
const fairness_group* best_of(const std::vector<fairness_group>& groups, double small) {
  const fairness_group* best = nullptr;
  for (const fairness_group& g : groups) {
    if (g.customers < small) continue;
    if (best == nullptr || share_of(g) > share_of(*best) ||
        (share_of(g) == share_of(*best) && g.customers > best->customers)) {
      best = &g;
    }
  }
  return best;
}

const char* verdict_of(const fairness_group& g,
                       const fairness_group* best,
                       const ratio_interval& r,
                       double small) {
  if (g.customers < small) return "SMALL";
  if (&g == best) return "BEST";
  if (!r.ratio || *r.ratio >= four_fifths) return "OK";
  return r.upper && *r.upper < four_fifths ? "BELOW_FOUR_FIFTHS" : "PERHAPS_BELOW_FOUR_FIFTHS";
}

// Pearson's test that the treated are spread over the groups as the customers are.
struct independence {
  double statistic = 0, degrees = 0;
};

independence test_of(const std::vector<fairness_group>& groups, double small) {
  double customers = 0, treated = 0, used = 0;
  for (const fairness_group& g : groups) {
    if (g.customers < small) continue;
    customers += g.customers;
    treated += g.treated;
    used += 1;
  }
  independence out;
  if (used < 2 || treated == 0 || treated == customers) return out;
  const double p = treated / customers;
  for (const fairness_group& g : groups) {
    if (g.customers < small) continue;
    const double off = g.treated - g.customers * p;
    out.statistic += off * off / (g.customers * p * (1 - p));
  }
  out.degrees = used - 1;
  return out;
}

class audit {
 public:
  audit(const report_inputs& in, const knobs& with)
      : with_(with),
        people_(in.of("attributes")),
        all_(read_decisions(in.of("decisions"))),
        seal_("fairness|" + in.of("decisions").fingerprint() + "|" + people_.fingerprint() + "|" +
              math::to_text(with.small) + "|" + math::to_text(with.values) + "|" +
              math::to_text(with.z)),
        groups_(group_columns(in.of("decisions"))) {
    const report_rows rows(people_, "fairness", "attributes");
    ids_ = rows.texts("customer");
    positions(ids_, rows, "customer");  // refuses one that is there twice
  }

  void add(const std::string& attribute) {
    const report_rows rows(people_, "fairness", "attributes");
    const column* c = people_.find(attribute);
    if (c == nullptr) rows.texts(attribute);  // throws and names what is there
    const auto groups =
        retention::groups_of(all_, ids_, *c, static_cast<std::size_t>(with_.values));
    const fairness_group* best = best_of(groups, with_.small);
    std::optional<double> lowest;
    std::string_view worst = "OK";
    for (const fairness_group& g : groups) {
      const ratio_interval r = best == nullptr ? ratio_interval() : against(g, *best);
      const std::string_view verdict = verdict_of(g, best, r, with_.small);
      write(attribute, g, r, verdict);
      if (verdict == "SMALL" || !r.ratio) continue;
      if (!lowest || *r.ratio < *lowest) lowest = r.ratio;
      if (verdict == "BELOW_FOUR_FIFTHS") worst = verdict;
      if (verdict == "PERHAPS_BELOW_FOUR_FIFTHS" && worst == "OK") worst = verdict;
    }
    const independence test = test_of(groups, with_.small);
    const bool judged = test.degrees > 0;
    attributes_.row(attribute,
                    static_cast<std::int64_t>(groups.size()),
                    best == nullptr ? std::string() : best->name,
                    lowest,
                    test.statistic,
                    test.degrees,
                    judged ? math::chi_square_tail(test.statistic, test.degrees) : 1.0,
                    judged ? worst : std::string_view("NOT_JUDGED"),
                    source);
  }

  void finish(outcome& out) {
    out.tables[""] = groups_.sealed(seal_);
    out.tables["attributes"] = attributes_.sealed(seal_ + "|attributes");
  }

 private:
  static report_writer group_columns(const table& decisions) {
    const report_rows rows(decisions, "fairness", "decisions");
    return report_writer({{"attribute", type::utf8},
                          {"group", type::utf8},
                          {"customers", type::f64},
                          {"treated", type::f64},
                          {"share", type::f64},
                          {"share_lower", type::f64},
                          {"share_upper", type::f64},
                          {"ratio", type::f64},
                          {"ratio_lower", type::f64},
                          {"ratio_upper", type::f64},
                          {"mean_net", type::f64, rows.unit("net")},
                          {"mean_benefit", type::f64, rows.unit("benefit")},
                          {"verdict", type::utf8}});
  }

  ratio_interval against(const fairness_group& g, const fairness_group& best) const {
    if (&g == &best) return {1.0, {}, {}};
    return ratio_of(math::wilson(g.treated, g.customers, with_.z),
                    math::wilson(best.treated, best.customers, with_.z));
  }

  void write(const std::string& attribute,
             const fairness_group& g,
             const ratio_interval& r,
             std::string_view verdict) {
    const math::share_interval share = math::wilson(g.treated, g.customers, with_.z);
    groups_.row(attribute,
                g.name,
                g.customers,
                g.treated,
                share.share,
                share.lower,
                share.upper,
                r.ratio,
                r.lower,
                r.upper,
                sorted_sum(g.nets) / g.customers,
                sorted_sum(g.benefits) / g.customers,
                verdict);
  }

  knobs with_;
  const table& people_;
  treatments all_;
  std::vector<std::string> ids_;
  std::string seal_;
  report_writer groups_;
  report_writer attributes_{{{"attribute", type::utf8},
                             {"groups", type::i64},
                             {"best_group", type::utf8},
                             {"lowest_ratio", type::f64},
                             {"chi_square", type::f64},
                             {"degrees_of_freedom", type::f64},
                             {"p_value", type::f64},
                             {"verdict", type::utf8},
                             {"source", type::utf8}}};
};

void run_audit(const report_inputs& in, const knobs& with, outcome& out) {
  audit work(in, with);
  std::vector<std::string> names;
  for (const column& c : in.of("attributes").columns()) {
    if (c.name() != "customer") names.push_back(c.name());
  }
  for (const std::string& name : with.attributes.value_or(names)) work.add(name);
  work.finish(out);
}

job begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'fairness'", options_json, options);
  const double level = s.number_in("level", 0.95, 0.5, 0.9999);
  const knobs with{.attributes = s.names("attributes"),
                   .small = s.number_in("small", 30, 1, 1e9),
                   .values = s.number_in("values", 10, 1, 1e6),
                   .z = math::normal_quantile(0.5 + 0.5 * level)};
  return report_at_once("audit",
                        [in = std::move(in), with](outcome& out) { run_audit(in, with, out); });
}

}  // namespace

constinit const report fairness_report{
    .name = "fairness",
    .summary = "Whether groups of customers are treated alike, by attributes no decision may read",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
