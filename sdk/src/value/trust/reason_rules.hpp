// What is remarkable about one customer, and the sentence that says so.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/fit.hpp"

namespace clv {

struct reason_options {
  double overdue = 0.9;     // share of the waits that must be over
  double gone = 0.2;        // p_alive at or below this
  double extreme = 0.9;     // what counts as high: above this share of the others
  double new_within = 4.0;  // age, in the model's unit
};

struct found_reason {
  std::string_view code;
  std::optional<double> strength;  // 0 to 1, the higher the more remarkable; none: it is a limit
  std::string text;
};

// A customer and those of the same first month.
struct reason_case {
  observation seen;
  bool own_spend = false;
  std::string month;            // "" when the summary has no first_time
  double cohort = 0;            // customers of the month
  double cohort_repeaters = 0;  // of them, with x > 0
  double cohort_slower = 0;     // of them, with a lower x / T
};

// README.md, "Reasons", has the formula of every code. [one], because it keeps what it computed.
class reason_rules {
 public:
  // `spends` are the mean spends of the repeaters, rising.
  reason_rules(const fitted_model& m, reason_options o, std::vector<double> spends);
  void find(const reason_case& c, std::vector<found_reason>& out);

 private:
  double over(const observation& o, double silence) const;
  double within(const observation& o, double wait) const;
  double wait_of(const observation& o, double silence, double share) const;
  double chance_of_more(double x, double T);
  void rhythm(const observation& o, std::vector<found_reason>& out) const;
  void alive(const observation& o, std::vector<found_reason>& out) const;
  void frequency(const observation& o, std::vector<found_reason>& out);
  void spend(const reason_case& c, std::vector<found_reason>& out) const;
  void cohort(const reason_case& c, std::vector<found_reason>& out) const;
  bool knows_churn() const;

  const fitted_model& fitted_;
  const model& model_;
  values p_;
  reason_options options_;
  std::vector<double> spends_;
  bool knows_churn_;
  std::map<double, std::vector<double>> tails_;  // of a new customer's count, by T
};

}  // namespace clv
