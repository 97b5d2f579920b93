// Is the split of an experiment the one that was asked for? Pearson's chi-square of the observed
// numbers against the expected ones, arms - 1 degrees of freedom, per experiment. Ask it before
// anything else: an experiment with a broken split has no result (Fabijan et al. 2019, KDD).
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/chi_square.hpp"
#include "retention/reports.hpp"
#include "value/fitting/short_text.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> sample_ratio_inputs{
    {{"arms", "", true, "arm,customers,share and optionally experiment; shares of one sum to 1"}}};
constexpr std::array<report_option, 1> sample_ratio_options{
    {{"level", "0.001", "a p-value below it is a broken split"}}};
constexpr std::array<report_output, 1> sample_ratio_outputs{
    {{"", "experiment,arms,customers,chi_square,degrees_of_freedom,p_value,status"}}};

struct split {
  std::vector<double> customers, shares;
  std::size_t first_row = 0;
};

std::map<std::string, split> read_splits(const report_rows& rows) {
  const auto names = rows.has("experiment") ? rows.texts("experiment")
                                            : std::vector<std::string>(rows.size(), "all");
  rows.texts("arm");
  const auto customers = rows.numbers("customers"), shares = rows.numbers("share");
  std::map<std::string, split> out;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (customers[row] < 0) rows.refuse("customers", row, "is below 0");
    if (!(shares[row] > 0 && shares[row] <= 1)) {
      rows.refuse("share", row, short_text(shares[row]) + " is not above 0 and at most 1");
    }
    split& s = out[names[row]];
    if (s.customers.empty()) s.first_row = row;
    s.customers.push_back(customers[row]);
    s.shares.push_back(shares[row]);
  }
  return out;
}

void write(const report_inputs& in, double level, outcome& out) {
  const report_rows rows(in.of("arms"), "sample_ratio", "arms");
  report_writer to({{"experiment", type::utf8},
                    {"arms", type::f64},
                    {"customers", type::f64},
                    {"chi_square", type::f64},
                    {"degrees_of_freedom", type::f64},
                    {"p_value", type::f64},
                    {"status", type::utf8}});
  for (const auto& [name, s] : read_splits(rows)) {
    const double n = sorted_sum(s.customers), shares = sorted_sum(s.shares);
    if (s.shares.size() < 2 || shares < 1 - 1e-6 || shares > 1 + 1e-6) {
      rows.refuse("share",
                  s.first_row,
                  "the " + std::to_string(s.shares.size()) + " arms of '" + name + "' have " +
                      short_text(shares) + " together, two or more arms with 1 are needed");
    }
    double chi_square = 0;
    for (std::size_t i = 0; n > 0 && i < s.shares.size(); ++i) {
      const double off = s.customers[i] - n * s.shares[i];
      chi_square += off * off / (n * s.shares[i]);
    }
    const auto freedom = static_cast<double>(s.shares.size() - 1);
    const double p = math::chi_square_tail(chi_square, freedom);
    to.row(name, freedom + 1, n, chi_square, freedom, p, p < level ? "SRM" : "OK");
  }
  out.tables[""] =
      to.sealed("sample_ratio/1|" + in.of("arms").fingerprint() + "|" + short_text(level));
}

job sample_ratio_begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'sample_ratio'", options_json, sample_ratio_options);
  const double level = s.number_in("level", 0.001, 1e-12, 0.5);
  return report_at_once("compare",
                        [in = std::move(in), level](outcome& out) { write(in, level, out); });
}

}  // namespace

constinit const report sample_ratio_report{
    .name = "sample_ratio",
    .summary = "Whether the arms of an experiment have the sizes that were asked for",
    .needs_model = false,
    .inputs = sample_ratio_inputs,
    .options = sample_ratio_options,
    .outputs = sample_ratio_outputs,
    .begin = sample_ratio_begin,
};

}  // namespace clv
