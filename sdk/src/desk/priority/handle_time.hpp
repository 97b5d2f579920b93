// How long a ticket will take an agent: complexity as expected minutes. reference: sdk/DESK.md,
// Priority. [any] Immutable once learnt.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "desk/priority/handle_model.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv::desk {

// Never less is left: even a ticket that is only to be closed takes a minute.
inline constexpr double least_minutes_left = 1;
inline constexpr double default_handle_minutes = 15;

struct handle_estimate {
  double minutes = 0;       // expected in all, > 0
  double done = 0;          // already spent
  double left = 0;          // expected still to come, > 0: what the index divides by
  std::string_view source;  // "category", "global", "policy": which level answered
};

// What the model reads of a ticket; its category is borrowed.
handle_case case_of(const ticket& t);
// Those that a model learns from: resolved or closed, with minutes. How long a ticket was open says
// nothing of how long somebody worked on it, so resolution times are no substitute.
std::vector<handle_case> finished_cases(const ticket_book& book);

class handle_times {
 public:
  // Learns from finished_cases(book); `fallback` minutes when there are fewer than
  // handle_model::least_cases.
  handle_times(const ticket_book& book, double fallback);
  // "category": the ticket's category has finished tickets, and categories differ. "global": it has
  // none, or they do not. Left is E[H - done | H > done]. "policy": only a mean is known, and of
  // all distributions with that mean the least is claimed by the exponential (largest entropy),
  // which forgets what was spent: left is the fallback itself.
  handle_estimate of(const ticket& t) const;
  const handle_model& model() const;

 private:
  struct state;
  std::shared_ptr<const state> state_;
};

}  // namespace clv::desk
