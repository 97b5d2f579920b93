// Does a programme draw customers who were worth less before they joined? The margin of members in
// the period before joining against that of non-members who looked alike then: nearest neighbours
// with replacement on the Mahalanobis distance of the covariates (matching.hpp). Association, not
// cause: what no covariate says can still differ.
//   smd   (mean of members - mean of the others) / sqrt((s_m^2 + s_o^2) / 2), before matching and
//         after it with the same denominator (Austin 2009, Stat. Med. 28, 3083-3107)
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/json.hpp"
#include "math/normal.hpp"
#include "retention/programmes/matching.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

constexpr std::size_t fewest = 30;  // members below which nothing is concluded

constexpr std::array<report_input, 1> inputs{
    {{"customers",
      "",
      true,
      "customer,member (1 or 0),margin (of the period before joining; of the others, before the "
      "same date), then covariates of that time, all numbers"}}};
constexpr std::array<report_option, 4> options{
    {{"covariates", "", "list of columns to match on; left out: all further columns of numbers"},
     {"matches", "1", "non-members each member is compared with, 1 to 20"},
     {"balance", "0.1", "largest |smd| after matching that passes for alike"},
     {"level", "0.95", "of the interval"}}};
constexpr std::array<report_output, 3> outputs{
    {{"",
      "members,non_members,mean_margin_members,mean_margin_non_members,mean_margin_matched,"
      "difference,standard_error,lower,upper,largest_smd_before,largest_smd_after,"
      "negative_members,negative_matched,verdict"},
     {"balance",
      "covariate,mean_members,mean_non_members,mean_matched,smd_before,smd_after,balanced"},
     {"members", "customer,margin,matched_margin,difference,negative"}}};

struct knobs {
  std::optional<std::vector<std::string>> covariates;
  double matches, balance, level;
};

// In the order of the customers' ids, so that no order of the rows matters.
struct study {
  std::vector<std::string> customers;
  std::vector<char> member;
  std::vector<double> margin;
  std::vector<std::string> names;
  Eigen::MatrixXd covariates;
  double members = 0, others = 0;
};

std::vector<std::string> covariate_names(const table& t, const knobs& with) {
  if (with.covariates) return *with.covariates;
  std::vector<std::string> names;
  for (const column& c : t.columns()) {
    const bool own = c.name() == "customer" || c.name() == "member" || c.name() == "margin";
    const bool number = c.kind() != type::utf8 && c.kind() != type::time;
    if (!own && number) names.push_back(c.name());
  }
  if (names.empty()) {
    throw error(
        status::invalid,
        "report 'adverse_selection': table 'customers' has no column of numbers to match on",
        "add what was known before joining: tenure, orders, spend");
  }
  return names;
}

study read_study(const table& t, const knobs& with) {
  const report_rows rows(t, "adverse_selection", "customers");
  const auto ids = rows.texts("customer");
  positions(ids, rows, "customer");  // refuses one that is there twice
  const auto member = rows.numbers("member"), margin = rows.numbers("margin");
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return ids[a] < ids[b]; });
  study s;
  s.names = covariate_names(t, with);
  s.covariates.resize(static_cast<Eigen::Index>(ids.size()),
                      static_cast<Eigen::Index>(s.names.size()));
  for (const std::size_t row : order) {
    if (member[row] != 0 && member[row] != 1) {
      rows.refuse("member", row, math::to_text(member[row]) + " is neither 0 nor 1");
    }
    s.customers.push_back(ids[row]);
    s.member.push_back(member[row] == 1 ? 1 : 0);
    s.margin.push_back(margin[row]);
    (member[row] == 1 ? s.members : s.others) += 1;
  }
  for (std::size_t c = 0; c < s.names.size(); ++c) {
    const auto values = rows.numbers(s.names[c]);
    for (std::size_t i = 0; i < order.size(); ++i) {
      s.covariates(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) = values[order[i]];
    }
  }
  if (s.members >= 2 && s.others >= 2) return s;
  throw error(status::invalid,
              "report 'adverse_selection': " + math::to_text(s.members) + " members and " +
                  math::to_text(s.others) + " others are too few to compare",
              "at least two of each are needed, and 30 members to conclude anything");
}

