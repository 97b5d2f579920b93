// What has to be said now about tickets and was not said before: rows of clock_events, to be
// recorded.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "desk/clocks/clock_pass.hpp"
#include "desk/clocks/due_events.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"
#include "desk/tickets/event_log.hpp"
#include "desk/tickets/holder.hpp"
#include "desk/tickets/named_customer.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 4> due_report_inputs{
    {events_input, identities_input, segments_input, clock_events_input}};
constexpr std::array<report_option, 3> due_report_option_rows{
    {desk_option,
     as_of_option,
     {"since", "", "an instant: warnings and breaches before it are left out, results never"}}};
constexpr std::array<report_output, 1> due_report_outputs{
    {{"",
      "ticket,customer,time,clock,kind,due,started,elapsed_minutes,target_minutes,agent,policy,"
      "event_id",
      "clock_events"}}};

struct due_row {
  due_event what;
  const ticket* of = nullptr;
  const sla_policy* policy = nullptr;
};

bool earlier(const due_row& a, const due_row& b) {
  const auto key = [](const due_row& r) {
    return std::tuple(r.what.time,
                      std::string_view(r.of->id),
                      r.what.clock,
                      r.what.started,
                      r.what.word,
                      -r.what.before_us);
  };
  return key(a) < key(b);
}

// Whom it is about, as it was then: who answered, else who had the ticket.
std::string_view agent_then(const table& events, const due_row& r) {
  const column* agents = events.find("agent");
  holder now;
  for (const ticket_event& e : r.of->events) {
    if (e.time > r.what.time) break;
    now.follow(e, event_columns::text(agents, e.row));
  }
  const bool is_result = r.what.word == clock_word::hit || r.what.word == clock_word::missed;
  return now.acting(is_result ? event_columns::text(agents, r.what.row) : std::string_view());
}

class due_work {
 public:
  due_work(desk_call asked, std::shared_ptr<outcome> result)
      : pass_(std::move(asked)), result_(std::move(result)) {
    const settings& given = pass_.given();
    if (!given.has("since")) return;
    since_ = parse_time(given.text("since", ""), zone("UTC"));
    if (!since_) given.refuse("since", "a date, or a date with a clock, like 2026-03-01T09:00Z");
  }

  double read();
  double look();
  double write();

 private:
  void take(const ticket& t, const traced_clocks& traced);
  void write(const due_row& r);
  bool is_too_old(const due_event& e) const;
  void say_what_is_left_out();

  clock_pass pass_;
  std::shared_ptr<outcome> result_;
  std::optional<std::int64_t> since_;
  std::vector<due_row> found_;
  std::vector<due_event> of_ticket_;
  std::size_t warnings_left_out_ = 0, breaches_left_out_ = 0, written_ = 0;
  report_writer rows_{{{"ticket", type::utf8},
                       {"customer", type::utf8},
                       {"time", type::time, "us"},
                       {"clock", type::utf8},
                       {"kind", type::utf8},
                       {"due", type::time, "us"},
                       {"started", type::time, "us"},
                       {"elapsed_minutes", type::f64},
                       {"target_minutes", type::f64},
                       {"agent", type::utf8},
                       {"policy", type::utf8},
                       {"event_id", type::utf8}}};
};

double due_work::read() {
  const double done = pass_.read(result_->notes);
  pass_.say_without_policies(result_->notes);
  return done;
}

bool due_work::is_too_old(const due_event& e) const {
  return since_ && e.time < *since_ &&
         (e.word == clock_word::warning || e.word == clock_word::breach);
}

void due_work::take(const ticket& t, const traced_clocks& traced) {
  of_ticket_.clear();
  append_due(traced, pass_.view().said_of(t), of_ticket_);
  for (const due_event& e : of_ticket_) {
    if (is_too_old(e)) {
      ++(e.word == clock_word::warning ? warnings_left_out_ : breaches_left_out_);
    } else {
      found_.push_back({e, &t, traced.view.policy});
    }
  }
}

double due_work::look() {
  return pass_.each([this](const ticket& t, const traced_clocks& traced) { take(t, traced); });
}

void due_work::say_what_is_left_out() {
  if (warnings_left_out_ + breaches_left_out_ == 0) return;
  result_->notes.push_back({.code = status::ok,
                            .level = log_level::info,
                            .message = std::to_string(warnings_left_out_) + " warnings and " +
                                       std::to_string(breaches_left_out_) + " breaches before " +
                                       format_time(*since_) + " are left out",
                            .hint = "run it once without since to have them all"});
}

void due_work::write(const due_row& r) {
  rows_.row(r.of->id,
            named_customer(pass_.view().book, *r.of),
            r.what.time,
            clock_names[static_cast<std::size_t>(r.what.clock)],
            clock_words[static_cast<std::size_t>(r.what.word)],
            r.what.due,
            r.what.started,
            minutes_of(r.what.elapsed_us),
            minutes_of(r.what.target_us),
            word(agent_then(*pass_.view().book.rows, r)),
            r.policy->name,
            event_id_of(r.of->id, r.what));
}

double due_work::write() {
  if (written_ == 0) std::sort(found_.begin(), found_.end(), earlier);
  const std::size_t end = std::min(found_.size(), written_ + clock_pass::per_step);
  for (; written_ < end; ++written_) write(found_[written_]);
  if (written_ < found_.size()) {
    return static_cast<double>(written_) / static_cast<double>(found_.size());
  }
  result_->tables[""] = rows_.sealed(pass_.seal());
  say_what_is_left_out();
  return 1;
}

job due_report_begin(report_inputs in, std::string_view options_json) {
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<due_work>(
      desk_call("desk_due", std::move(in), options_json, due_report_option_rows), result);
  return {{{"tickets", [work] { return work->read(); }},
           {"clocks", [work] { return work->look(); }},
           {"events", [work] { return work->write(); }}},
          result};
}

}  // namespace

constinit const report desk_due_report{
    .name = "desk_due",
    .summary = "Warnings, breaches and results of clocks that have not been recorded yet",
    .needs_model = false,
    .inputs = due_report_inputs,
    .options = due_report_option_rows,
    .outputs = due_report_outputs,
    .begin = due_report_begin,
};

}  // namespace clv
