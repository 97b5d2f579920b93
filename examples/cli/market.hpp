// A simulated market as files: what a CRM would have, and the truth only the simulator knows.
#pragma once

#include <string>
#include <vector>

namespace cli {

struct market_request {
  std::string out_dir;
  std::vector<std::string> options;  // of report market, NAME=VALUE
  bool json = false;
};

// Writes one CSV file per table of report "market" into out_dir; returns an exit_status.
int write_market(const market_request& o);

}  // namespace cli