struct column_balance {
  double members = 0, others = 0, matched = 0;
  double before = 0, after = 0;
};

double spread(const study& s, Eigen::Index c, char member, double mean, double n) {
  double sum = 0;
  for (std::size_t i = 0; i < s.member.size(); ++i) {
    const double off = s.covariates(static_cast<Eigen::Index>(i), c) - mean;
    if (s.member[i] == member) sum += off * off;
  }
  return sum / (n - 1);
}

column_balance balance_of(const study& s, Eigen::Index c, const std::vector<double>& weight) {
  column_balance b;
  for (std::size_t i = 0; i < s.member.size(); ++i) {
    const double value = s.covariates(static_cast<Eigen::Index>(i), c);
    (s.member[i] != 0 ? b.members : b.others) += value;
    b.matched += weight[i] * value;
  }
  b.members /= s.members;
  b.others /= s.others;
  b.matched /= s.members;  // each member's matches have a weight of 1 together
  const double unit = std::sqrt(
      0.5 * (spread(s, c, 1, b.members, s.members) + spread(s, c, 0, b.others, s.others)));
  b.before = unit > 0 ? (b.members - b.others) / unit : 0;
  b.after = unit > 0 ? (b.members - b.matched) / unit : 0;
  return b;
}

std::string verdict_of(const study& s,
                       const retention::matched_effect& e,
                       double z,
                       double largest_after,
                       double balance) {
  if (s.members < fewest) return "FEW: fewer than 30 members, nothing can be said";
  if (largest_after > balance) {
    return "UNBALANCED: the matched non-members differ in what they are matched on";
  }
  if (e.difference + z * e.standard_error < 0) {
    return "ADVERSE: members were worth less before they joined than customers like them";
  }
  if (e.difference - z * e.standard_error > 0) {
    return "FAVOURABLE: members were worth more before they joined than customers like them";
  }
  return "NOT_SEEN: no difference beyond chance";
}

double share_negative(const std::vector<double>& values) {
  const auto below = std::count_if(values.begin(), values.end(), [](double v) { return v < 0; });
  return static_cast<double>(below) / static_cast<double>(values.size());
}

// Margins of the members and, weighted, of their matches that are below 0.
struct negatives {
  double members = 0, matched = 0;
};

negatives count_negatives(const study& s, const std::vector<double>& weight) {
  std::vector<double> margins;
  negatives out;
  for (std::size_t i = 0; i < s.member.size(); ++i) {
    if (s.member[i] != 0) margins.push_back(s.margin[i]);
    if (s.margin[i] < 0) out.matched += weight[i] / s.members;
  }
  out.members = share_negative(margins);
  return out;
}

std::shared_ptr<const table> members_table(const study& s,
                                           const retention::matched_effect& e,
                                           const std::string& unit,
                                           const std::string& seal) {
  report_writer rows({{"customer", type::utf8},
                      {"margin", type::f64, unit},
                      {"matched_margin", type::f64, unit},
                      {"difference", type::f64, unit},
                      {"negative", type::i64}});
  std::size_t member = 0;
  for (std::size_t i = 0; i < s.member.size(); ++i) {
    if (s.member[i] == 0) continue;
    const double matched = e.matched_outcome[member++];
    rows.row(s.customers[i],
             s.margin[i],
             matched,
             s.margin[i] - matched,
             static_cast<std::int64_t>(s.margin[i] < 0 ? 1 : 0));
  }
  return rows.sealed(seal + "|members");
}

struct largest_gap {
  double before = 0, after = 0;
};

