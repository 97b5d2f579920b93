// From tables to cases: a customer's proposals checked against the rules, with their effects as the
// evidence has them, and priced. [one]
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv/decide.hpp"
#include "retention/deciding/candidate.hpp"
#include "retention/deciding/offers.hpp"
#include "retention/deciding/receipt.hpp"
#include "retention/effects/evidence.hpp"
#include "retention/gate/gatekeeper.hpp"

namespace clv::retention {

struct customer_case {
  std::string customer;
  lots drawn;
  std::vector<candidate> candidates;  // vetoes are not among them
  std::vector<objection> vetoes;
};

class case_maker {
 public:
  case_maker(const offers& all, const decide_options& o, std::shared_ptr<const policy> rules);

  // Names of the resources that the policy limits, cash first, and their limits.
  run_rules first_rules(const decide_options& o) const;
  const std::vector<double>& limits() const { return limits_; }

  // The customer's place in the draws: what make() gives without the candidates.
  lots lots_of(const run_rules& rules, std::size_t row) const;
  // Fills `made` (its memory is used again). Computes p0 once per proposal and keeps it.
  void make(const run_rules& rules, std::size_t row, customer_case& made);

 private:
  void add_vetoes(std::size_t row, customer_case& made);
  void add_candidate(const run_rules& rules,
                     std::size_t row,
                     std::uint32_t proposal,
                     customer_case& made);
  void add_uses(std::uint32_t proposal, const run_rules& rules, candidate& c) const;
  bool exceeds_limits(const candidate& c) const;
  void set_holdout(std::string_view customer, candidate& c) const;
  // The proposal's own where it states one, else the model's.
  double p0_of(std::size_t row, std::uint32_t proposal);

  const offers* all_;
  std::shared_ptr<const policy> policy_;
  gatekeeper keeper_;
  evidence_ladder ladder_;
  std::vector<double> limits_;
  std::string holdout_salt_, explore_salt_, option_salt_;
  std::vector<double> p0_;  // per proposal
  std::vector<bool> known_;
  std::vector<veto> vetoes_;  // of the row being made
};

}  // namespace clv::retention
