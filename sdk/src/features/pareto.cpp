#include "features/pareto.hpp"

#include <algorithm>

#include "features/mann_kendall.hpp"

namespace clv::features {
namespace {

constexpr double significant = 0.05;

struct weighed_issue {
  std::string_view topic;
  const issue_facts* facts = nullptr;
  std::int64_t without_value = 0;
  double at_risk = 0;
};

weighed_issue weigh(std::string_view topic,
                    const issue_facts& f,
                    const crowd& who,
                    const value_at_risk& values) {
  weighed_issue w{.topic = topic, .facts = &f};
  for (const std::uint32_t customer : f.customers) {
    const auto value = values ? values(who.id(customer)) : std::optional(1.0);
    if (value) {
      w.at_risk += *value;
    } else {
      ++w.without_value;
    }
  }
  return w;
}

bool more_at_risk(const weighed_issue& a, const weighed_issue& b) {
  if (a.at_risk != b.at_risk) return a.at_risk > b.at_risk;
  if (a.facts->mentions != b.facts->mentions) return a.facts->mentions > b.facts->mentions;
  return a.topic < b.topic;
}

struct trend_columns {
  column &word, &tau, &p_value;
  column* least;  // null: power is not asked for

  void push(const std::vector<double>& by_period) {
    const auto test = mann_kendall(by_period);
    if (!test) {
      word.push(std::string_view("too short"));
      tau.push_absent();
      p_value.push_absent();
      if (least != nullptr) least->push_absent();
      return;
    }
    bool power = true;
    if (least != nullptr) {
      std::vector<double> rising(by_period);
      std::ranges::sort(rising);
      least->push(mann_kendall(rising)->p_value);
      power = least->numbers().back() < significant;
    }
    const bool found = test->p_value < significant;
    word.push(std::string_view(!power          ? "no power"
                               : !found        ? "none"
                               : test->tau > 0 ? "rising"
                                               : "falling"));
    tau.push(test->tau);
    p_value.push(test->p_value);
  }
};

}  // namespace

void mention(issue_book& book,
             const std::string& topic,
             std::uint32_t customer,
             std::size_t period_back,
             std::size_t periods) {
  issue_facts& f = book[topic];
  ++f.mentions;
  f.customers.insert(customer);
  f.by_period.resize(periods, 0);
  if (period_back < periods) ++f.by_period[periods - 1 - period_back];
}

std::shared_ptr<table> pareto_table(const issue_book& book,
                                    const crowd& who,
                                    const value_at_risk& values,
                                    const pareto_names& names) {
  auto t = std::make_shared<table>();
  column& topic = t->add("topic", type::utf8);
  column& mentions = t->add(std::string(names.mentions), type::i64);
  column& customers = t->add("customers", type::i64);
  column& without = t->add("customers_without_value", type::i64);
  column& at_risk = t->add("at_risk", type::f64);
  column& share = t->add("share", type::f64);
  column& cumulative = t->add("cumulative_share", type::f64);
  column& rank = t->add("rank", type::i64);
  column& by_count = t->add(std::string(names.rank_by_mentions), type::i64);
  column& word = t->add("trend", type::utf8);
  column& tau = t->add("trend_tau", type::f64);
  column& p_value = t->add("trend_p_value", type::f64);
  trend_columns trend{
      word, tau, p_value, names.power ? &t->add("trend_least_p_value", type::f64) : nullptr};
  std::vector<weighed_issue> sorted;
  sorted.reserve(book.size());
  for (const auto& [name, facts] : book) sorted.push_back(weigh(name, facts, who, values));
  std::sort(sorted.begin(), sorted.end(), more_at_risk);
  double total = 0, running = 0;
  std::vector<std::int64_t> counts;
  counts.reserve(sorted.size());
  for (const weighed_issue& w : sorted) {
    total += w.at_risk;
    counts.push_back(w.facts->mentions);
  }
  std::ranges::sort(counts, std::greater<>());
  for (const weighed_issue& w : sorted) {
    running += w.at_risk;
    topic.push(w.topic);
    mentions.push(w.facts->mentions);
    customers.push(static_cast<std::int64_t>(w.facts->customers.size()));
    without.push(w.without_value);
    at_risk.push(w.at_risk);
    total > 0 ? share.push(w.at_risk / total) : share.push_absent();
    total > 0 ? cumulative.push(running / total) : cumulative.push_absent();
    rank.push(static_cast<std::int64_t>(rank.size()) + 1);
    const auto first = std::ranges::lower_bound(counts, w.facts->mentions, std::greater<>());
    by_count.push(1 + static_cast<std::int64_t>(first - counts.begin()));
    trend.push(w.facts->by_period);
  }
  return t;
}

}  // namespace clv::features
