// A log of tickets written line by line on a wall clock, and the clocks and reports on it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/schema.hpp"
#include "desk/clocks/clock.hpp"
#include "desk/clocks/recorded_clocks.hpp"
#include "desk/reports.hpp"
#include "support/reports.hpp"

namespace clv::test {

struct event_words {
  std::string ticket = "t1", agent = {}, severity = {}, channel = {}, into = {};
  bool automatic = false;
};

class clock_case {
 public:
  explicit clock_case(std::string desk_json, std::string_view zone_name = "UTC")
      : desk_(std::move(desk_json)), local_(zone_name) {}

  // "2026-03-02T10:00" on the wall of the case's zone.
  std::int64_t at(std::string_view when) const { return parse_time(when, local_).value(); }

  clock_case& event(std::string_view when, std::string_view kind, const event_words& w = {}) {
    return event_at(at(when), kind, w);
  }
  clock_case& event_at(std::int64_t when, std::string_view kind, const event_words& w = {}) {
    log_ += w.ticket + ",cara," + format_time(when) + "," + std::string(kind) + "," + w.agent +
            "," + w.severity + "," + w.channel + "," + w.into + "," + (w.automatic ? "1" : "0") +
            "\n";
    return *this;
  }

  void set_desk(std::string desk_json) { desk_ = std::move(desk_json); }
  void set_tier(std::string_view tier) {
    segments_ =
        table_of("customer,scheme,segment\ncara,value," + std::string(tier) + "\n", "segments");
  }
  // What desk_due said is recorded.
  void record(const outcome& said) { recorded_ = said.tables.at(""); }

  std::shared_ptr<const table> events() const {
    return table_of("ticket,customer,time,kind,agent,severity,channel,into,automatic\n" + log_,
                    "ticket_events");
  }
  desk::clock_view clocks(std::string_view now, std::string_view ticket = "t1") const {
    const auto book = desk::read_tickets(events(), nullptr, at(now));
    const auto policy = desk::read_desk_policy(desk_);
    const desk::ticket* t = book.find(ticket);
    if (t == nullptr) return {};
    desk::clock_view view = desk::clocks_of(
        *t, policy, segments_ ? segments_->find("segment")->text(0) : "", said(now).get(), at(now));
    view.policy = nullptr;  // that of a policy which is gone by now
    return view;
  }
  // The clock of that kind, its last run; fails when there is none.
  desk::ticket_clock clock(desk::clock_kind kind, std::string_view now) const {
    const auto runs = all(kind, now);
    EXPECT_FALSE(runs.empty()) << "no clock of this kind";
    return runs.empty() ? desk::ticket_clock() : runs.back();
  }
  std::vector<desk::ticket_clock> all(desk::clock_kind kind, std::string_view now) const {
    std::vector<desk::ticket_clock> found;
    for (const desk::ticket_clock& c : clocks(now).clocks) {
      if (c.kind == kind) found.push_back(c);
    }
    return found;
  }

  outcome explained(std::string_view now) const {
    return run(desk_clocks_report, now, R"("ticket":"t1")");
  }
  outcome run(const report& r, std::string_view now, const std::string& options = "") const {
    report_inputs in;
    in.tables["ticket_events"] = events();
    if (segments_) in.tables["segments"] = segments_;
    if (recorded_) in.tables["clock_events"] = recorded_;
    return run_report(r,
                      std::move(in),
                      R"({"as_of":")" + format_time(at(now)) + R"(","desk":)" + desk_ +
                          (options.empty() ? "" : "," + options) + "}");
  }

  // The instant as the wall of the case's zone shows it.
  std::string wall(std::int64_t us) const {
    const std::string text = format_time(local_.to_civil(us));
    return text.substr(0, text.size() - 4);  // without seconds and Z
  }
  std::string wall(const std::optional<std::int64_t>& us) const { return us ? wall(*us) : "none"; }

  // "2026-03-02T13:00 first_response warning" of each row of desk_due.
  std::vector<std::string> lines(const outcome& said) const {
    std::vector<std::string> out;
    const table& t = *said.tables.at("");
    for (std::size_t row = 0; row < t.rows(); ++row) {
      out.push_back(wall(t.find("time")->integers()[row]) + " " +
                    std::string(t.find("clock")->text(row)) + " " +
                    std::string(t.find("kind")->text(row)));
    }
    return out;
  }
  std::vector<std::string> due(std::string_view now, const std::string& options = "") const {
    return lines(run(desk_due_report, now, options));
  }

 private:
  std::unique_ptr<desk::recorded_clocks> said(std::string_view now) const {
    if (!recorded_) return nullptr;
    return std::make_unique<desk::recorded_clocks>(*recorded_, at(now));
  }

  std::string desk_;
  zone local_;
  std::string log_;
  std::shared_ptr<const table> segments_, recorded_;
};

// Rules with one calendar: week is the JSON of its hours, `more` the rest of it, policy the members
// of the only policy but its name.
inline std::string one_policy(const std::string& zone_name,
                              const std::string& week,
                              const std::string& policy,
                              const std::string& more = "") {
  return R"({"format":"clv.desk/1","calendars":{"office":{"time_zone":")" + zone_name +
         R"(","week":{)" + week + "}" + (more.empty() ? "" : "," + more) +
         R"(}},"calendar":"office","policies":[{"name":"standard",)" + policy + "}]}";
}

inline std::string days(const std::vector<std::string>& names, const std::string& hours) {
  std::string out;
  for (const std::string& name : names) {
    out += (out.empty() ? "\"" : ",\"") + name + R"(":[)" + hours + "]";
  }
  return out;
}
inline std::string weekdays(const std::string& hours) {
  return days({"mon", "tue", "wed", "thu", "fri"}, hours);
}
inline std::string every_day(const std::string& hours) {
  return days({"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, hours);
}

inline constexpr std::int64_t minute = 60'000'000;

}  // namespace clv::test