std::shared_ptr<const table> balance_table(const study& s,
                                           const std::vector<double>& weight,
                                           double most,
                                           const std::string& seal,
                                           largest_gap& largest) {
  report_writer rows({{"covariate", type::utf8},
                      {"mean_members", type::f64},
                      {"mean_non_members", type::f64},
                      {"mean_matched", type::f64},
                      {"smd_before", type::f64},
                      {"smd_after", type::f64},
                      {"balanced", type::i64}});
  for (std::size_t c = 0; c < s.names.size(); ++c) {
    const column_balance b = balance_of(s, static_cast<Eigen::Index>(c), weight);
    largest.before = std::max(largest.before, std::abs(b.before));
    largest.after = std::max(largest.after, std::abs(b.after));
    rows.row(s.names[c],
             b.members,
             b.others,
             b.matched,
             b.before,
             b.after,
             static_cast<std::int64_t>(std::abs(b.after) <= most ? 1 : 0));
  }
  return rows.sealed(seal + "|balance");
}

double mean_of_others(const study& s) {
  double sum = 0;
  for (std::size_t i = 0; i < s.member.size(); ++i) sum += s.member[i] == 0 ? s.margin[i] : 0;
  return sum / s.others;
}

std::shared_ptr<const table> main_table(const study& s,
                                        const retention::matched_effect& e,
                                        const largest_gap& largest,
                                        const knobs& with,
                                        const std::string& unit,
                                        const std::string& seal) {
  report_writer rows({{"members", type::f64},
                      {"non_members", type::f64},
                      {"mean_margin_members", type::f64, unit},
                      {"mean_margin_non_members", type::f64, unit},
                      {"mean_margin_matched", type::f64, unit},
                      {"difference", type::f64, unit},
                      {"standard_error", type::f64, unit},
                      {"lower", type::f64, unit},
                      {"upper", type::f64, unit},
                      {"largest_smd_before", type::f64},
                      {"largest_smd_after", type::f64},
                      {"negative_members", type::f64},
                      {"negative_matched", type::f64},
                      {"verdict", type::utf8}});
  const double z = math::normal_quantile(0.5 + 0.5 * with.level);
  const negatives below = count_negatives(s, e.weight);
  rows.row(s.members,
           s.others,
           e.treated_mean,
           mean_of_others(s),
           e.matched_mean,
           e.difference,
           e.standard_error,
           e.difference - z * e.standard_error,
           e.difference + z * e.standard_error,
           largest.before,
           largest.after,
           below.members,
           below.matched,
           verdict_of(s, e, z, largest.after, with.balance));
  return rows.sealed(seal);
}

void compare(const report_inputs& in, const knobs& with, outcome& out) {
  const table& t = in.of("customers");
  const study s = read_study(t, with);
  const Eigen::MatrixXd coordinates = retention::mahalanobis_coordinates(s.covariates, s.member);
  const auto e = retention::effect_on_treated(
      coordinates, s.member, s.margin, static_cast<std::size_t>(with.matches));
  std::string seal = "adverse_selection|" + t.fingerprint() + "|" + math::to_text(with.matches) +
                     "|" + math::to_text(with.balance) + "|" + math::to_text(with.level);
  for (const std::string& name : s.names) seal += "|" + name;
  const std::string unit = report_rows(t, "adverse_selection", "customers").unit("margin");
  largest_gap largest;
  out.tables["balance"] = balance_table(s, e.weight, with.balance, seal, largest);
  out.tables["members"] = members_table(s, e, unit, seal);
  out.tables[""] = main_table(s, e, largest, with, unit, seal);
}

job begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'adverse_selection'", options_json, options);
  const knobs with{.covariates = s.names("covariates"),
                   .matches = std::floor(s.number_in("matches", 1, 1, 20)),
                   .balance = s.number_in("balance", 0.1, 0, 10),
                   .level = s.number_in("level", 0.95, 0.5, 0.9999)};
  return report_at_once("match",
                        [in = std::move(in), with](outcome& out) { compare(in, with, out); });
}

}  // namespace

constinit const report adverse_selection_report{
    .name = "adverse_selection",
    .summary = "Whether a programme draws customers who were worth less before they joined",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
