// Gives tickets to agents and says why, or why nobody. reference: sdk/DESK.md, Assignment. [one]
//
// Batch, over the places of all agents at once (min_cost.hpp):
//
//   worth of ticket i with agent a = urgency_i x (1 + load + satisfaction + fit_ia)
//
// with the weights of load and satisfaction added so that every allowed pair is worth more than 0:
// a ticket without an agent is worth 0, so nobody who fits is left idle while a ticket waits. The
// load in fit_ia is that of the place: the k-th ticket finds a fuller desk than the first. Tickets
// beyond the bound come before all worth. Urgencies are taken to 2^-24 of the largest, fits to
// 2^-20 of the largest there can be; between these whole numbers the assignment is exact.
// Online: each ticket in its order takes the best agent that is left.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "desk/routing/fit.hpp"
#include "desk/routing/min_cost.hpp"

namespace clv::desk {

enum class match_mode : std::uint8_t { batch, online };
// Option "mode"; throws error{invalid}.
match_mode read_match_mode(const settings& given);
inline constexpr report_option mode_option{
    "mode", "\"batch\"", "batch: the best for all tickets together; online: one after the other"};

struct match {
  std::size_t agent = 0;
  fit_parts parts;
  std::string reason;
};
struct no_match {
  std::string code, reason;
};

class matching {
 public:
  // `demands` in the order of work. `who` outlives this and has what is given in hand afterwards.
  matching(staff& who, std::vector<demand> demands, match_mode mode);

  // A bounded part of the work; how much is done, in [0, 1]; 1: finished.
  double advance();
  const std::vector<demand>& demands() const { return demands_; }
  // Of the finished one.
  const std::optional<match>& of(std::size_t i) const { return given_[i]; }
  const no_match& why_not(std::size_t i) const { return nobody_[i]; }

 private:
  void look_at(std::size_t i);
  void choose(std::size_t i);
  void offer(std::size_t i);
  std::uint32_t pool_for(std::size_t agent, const demand& d);
  void set_tolls();
  void settle(std::size_t i);
  std::string reason_for(const demand& d, const match& m, std::size_t able, bool best) const;

  staff* who_;
  std::vector<demand> demands_;
  match_mode mode_;
  std::vector<std::optional<match>> given_;
  std::vector<no_match> nobody_;
  std::vector<std::uint32_t> able_;  // agents who may take it
  std::vector<double> best_fit_;     // of them, at the start
  std::size_t looked_at_ = 0, settled_ = 0;
  double scale_ = 1, most_urgent_ = 0;
  place_problem problem_;
  std::vector<std::pair<std::size_t, std::string>> pools_;  // agent, channel
  by_text<std::uint32_t> pool_numbers_;
  std::vector<std::uint32_t> offers_of_pool_;
  std::unique_ptr<place_assignment> assignment_;
};

// Which rule left nobody: "3 agents speak de, all are at capacity on chat". Code: of the last rule
// that somebody failed; "NO_AGENTS" when there is none at all.
no_match nobody_because(const staff& who, const demand& d);

}  // namespace clv::desk
