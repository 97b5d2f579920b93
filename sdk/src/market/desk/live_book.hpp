// The tickets of a running simulation as the desk's own fold would tell them: what read_tickets
// makes of the same events, kept up to date one by one, because the order of work is asked for at
// every instant. Of the finished tickets the latest stay, for handle times to be learnt from. [one]
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "desk/desk_view.hpp"
#include "market/desk/desk_run.hpp"

namespace clv::market_desk {

class live_book {
 public:
  static constexpr std::size_t finished_kept = 400;

  explicit live_book(const scenario& s);
  void happened(const sim_event& e);
  // As of `now`, with what the desk knows of the customers: estimates, no truth.
  const desk::desk_view& view(std::int64_t now);
  // Position in the book to position in the scenario.
  std::size_t ticket_at(std::size_t in_book) const;

 private:
  desk::ticket& find(std::size_t ticket);
  void create(const sim_event& e);
  void add_row(const sim_event& e);
  void forget_oldest();

  const scenario& s_;
  desk::desk_view view_;
  std::shared_ptr<table> rows_;
  std::vector<std::size_t> had_last_;    // ticket -> agent
  std::deque<std::size_t> finished_;     // tickets, in the order of their last resolutions
  desk::by_text<std::size_t> position_;  // id -> position in the scenario
};

}  // namespace clv::market_desk
