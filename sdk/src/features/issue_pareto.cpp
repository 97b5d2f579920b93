// Which issues put the most customer value at risk, not which are mentioned most.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "features/cells.hpp"
#include "features/feedback.hpp"
#include "features/mann_kendall.hpp"
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

struct issue_facts {
  std::string topic;
  std::int64_t complaints = 0;
  std::set<std::uint32_t> customers;
  std::vector<double> by_period;
  std::int64_t without_value = 0;
  double at_risk = 0;
};

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

std::map<std::string, issue_facts> collect(const std::vector<features::response>& all,
                                           const plan& p) {
  const auto periods = static_cast<std::size_t>(p.window_days / p.period_days);
  std::map<std::string, issue_facts> issues_found;
  for (const features::response& r : all) {
    const double age = p.at.age_days(r.time);
    if (!r.complaint || age > p.window_days) continue;
    for (const std::string& topic : topics_of(r.topics, p.separator)) {
      issue_facts& f = issues_found[topic];
      f.topic = topic;
      ++f.complaints;
      f.customers.insert(r.customer);
      f.by_period.resize(periods, 0);
      // Whole periods counted back from the cutoff; what is older than the last whole one is not
      // tested. The oldest period comes first.
      const auto back = static_cast<std::size_t>(age / p.period_days);
      if (back < periods) ++f.by_period[periods - 1 - back];
    }
  }
  return issues_found;
}

// Each customer counts once per issue, however often they complained of it.
void weigh(issue_facts& f, const features::crowd& who, const values_at_risk* values) {
  for (const std::uint32_t customer : f.customers) {
    if (values == nullptr) {
      f.at_risk += 1;
      continue;
    }
    const auto found = values->find(who.id(customer));
    if (found == values->end()) {
      ++f.without_value;
    } else {
      f.at_risk += found->second;
    }
  }
}

bool more_at_risk(const issue_facts& a, const issue_facts& b) {
  if (a.at_risk != b.at_risk) return a.at_risk > b.at_risk;
  if (a.complaints != b.complaints) return a.complaints > b.complaints;
  return a.topic < b.topic;
}

void push_trend(const issue_facts& f, column& word, column& tau, column& p_value) {
  const auto test = features::mann_kendall(f.by_period);
  if (!test) {
    word.push(std::string_view("too short"));
    tau.push_absent();
    p_value.push_absent();
    return;
  }
  const bool significant = test->p_value < 0.05;
  word.push(std::string_view(!significant ? "none" : test->tau > 0 ? "rising" : "falling"));
  tau.push(test->tau);
  p_value.push(test->p_value);
}

std::shared_ptr<table> pareto_table(const std::vector<issue_facts>& sorted) {
  auto t = std::make_shared<table>();
  column& topic = t->add("topic", type::utf8);
  column& complaints = t->add("complaints", type::i64);
  column& customers = t->add("customers", type::i64);
  column& without = t->add("customers_without_value", type::i64);
  column& at_risk = t->add("at_risk", type::f64);
  column& share = t->add("share", type::f64);
  column& cumulative = t->add("cumulative_share", type::f64);
  column& rank = t->add("rank", type::i64);
  column& by_count = t->add("rank_by_complaints", type::i64);
  column& word = t->add("trend", type::utf8);
  column& tau = t->add("trend_tau", type::f64);
  column& p_value = t->add("trend_p_value", type::f64);
  double total = 0, running = 0;
  std::vector<std::int64_t> counts;
  for (const issue_facts& f : sorted) {
    total += f.at_risk;
    counts.push_back(f.complaints);
  }
  std::ranges::sort(counts, std::greater<>());
  for (const issue_facts& f : sorted) {
    running += f.at_risk;
    topic.push(std::string_view(f.topic));
    complaints.push(f.complaints);
    customers.push(static_cast<std::int64_t>(f.customers.size()));
    without.push(f.without_value);
    at_risk.push(f.at_risk);
    total > 0 ? share.push(f.at_risk / total) : share.push_absent();
    total > 0 ? cumulative.push(running / total) : cumulative.push_absent();
    rank.push(static_cast<std::int64_t>(rank.size()) + 1);
    const auto first = std::ranges::lower_bound(counts, f.complaints, std::greater<>());
    by_count.push(1 + static_cast<std::int64_t>(first - counts.begin()));
    push_trend(f, word, tau, p_value);
  }
  return t;
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
  std::vector<issue_facts> sorted;
  for (auto& [topic, facts] : collect(all, p)) {
    weigh(facts, who, weighted ? &values : nullptr);
    sorted.push_back(facts);
  }
  std::sort(sorted.begin(), sorted.end(), more_at_risk);
  const auto t = pareto_table(sorted);
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
