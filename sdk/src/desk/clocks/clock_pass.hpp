// What the reports on clocks share: the desk is read, then so many tickets are looked at per step.
#pragma once

#include <algorithm>
#include <utility>

#include "desk/clocks/clock_run.hpp"
#include "desk/desk_call.hpp"

namespace clv::desk {

// [one]
class clock_pass {
 public:
  static constexpr std::size_t per_step = 2048;  // tickets or rows: some milliseconds

  explicit clock_pass(desk_call asked) : asked_(std::move(asked)) {}

  const settings& given() const { return asked_.given; }
  const std::string& seal() const { return asked_.seal; }
  const desk_view& view() const { return view_; }

  // First phase: tables to tickets; says in `notes` how many rows were set aside.
  double read(issues& notes);
  // A note for who has forgotten the rules, after read().
  void say_without_policies(issues& notes) const;
  traced_clocks trace(const ticket& t) const;

  // Second phase: visit(ticket, its traced clocks) for some of them; 1 after the last.
  template <class Visit>
  double each(const Visit& visit) {
    const auto& all = view_.book.tickets;
    const std::size_t end = std::min(all.size(), next_ + per_step);
    for (; next_ < end; ++next_) visit(all[next_], trace(all[next_]));
    return next_ == all.size() ? 1.0 : static_cast<double>(next_) / static_cast<double>(all.size());
  }

 private:
  desk_call asked_;
  desk_view view_;
  std::size_t next_ = 0;
};

}  // namespace clv::desk
