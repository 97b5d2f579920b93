// Which agent should take which of the tickets that nobody has.
#include <array>

#include "data/report_tables.hpp"
#include "desk/reports.hpp"
#include "desk/routing/matching.hpp"
#include "desk/routing/shift.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr const char* name = "desk_assign";
constexpr std::array<report_input, 7> inputs{{events_input,
                                              agents_input,
                                              identities_input,
                                              scores_input,
                                              segments_input,
                                              feedback_input,
                                              clock_events_input}};
constexpr std::array<report_option, 4> option_rows{
    {desk_option,
     as_of_option,
     mode_option,
     {"tickets", "1000", "only so many tickets, the first in the order of work"}}};
constexpr std::array<report_output, 3> outputs{
    {{"", "ticket,customer,agent,rank,fit,skill,load,relationship,satisfaction,index,reason"},
     {"unassigned", "ticket,customer,rank,code,reason"},
     recorded_events_output}};

// The work in phases: read, match (stepped), write.
class assign_run {
 public:
  explicit assign_run(desk_call asked)
      : asked_(std::move(asked)),
        mode_(read_match_mode(asked_.given)),
        most_(static_cast<std::size_t>(asked_.given.number_in("tickets", 1000, 1, 1e5))) {}

  double read();
  double advance() { return matching_->advance(); }
  void write(outcome& out) const;

 private:
  desk_call asked_;
  match_mode mode_;
  std::size_t most_;
  std::unique_ptr<shift> shift_;
  std::vector<ticket_index> waiting_;  // nobody has them, in the order of work
  std::vector<std::size_t> rank_;      // among all that wait for us
  std::optional<matching> matching_;
};

double assign_run::read() {
  shift_ = read_shift(asked_);
  remember(*shift_, asked_.in);
  std::size_t rank = 0;
  for (const ticket_index& x : rank_tickets(shift_->view)) {
    ++rank;
    if (!shift_->view.book.tickets[x.ticket].agent.empty()) continue;
    waiting_.push_back(x);
    rank_.push_back(rank);
  }
  std::vector<demand> demands;
  for (std::size_t i = 0; i < waiting_.size() && i < most_; ++i) {
    demands.push_back(demand_of(*shift_, waiting_[i]));
  }
  matching_.emplace(*shift_->who, std::move(demands), mode_);
  return 1;
}

void assign_run::write(outcome& out) const {
  report_writer main({{"ticket", type::utf8},
                      {"customer", type::utf8},
                      {"agent", type::utf8},
                      {"rank", type::i64},
                      {"fit", type::f64},
                      {"skill", type::f64},
                      {"load", type::f64},
                      {"relationship", type::f64},
                      {"satisfaction", type::f64},
                      {"index", type::f64},
                      {"reason", type::utf8}});
  report_writer nobody({{"ticket", type::utf8},
                        {"customer", type::utf8},
                        {"rank", type::i64},
                        {"code", type::utf8},
                        {"reason", type::utf8}});
  assignment_events events(*shift_);
  const no_match later{"LATER",
                       "it is not among the first " + std::to_string(most_) +
                           " tickets without an agent in the order of work"};
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const ticket& t = shift_->view.book.tickets[waiting_[i].ticket];
    const auto rank = static_cast<std::int64_t>(rank_[i]);
    if (i >= most_ || !matching_->of(i)) {
      const no_match& why = i >= most_ ? later : matching_->why_not(i);
      nobody.row(t.id, t.customer, rank, why.code, why.reason);
      continue;
    }
    const desk::match& m = *matching_->of(i);
    const agent& who = shift_->who->agents()[m.agent];
    const fit_parts& p = m.parts;
    main.row(t.id,
             t.customer,
             who.id,
             rank,
             p.fit(),
             p.skill,
             p.load,
             p.relationship,
             p.satisfaction,
             waiting_[i].index,
             m.reason);
    events.assigned(t, who, true);
  }
  out.tables[""] = main.sealed(asked_.seal);
  out.tables["unassigned"] = nobody.sealed(asked_.seal);
  out.tables["events"] = events.sealed(asked_.seal);
}

job begin(report_inputs in, std::string_view options_json) {
  return desk_job(
      "match",
      std::make_shared<assign_run>(desk_call(name, std::move(in), options_json, option_rows)));
}

}  // namespace

constinit const report desk_assign_report{
    .name = name,
    .summary = "Which agent should take which ticket that nobody has, and why, or why nobody can",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
