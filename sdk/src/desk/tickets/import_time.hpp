// Instants as other systems write them. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "clv/time.hpp"

namespace clv::desk {

enum class date_order { ymd, dmy, mdy };

// "2023-06-01 7:29", "29-02-2016 01:16", "2/29/2016 1:16:05": three numbers in that order between
// '-', '/' or '.', the year with four digits, and a clock if there is one, one or two digits each;
// else what parse_time takes. Civil time in `local` unless an offset is given. nullopt when it is
// no such instant: 29-02-2017, 25:00, a duration.
std::optional<std::int64_t> parse_import_time(std::string_view text,
                                              date_order order,
                                              const zone& local);

}  // namespace clv::desk
