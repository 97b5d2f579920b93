#include "value/trust/months.hpp"

#include "clv/time.hpp"

namespace clv {

// Howard Hinnant, "chrono-compatible low-level date algorithms": eras of 400 years from 0000-03-01.
std::int64_t month_of(std::int64_t day) {
  const std::int64_t z = day + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t of_era = z - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  return 12 * (year + era * 400) + 2 + (5 * of_year + 2) / 153;  // March is month 2
}

std::int64_t first_day_of(std::int64_t month) {
  const std::int64_t from_march = month - 2;
  const std::int64_t year = (from_march >= 0 ? from_march : from_march - 11) / 12;
  const std::int64_t in_year = from_march - 12 * year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * in_year + 2) / 5 -
         719'468;
}

std::string format_month(std::int64_t month) {
  return format_day(first_day_of(month)).substr(0, 7);
}

}  // namespace clv
