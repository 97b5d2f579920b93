// The tables "decisions", "refusals" and "budget", filled row by row. [one]
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "clv/job.hpp"
#include "retention/allocation/allocate.hpp"
#include "retention/deciding/offers.hpp"
#include "retention/deciding/receipt.hpp"

namespace clv::retention {

class decision_tables {
 public:
  explicit decision_tables(const std::string& currency);

  // One row of "decisions" but for its receipt, and one of "refusals" for each candidate that was
  // not chosen.
  void add(const offers& all,
           std::size_t row,
           const verdict& v,
           std::span<const candidate> candidates,
           double shadow_price);
  void add_receipt(const std::string& text);
  void add_budget(std::optional<double> limit, const allocation& plan);
  // Seals the three over `extra` and moves them to the result. Call once, at the end.
  void seal_into(outcome& result, const std::string& extra);

 private:
  void add_numbers(const offers& all, const candidate* chosen, double propensity);
  void add_refusal(const offers& all,
                   const std::string& customer,
                   const candidate& c,
                   const std::string& reason);

  std::shared_ptr<table> decisions_, refusals_, budget_;
  money_words money_;
  std::int64_t treated_ = 0, held_out_ = 0;
};

}  // namespace clv::retention
