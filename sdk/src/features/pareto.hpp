// Issues by what is at stake with the customers who have them, not by how often they are mentioned.
// Shared by issue_pareto (what customers said) and desk_topics (what tickets are about). [any]
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "features/crowd.hpp"

namespace clv::features {

struct issue_facts {
  std::int64_t mentions = 0;
  std::set<std::uint32_t> customers;  // of a crowd that was settled
  std::vector<double> by_period;      // mentions, the oldest period first
};
using issue_book = std::map<std::string, issue_facts>;  // by topic

// One mention, in the period that ended `period_back` whole periods before the cutoff (0: the last
// one). What is older than the `periods` is counted but is no part of the trend.
void mention(issue_book& book,
             const std::string& topic,
             std::uint32_t customer,
             std::size_t period_back,
             std::size_t periods);

// What stands with a customer, nullopt when that is not known; empty: every customer counts 1.
using value_at_risk = std::function<std::optional<double>(std::string_view customer)>;

struct pareto_names {
  std::string_view mentions = "complaints";  // column
  std::string_view rank_by_mentions = "rank_by_complaints";
  // Adds column trend_least_p_value: the smallest p that the test can give with these counts, which
  // is that of the same counts in rising order. Where it is not below 5 % the trend is "no power":
  // with four periods or fewer no order of them is significant.
  bool power = false;
};

// The issue with the most at risk first, then by mentions, then by name. Each customer counts once
// per issue. Columns topic, <mentions>, customers, customers_without_value, at_risk, share,
// cumulative_share, rank, <rank_by_mentions>, trend, trend_tau, trend_p_value. Not sealed.
std::shared_ptr<table> pareto_table(const issue_book& book,
                                    const crowd& who,
                                    const value_at_risk& values,
                                    const pareto_names& names);

}  // namespace clv::features
