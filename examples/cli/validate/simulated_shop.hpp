// A small market as plugins get it: scores, segments and what a CRM knows of simulated customers;
// and what no CRM knows, the true effects.
#pragma once

#include <cstdint>
#include <string>

#include "../failure.hpp"
#include "../handles.hpp"
#include "customer_table.hpp"

namespace cli {

struct shop_options {
  std::int64_t customers = 2000;
  std::uint64_t seed = 7;
  // Whose effects the truth tells: "actions" of report market, as JSON.
  std::string actions_json = R"("clv.template")";
  double experiment_share = 0;  // of the customers, who got something by lot half a year ago
};

// New customers until the last day and much to do at the desk, so that all that plugins look for is
// there.
class simulated_shop {
 public:
  static constexpr double margin = .4;
  static constexpr double minor_units = 100;  // of its currency, EUR
  simulated_shop(const shop_options& o, diag& d);
  customer_table customers(const diag& d) const;  // every column, each once

  result known, consent, contacts, truth;  // tables of report market
  result scores, segments;
  model by;  // with the market's own parameters: what a fit of much data would come to
  std::int64_t now_us = 0;
};

}  // namespace cli
