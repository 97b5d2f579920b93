// Rows for a churn model of customers who never say goodbye: the features as of a date, and whether
// not one purchase followed within the horizon. The features see nothing of the horizon.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <set>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "features/history.hpp"
#include "features/reports.hpp"
#include "features/vector.hpp"

namespace clv {
namespace {

constexpr double most_days = 36'500;

constexpr auto option_rows = [] {
  constexpr auto& shared = features::vector_option_rows;
  std::array<report_option, shared.size() + 2> all{};
  std::copy(shared.begin(), shared.end(), all.begin());
  all[0].meaning = "date (known to its end); default: horizon_days before the log's last day";
  all[shared.size()] = {"horizon_days", "90", "no purchase in so many days after as_of is churn"};
  all[shared.size() + 1] = {
      "active_days", "", "only customers who bought in so many days before as_of"};
  return all;
}();

constexpr std::array<report_output, 2> outputs{
    {{"", "customer,churned,recency_days,frequency,monetary,tenure_days,..."},
     {"labels", "as_of,label_end,customers,churned,churn_rate"}}};

struct plan {
  features::vector_options with;
  features::moment label_end;
  double active_days = 0;  // 0: everybody who ever bought
};

double whole_days(const settings& given, std::string_view name, double fallback) {
  const double days = given.number_in(name, fallback, 1, most_days);
  if (days != std::floor(days)) given.refuse(name, "a whole number of days");
  return days;
}

plan read_plan(const settings& given, const table& log) {
  plan p{.with = features::read_vector_options(given, log)};
  const auto horizon = static_cast<std::int64_t>(whole_days(given, "horizon_days", 90));
  const column& times = log.get("time", type::time);
  const std::int64_t last = features::last_day(times, p.with.at.where);
  if (!given.has("as_of")) p.with.at = features::end_of(p.with.at.where, last - horizon);
  p.label_end = features::later(p.with.at, horizon);
  if (p.label_end.cutoff > p.with.at.where.start_of(last + 1)) {
    throw error(status::invalid,
                "report 'churn_labels': the log ends on " + format_day(last) +
                    ", but the labels of as_of and horizon_days " + std::to_string(horizon) +
                    " need it up to " + format_time(p.label_end.cutoff),
                "take an earlier as_of or a shorter horizon: silence after the log's end is not "
                "churn");
  }
  if (given.has("active_days")) p.active_days = whole_days(given, "active_days", 1);
  return p;
}

// Ids of those who bought from the cutoff to the end of the label window.
std::set<std::string, std::less<>> buyers_after(const table& log, const plan& p) {
  features::crowd who;
  auto all = features::read_history(log, p.label_end, p.with.currency, who);
  who.settle();
  features::settle(all, who);
  std::set<std::string, std::less<>> ids;
  for (const features::order& o : all.orders) {
    if (!o.refund && !p.with.at.knows(o.time)) ids.insert(who.id(o.customer));
  }
  return ids;
}

// The rows with `keep` of a table of numbers and text.
std::shared_ptr<table> rows_kept(const table& from, const std::vector<bool>& keep) {
  auto t = std::make_shared<table>();
  for (const column& c : from.columns()) {
    column& to = t->add(c.name(), c.kind(), c.unit());
    for (std::size_t row = 0; row < c.size(); ++row) {
      if (!keep[row]) continue;
      if (!c.present(row)) {
        to.push_absent();
      } else if (c.kind() == type::utf8) {
        to.push(c.text(row));
      } else {
        to.push(c.numbers()[row]);
      }
    }
  }
  return t;
}

std::shared_ptr<table> active_only(std::shared_ptr<table> rows, double active_days) {
  if (active_days == 0) return rows;
  std::vector<bool> keep;
  for (const double recency : rows->numbers("recency_days")) keep.push_back(recency < active_days);
  return rows_kept(*rows, keep);
}

std::shared_ptr<table> totals(const plan& p, std::span<const double> churned) {
  auto t = std::make_shared<table>();
  const auto lost = std::count(churned.begin(), churned.end(), 1.0);
  t->add("as_of", type::time, "us").push(p.with.at.cutoff);
  t->add("label_end", type::time, "us").push(p.label_end.cutoff);
  t->add("customers", type::i64).push(static_cast<std::int64_t>(churned.size()));
  t->add("churned", type::i64).push(static_cast<std::int64_t>(lost));
  column& rate = t->add("churn_rate", type::f64);
  churned.empty() ? rate.push_absent()
                  : rate.push(static_cast<double>(lost) / static_cast<double>(churned.size()));
  return t;
}

void label(const report_inputs& in, const plan& p, const std::string& options, outcome& out) {
  auto made = features::feature_vector(in, p.with, features::population::buyers, "churn_labels");
  const auto rows = active_only(made.rows, p.active_days);
  const auto stayed = buyers_after(in.of("transactions"), p);
  column churned("churned", type::f64);
  const column& customer = rows->get("customer", type::utf8);
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    churned.push(stayed.contains(customer.text(row)) ? 0.0 : 1.0);
  }
  const auto sums = totals(p, churned.numbers());
  rows->columns().insert(rows->columns().begin() + 1, std::move(churned));
  rows->seal("churn_labels|" + options);
  sums->seal("churn_labels|" + options);
  out.tables[""] = rows;
  out.tables["labels"] = sums;
  out.notes = std::move(made.notes);
}

job begin(report_inputs in, std::string_view options_json) {
  const settings given("churn_labels", options_json, option_rows);
  plan p = read_plan(given, in.of("transactions"));
  return report_at_once("labels",
                        [in = std::move(in), p = std::move(p), text = std::string(options_json)](
                            outcome& out) { label(in, p, text, out); });
}

}  // namespace

constinit const report churn_labels_report{
    .name = "churn_labels",
    .summary = "Features as of a date with what came of it: no purchase within the horizon",
    .needs_model = false,
    .inputs = features::vector_inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
