// A shop of the simulated market and a plugin at work in it, through the C ABI alone: what a host
// does, and what a host cannot do, which is to ask the truth what it was good for.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../abi/support.hpp"

namespace clv_test {

std::string text_at(const result_ptr& t, const char* column, int64_t row);  // "": absent
double number_at(const result_ptr& t, const char* column, int64_t row);

// Plugins loaded for the shop's day.
struct loaded_plugins {
  plugins_ptr handle;
  std::string id;              // of the first,
  std::string reads, actions;  // and what its manifest lists, as "a, b"
};

// What a plugin alone came to. Money in major units, expected as the truth has it.
struct score {
  int64_t proposals = 0, customers = 0, treated = 0;
  std::map<std::string, int64_t> refused;  // by code
  double gated = 0, ungated = 0;           // expected incremental profit against nobody
  double ungated_upper = 0;                // realised once: upper end of its 95 % interval
  int64_t without_consent = 0;             // treated over a channel that the customer did not allow
  double oracle = 0;  // the best that the plugin's actions could do, for everybody
  // Share of the benefits that went to customers who would have bought anyway, as it happened.
  double gated_cannibalised = 0, ungated_cannibalised = 0;
  double milliseconds = 0;  // to propose and decide
};

class market_shop {
 public:
  static constexpr int64_t customers = 3000;
  // Customers come in until the last day, and ask the desk three times a year.
  explicit market_shop(int seed);

  loaded_plugins load(const std::vector<std::string>& paths) const;
  result_ptr proposals(const loaded_plugins& by) const;
  struct decided {
    result_ptr decisions, refusals;
  };
  // `facts`: the gate gets consents and what the CRM knows, beside the policy.
  decided decide(const result_ptr& proposals, const std::string& policy, bool facts) const;
  score run_alone(const std::string& path) const;
  const result_ptr& known() const { return known_; }  // table "customers"
  std::vector<clv_column> columns() const;            // what plugins get
  result_ptr truth(const std::string& plugin) const;  // of its actions

  static constexpr const char* policy =
      R"({"format": "clv.policy/1", "consent": ["email", "sms", "phone"]})";

 private:
  job_ptr market(const std::string& plugin) const;  // finished
  void judge(const std::string& plugin,
             const result_ptr& proposed,
             const result_ptr& decisions,
             score& into) const;

  int seed_;
  int64_t as_of_us_ = 0;
  model_ptr model_;
  result_ptr known_, consent_, scores_, segments_;
};

}  // namespace clv_test
