// A due time as a person counts it: hours that count, days that do not, pauses. [one]
#pragma once

#include <memory>
#include <string>

#include "data/report_tables.hpp"
#include "desk/clocks/clock_run.hpp"

namespace clv::desk {

// Table: clock, started, day, from, to, minutes (that count), reason.
class clock_explanation {
 public:
  // The steps of traced.runs[at], up to its end, and of one that runs up to its due time.
  void add(const traced_clocks& traced, std::size_t at);
  std::shared_ptr<const table> sealed(const std::string& extra) { return rows_.sealed(extra); }

 private:
  void count(const clock_run& run, const business_calendar& by, span_of_time within);
  void stand(const clock_run& run, const business_calendar& by, const clock_stretch& s);

  report_writer rows_{{{"clock", type::utf8},
                       {"started", type::time, "us"},
                       {"day", type::utf8},
                       {"from", type::time, "us"},
                       {"to", type::time, "us"},
                       {"minutes", type::f64},
                       {"reason", type::utf8}}};
};

// Why a ticket has no clock that runs, as a sentence; "" when it has one.
std::string why_no_clock(const ticket& t, const traced_clocks& traced);

}  // namespace clv::desk
