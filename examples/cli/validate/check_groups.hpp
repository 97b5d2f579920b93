// The checks by what they are about; each group in a file of its own. Rows of all_checks().
#pragma once

#include <vector>

#include "check.hpp"

namespace cli {

std::vector<plugin_check> file_checks();     // what the file is, before anything runs
std::vector<plugin_check> entry_checks();    // whom it says it is
std::vector<plugin_check> answer_checks();   // what it says of customers
std::vector<plugin_check> conduct_checks();  // what it leaves alone

}  // namespace cli
