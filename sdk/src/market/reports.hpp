// The reports of this room; the table is engine/reports.cpp. One line per row, one file per row.
#pragma once

#include "clv/report.hpp"

namespace clv {

}  // namespace clv
