// The tables "decisions", "refusals", "budget" and "resources", filled row by row. [one]
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "clv/job.hpp"
#include "retention/deciding/candidate.hpp"
#include "retention/deciding/chain.hpp"
#include "retention/deciding/offers.hpp"

namespace clv::retention {

// What a run came to beside its rows.
struct run_totals {
  std::optional<double> limit;  // of cash
  double spent = 0;
  double bound = 0;
  std::optional<double> lever_cost;
  std::vector<double> limits, used;  // per resource of the rules
};

class decision_tables {
 public:
  decision_tables(const offers& all, const run_rules& rules);

  // One row of "decisions" but for its receipt, and one of "refusals" for each candidate that was
  // not chosen.
  // `planned`: given by the allocation, not drawn.
  void add(std::size_t row, const verdict& v, std::span<const candidate> candidates, bool planned);
  // Net of what the allocation gave, holdouts of an action included.
  double planned_net() const;
  void add_receipt(const std::string& text, const std::string& previous, const chain_link& chained);
  void add_totals(const run_totals& totals);
  // Makes room for all `rows` of the run, judging by those that are there: a text that grows to
  // gigabytes by doubling is there three times over while it moves.
  void make_room(std::size_t rows);
  // Seals them over `extra` and moves them to the result. Call once, at the end.
  void seal_into(outcome& result, const std::string& extra);

 private:
  std::string reason_of(const verdict& v,
                        std::span<const candidate> candidates,
                        std::size_t i) const;
  void add_chosen(const verdict& v, std::span<const candidate> candidates);
  void add_numbers(const candidate* chosen);
  void add_refusal(const std::string& customer, const candidate& c, const std::string& reason);
  void add_resources(const run_totals& totals);

  const offers* all_;
  const run_rules* rules_;
  std::shared_ptr<table> decisions_, refusals_, budget_, resources_;
  money_words money_;
  std::vector<double> earned_;   // net of each action taken
  std::vector<double> planned_;  // of each the allocation gave
  std::int64_t held_out_ = 0, explored_ = 0;
};

}  // namespace clv::retention
