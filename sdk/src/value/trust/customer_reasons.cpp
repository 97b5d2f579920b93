// Why a customer is seen as it is: codes for a program, sentences for the person who acts.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/summary.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "value/reports.hpp"
#include "value/same_units.hpp"
#include "value/trust/months.hpp"
#include "value/trust/reason_rules.hpp"
#include "value/trust/report_options.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> customer_reasons_inputs{{{"summary", "summary", true, ""}}};
constexpr std::array<report_option, 4> customer_reasons_options{{
    {"overdue", "0.9", "OVERDUE from this share of comparable waits on"},
    {"gone", "0.2", "LIKELY_GONE up to this p_alive"},
    {"extreme", "0.9", "high and low: beyond this share of the others"},
    {"new_days", "28", "NEW_CUSTOMER below this age in days"},
}};
constexpr std::array<report_output, 1> customer_reasons_outputs{
    {{"", "row,customer,reason_code,strength,reason"}}};

// The rates x / T of the customers of one first month, rising.
struct cohort_rates {
  std::vector<double> rates;
  double repeaters = 0;
};

// What the phases share.
class reasons_work {
 public:
  reasons_work(std::shared_ptr<const table> summary,
               std::shared_ptr<const fitted_model> m,
               reason_options o)
      : model_(std::move(m)),
        summary_(std::move(summary)),
        options_(o),
        x_(summary_->numbers("x")),
        t_x_(summary_->numbers("t_x")),
        T_(summary_->numbers("T")),
        spend_(summary_->find("mean_spend")),
        first_(summary_->find("first_time")),
        zone_(model_->time_zone) {}

  double prepare();
  double explain();
  std::shared_ptr<outcome> result() const { return result_; }

 private:
  bool own_spend(std::size_t row) const {
    return spend_ != nullptr && spend_->present(row) && x_[row] >= 1.0 &&
           spend_->numbers()[row] > 0.0;
  }
  double rate(std::size_t row) const { return T_[row] > 0.0 ? x_[row] / T_[row] : 0.0; }
  std::int64_t month(std::size_t row) const {
    return month_of(zone_.day_of(first_->integers()[row]));
  }
  reason_case case_of(std::size_t row) const;
  void finish();

  std::shared_ptr<const fitted_model> model_;
  std::shared_ptr<const table> summary_;
  reason_options options_;
  std::span<const double> x_, t_x_, T_;
  const column* spend_;
  const column* first_;
  zone zone_;
  std::map<std::int64_t, cohort_rates> cohorts_;
  std::vector<double> spends_;  // mean spends of the repeaters
  std::optional<reason_rules> rules_;
  std::size_t row_ = 0;
  std::vector<found_reason> found_;
  report_writer rows_{{{"row", type::i64},
                       {"customer", type::utf8},
                       {"reason_code", type::utf8},
                       {"strength", type::f64},
                       {"reason", type::utf8}}};
  std::shared_ptr<outcome> result_ = std::make_shared<outcome>();
};

double reasons_work::prepare() {
  constexpr std::size_t rows_a_unit = 1U << 16U;
  if (row_ == 0) distinct(*summary_, tuple_key::purchases);  // throws naming row, column and value
  const std::size_t stop = std::min(x_.size(), row_ + rows_a_unit);
  for (; row_ < stop; ++row_) {
    if (own_spend(row_)) spends_.push_back(spend_->numbers()[row_]);
    if (first_ == nullptr || !first_->present(row_)) continue;
    cohort_rates& c = cohorts_[month(row_)];
    c.rates.push_back(rate(row_));
    c.repeaters += x_[row_] > 0.0 ? 1.0 : 0.0;
  }
  if (row_ < x_.size()) return static_cast<double>(row_) / static_cast<double>(x_.size());
  row_ = 0;
  std::ranges::sort(spends_);
  for (auto& [name, c] : cohorts_) std::ranges::sort(c.rates);
  rules_.emplace(*model_, options_, std::move(spends_));
  return 1.0;
}

reason_case reasons_work::case_of(std::size_t row) const {
  reason_case c{.seen = {.x = x_[row], .t_x = t_x_[row], .T = T_[row]},
                .own_spend = own_spend(row)};
  if (c.own_spend) c.seen.mean_spend = spend_->numbers()[row];
  if (first_ == nullptr || !first_->present(row)) return c;
  const std::int64_t number = month(row);
  const cohort_rates& same = cohorts_.at(number);
  c.month = format_month(number);
  c.cohort = static_cast<double>(same.rates.size());
  c.cohort_repeaters = same.repeaters;
  c.cohort_slower =
      static_cast<double>(std::ranges::lower_bound(same.rates, rate(row)) - same.rates.begin());
  return c;
}

double reasons_work::explain() {
  constexpr std::size_t rows_a_unit = 1024;
  const column* customer = summary_->find("customer");
  const std::size_t stop = std::min(x_.size(), row_ + rows_a_unit);
  for (; row_ < stop; ++row_) {
    rules_->find(case_of(row_), found_);
    std::optional<std::string_view> who;
    if (customer != nullptr && customer->present(row_)) who = customer->text(row_);
    for (const found_reason& r : found_) {
      rows_.row(static_cast<std::int64_t>(row_), who, r.code, r.strength, r.text);
    }
  }
  if (row_ < x_.size()) return static_cast<double>(row_) / static_cast<double>(x_.size());
  finish();
  return 1.0;
}

void reasons_work::finish() {
  result_->tables[""] =
      rows_.sealed("customer_reasons|" + summary_->fingerprint() + "|" + save_model(*model_));
  const estimates& e = model_->purchase;
  if (e.status == fit_status::not_converged || e.status == fit_status::not_identified) {
    result_->notes.push_back({.code = status::numeric,
                              .level = log_level::warn,
                              .message = std::string(e.which->name) + " is " +
                                         std::string(name_of(e.status)) +
                                         ": strengths and sentences rest on doubtful estimates",
                              .hint = "read the reason of the fit first"});
  }
}

job customer_reasons_begin(report_inputs in, std::string_view options_json) {
  const settings s = settings_of(customer_reasons_report, options_json);
  const fitted_model& m = *in.model;
  require_continuous(m, "customer_reasons");
  const table& summary = in.of("summary");
  require_same_units(summary, {.unit = m.unit, .currency = m.currency, .who = "the model is"});
  const reason_options o{
      .overdue = s.number_in("overdue", 0.9, 0.5, 0.999),
      .gone = s.number_in("gone", 0.2, 0.0, 1.0),
      .extreme = s.number_in("extreme", 0.9, 0.5, 1.0),
      .new_within = s.number_in("new_days", 28, 0.0, 36'525) / days_per_unit(m.unit)};
  auto work = std::make_shared<reasons_work>(in.tables.at("summary"), in.model, o);
  return job({{"prepare", [work] { return work->prepare(); }},
              {"explain", [work] { return work->explain(); }}},
             work->result());
}

}  // namespace

constinit const report customer_reasons_report{
    .name = "customer_reasons",
    .summary = "Why each customer is seen as it is: codes, strengths and short sentences",
    .needs_model = true,
    .inputs = customer_reasons_inputs,
    .options = customer_reasons_options,
    .outputs = customer_reasons_outputs,
    .begin = customer_reasons_begin,
};

}  // namespace clv
