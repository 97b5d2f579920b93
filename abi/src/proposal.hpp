// One proposal of a plugin: checked, copied, and written to the core's table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "clv_plugin.h"
#include "manifest.hpp"

namespace clv::abi {

struct kept_proposal {
  clv_proposal numbers;  // its pointers are not used
  std::string action, channel, reason;
  std::string category, benefit_kind, resource, message;  // "" = not stated
};

// Who proposes, and what it was granted to read, as a comma list.
struct proposed_by {
  const std::string& plugin;
  const std::string& reads;
};

// A copy of *in. Throws error (invalid, unsupported) saying what is wrong with it; `rows` is the
// length of the batch the plugin was given.
kept_proposal check_proposal(const clv_proposal* in, const manifest& m, std::int64_t rows);

// Appends to a table that has the columns of schema "proposals"; the plugin's row is counted from
// row `first` of the scores.
void append_proposal(const kept_proposal& p, const proposed_by& who, std::size_t first, table& to);

}  // namespace clv::abi
