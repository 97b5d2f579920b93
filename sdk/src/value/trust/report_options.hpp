// How the reports of this room read what several of them are asked: dates, and how to read a log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clv/report.hpp"
#include "clv/summary.hpp"
#include "data/settings.hpp"

namespace clv {

// The settings of a report: the names it declares are the known ones.
settings settings_of(const report& r, std::string_view options_json);

// The instant of a date option ("1997-09-30", in the zone of option time_zone); 0 when it is left
// out. Throws error{invalid} naming option and value.
std::int64_t instant_option(const settings& s, std::string_view name, const std::string& time_zone);

// Options unit, time_zone, currency, as_of and drop_zero_value, as far as the report declares them;
// what is left out is taken from `defaults`.
summarize_options log_options(const settings& s, summarize_options defaults = {});

// Throws error{invalid} naming the report unless the model counts purchases in continuous time, and
// error{unsupported} for one with covariates: the inputs of these reports have none.
void require_continuous(const fitted_model& m, std::string_view report);

}  // namespace clv
