// Where every clock stands, and for one ticket how its due times come about.
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "desk/clocks/clock_explanation.hpp"
#include "desk/clocks/clock_pass.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 4> inputs{
    {events_input, identities_input, segments_input, clock_events_input}};
constexpr std::array<report_option, 4> option_rows{
    {desk_option,
     as_of_option,
     {"ticket", "", "only this ticket, with all its clocks, and how they are counted"},
     {"active", "true", "only clocks that have not ended; with ticket: false"}}};
constexpr std::array<report_output, 2> outputs{
    {{"",
      "ticket,customer,clock,state,active,started,due,ended,target_minutes,elapsed_minutes,"
      "remaining_minutes,policy,calendar,tier,frozen"},
     {"explanation", "clock,started,day,from,to,minutes,reason"}}};

// The rules may have other policies by now.
std::string recorded_policy(const clock_pass& pass, const ticket& t, const ticket_clock& c) {
  return pass.view().said_of(t).result(c.kind, c.started)->policy;
}

class clocks_work {
 public:
  clocks_work(desk_call asked, std::shared_ptr<outcome> result)
      : pass_(std::move(asked)),
        one_(pass_.given().text("ticket", "")),
        only_active_(pass_.given().flag("active", !pass_.given().has("ticket"))),
        result_(std::move(result)) {}

  double read();
  double look();

 private:
  void write(const ticket& t, const traced_clocks& traced);
  void write(const ticket& t, const traced_clocks& traced, std::size_t at);
  void write_one();
  void finish();

  clock_pass pass_;
  std::string one_;
  bool only_active_;
  std::shared_ptr<outcome> result_;
  report_writer rows_{{{"ticket", type::utf8},
                       {"customer", type::utf8},
                       {"clock", type::utf8},
                       {"state", type::utf8},
                       {"active", type::i64},
                       {"started", type::time, "us"},
                       {"due", type::time, "us"},
                       {"ended", type::time, "us"},
                       {"target_minutes", type::f64},
                       {"elapsed_minutes", type::f64},
                       {"remaining_minutes", type::f64},
                       {"policy", type::utf8},
                       {"calendar", type::utf8},
                       {"tier", type::utf8},
                       {"frozen", type::i64}}};
  clock_explanation explanation_;
};

double clocks_work::read() {
  const double done = pass_.read(result_->notes);
  if (one_.empty()) pass_.say_without_policies(result_->notes);  // else it is said of the ticket
  return done;
}

void clocks_work::write(const ticket& t, const traced_clocks& traced, std::size_t at) {
  const ticket_clock& c = traced.view.clocks[at];
  const std::string policy = c.frozen ? recorded_policy(pass_, t, c) : traced.view.policy->name;
  // Under which calendar a recorded result was counted is not recorded.
  rows_.row(t.id,
            t.customer,
            clock_names[static_cast<std::size_t>(c.kind)],
            clock_state_names[static_cast<std::size_t>(c.state)],
            std::int64_t{c.active},
            c.started,
            c.due,
            c.ended,
            minutes_of(c.target_us),
            minutes_of(c.elapsed_us),
            minutes_of(c.target_us - c.elapsed_us),
            word(policy),
            c.frozen ? std::nullopt : word(traced.rules.calendar->name()),
            word(traced.view.tier),
            std::int64_t{c.frozen});
}

void clocks_work::write(const ticket& t, const traced_clocks& traced) {
  for (std::size_t at = 0; at < traced.view.clocks.size(); ++at) {
    if (traced.view.clocks[at].active || !only_active_) write(t, traced, at);
  }
}

// A ticket without clocks is answered too: why it has none.
void clocks_work::write_one() {
  const ticket* t = pass_.view().book.find(one_);
  if (t == nullptr) {
    pass_.given().refuse("ticket", "a ticket that table 'ticket_events' has at as_of");
  }
  const traced_clocks traced = pass_.trace(*t);
  write(*t, traced);
  for (std::size_t at = 0; at < traced.view.clocks.size(); ++at) {
    if (traced.view.clocks[at].active || !only_active_) explanation_.add(traced, at);
  }
  const std::string why = why_no_clock(*t, traced);
  if (why.empty()) return;
  result_->notes.push_back({.code = status::ok, .level = log_level::info, .message = why});
}

double clocks_work::look() {
  double done = 1;
  if (pass_.given().has("ticket")) {
    write_one();
  } else {
    done = pass_.each([this](const ticket& t, const traced_clocks& traced) { write(t, traced); });
  }
  if (done >= 1) finish();
  return done;
}

void clocks_work::finish() {
  result_->tables[""] = rows_.sealed(pass_.seal());
  result_->tables["explanation"] = explanation_.sealed(pass_.seal());
}

job begin(report_inputs in, std::string_view options_json) {
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<clocks_work>(
      desk_call("desk_clocks", std::move(in), options_json, option_rows), result);
  return {
      {{"tickets", [work] { return work->read(); }}, {"clocks", [work] { return work->look(); }}},
      result};
}

}  // namespace

constinit const report desk_clocks_report{
    .name = "desk_clocks",
    .summary = "First response, next response and resolution clocks of tickets in business time",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
