// What is looked at before a start, and --check-config.
#pragma once

#include "config/options.hpp"

namespace clvd {

// Options that need others. Throws start_error{usage}.
void check_together(const options& o);

// Reads everything that a start would read: tokens, certificates, plugins (each is started once),
// the data folder and its stores. Serves nothing, writes to no store and makes none: what is not
// there yet is fine, but for a schema of --storage. Throws start_error: already_running when
// another clvd has the stores.
void check_config(const options& o);

}  // namespace clvd
