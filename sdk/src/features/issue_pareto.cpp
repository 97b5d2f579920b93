// Which issues put the most customer value at risk, not which are mentioned most.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "features/cells.hpp"
#include "features/feedback.hpp"
#include "features/pareto.hpp"
#include "features/reports.hpp"

namespace clv {
namespace {

using features::text_at;

constexpr std::array<report_input, 2> inputs{
    {{"feedback", "", true, "customer,time,topics,kind,score,scale,event_id"},
     {"values", "", false, "customer,clv_at_risk,clv,churn_probability,p_alive"}}};
constexpr std::array<report_option, 6> option_rows{
    {{"as_of", "", "date (known to its end) or date with a clock; default: the last day"},
     {"time_zone", "\"UTC\"", "whose midnight separates days"},
     {"window_days", "365", "complaints of so many days count"},
     {"period_days", "30", "length of the periods whose counts are tested for a trend"},
     {"separator", "\";\"", "between the topics of one row"},
     {"weights",
      "\"clv\"",
      "clv: value at risk from table values; none: every customer counts 1"}}};
constexpr std::array<report_output, 1> outputs{
    {{"",
      "topic,complaints,customers,customers_without_value,at_risk,share,cumulative_share,rank,"
      "rank_by_complaints,trend,trend_tau,trend_p_value"}}};

struct plan {
  features::moment at;
  double window_days = 365, period_days = 30;
  std::string separator;
  bool weighted = true;
};

// Value at risk by customer id. clv_at_risk as it is, else clv x churn_probability, else
// clv x (1 - p_alive).
using values_at_risk = std::map<std::string, double, std::less<>>;

struct value_columns {
  const column *at_risk, *clv, *churn, *alive;

  explicit value_columns(const table& t)
      : at_risk(t.find("clv_at_risk")),
        clv(t.find("clv")),
        churn(t.find("churn_probability")),
        alive(t.find("p_alive")) {
    if (at_risk == nullptr && (clv == nullptr || (churn == nullptr && alive == nullptr))) {
      throw error(status::invalid,
                  "report 'issue_pareto': table 'values' has neither clv_at_risk nor clv with "
                  "churn_probability or p_alive",
                  "give the scores of the customers");
    }
  }
  std::optional<double> at(std::size_t row) const {
    if (at_risk != nullptr) return features::number_at(*at_risk, row);
    const auto value = features::number_at(*clv, row);
    const auto p = features::number_at(churn != nullptr ? *churn : *alive, row);
    if (!value || !p) return std::nullopt;
    return *value * (churn != nullptr ? *p : 1 - *p);
  }
};

values_at_risk read_values(const table& t) {
  const column& customer = features::need(t, "customer", "values", "issue_pareto");
  const value_columns columns(t);
  values_at_risk all;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    const auto value = columns.at(row);
    if (value) all[text_at(customer, row)] = *value;
  }
  return all;
}

std::set<std::string> topics_of(const std::string& text, const std::string& separator) {
  std::set<std::string> topics;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(separator, from), text.size());
    const auto topic = features::trimmed(std::string_view(text).substr(from, end - from));
    if (!topic.empty()) topics.emplace(topic);
    from = end + separator.size();
  }
  return topics;
}

features::issue_book collect(const std::vector<features::response>& all, const plan& p) {
  const auto periods = static_cast<std::size_t>(p.window_days / p.period_days);
  features::issue_book found;
  for (const features::response& r : all) {
    const double age = p.at.age_days(r.time);
    if (!r.complaint || age > p.window_days) continue;
    const auto back = static_cast<std::size_t>(age / p.period_days);
    for (const std::string& topic : topics_of(r.topics, p.separator)) {
      features::mention(found, topic, r.customer, back, periods);
    }
  }
  return found;
}

features::value_at_risk look_up(const values_at_risk& values) {
  return [&values](std::string_view customer) -> std::optional<double> {
    const auto found = values.find(customer);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

plan read_plan(const settings& given, const table& feedback) {
  const column& time = features::need(feedback, "time", "feedback", "issue_pareto");
  features::need(feedback, "customer", "feedback", "issue_pareto");
  features::need(feedback, "topics", "feedback", "issue_pareto");
  const zone local(given.text("time_zone", "UTC"));
  column times("time", type::time, "us");
  for (std::size_t row = 0; row < feedback.rows(); ++row) {
    const auto when = features::time_at(time, row, local);
    when ? times.push(*when) : times.push_absent();
  }
  plan p{.at = features::read_moment(given, times),
         .window_days = given.number_in("window_days", 365, 1, 36'500),
         .period_days = given.number_in("period_days", 30, 1, 36'500),
         .separator = given.text("separator", ";")};
  if (p.separator.empty()) given.refuse("separator", "a text that is not empty");
  const std::string weights = given.text("weights", "clv");
  if (weights != "clv" && weights != "none") given.refuse("weights", "clv or none");
  p.weighted = weights == "clv";
  return p;
}

void build(const report_inputs& in, const plan& p, const std::string& options, outcome& out) {
  const bool weighted = p.weighted && in.has("values");
  const values_at_risk values = weighted ? read_values(in.of("values")) : values_at_risk{};
  features::crowd who;
  auto all =
      features::read_feedback(in.of("feedback"), p.at, "issue_pareto", features::kinds::any, who);
  who.settle();
  features::settle(all, who);
  const auto t = features::pareto_table(
      collect(all, p), who, weighted ? look_up(values) : features::value_at_risk(), {});
  t->seal("issue_pareto|" + options);
  out.tables[""] = t;
  if (p.weighted && !weighted) {
    out.notes.push_back({.code = status::ok,
                         .level = log_level::warn,
                         .message = "no table 'values' was given: every customer counts 1",
                         .hint = "give the scores of the customers to weigh issues by value"});
  }
}

job begin(report_inputs in, std::string_view options_json) {
  const settings given("issue_pareto", options_json, option_rows);
  plan p = read_plan(given, in.of("feedback"));
  return report_at_once("issues",
                        [in = std::move(in), p = std::move(p), text = std::string(options_json)](
                            outcome& out) { build(in, p, text, out); });
}

}  // namespace

constinit const report issue_pareto_report{
    .name = "issue_pareto",
    .summary = "Topics of complaints by the customer value at risk behind them, with their trend",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
