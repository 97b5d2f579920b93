// A data folder remembers which storage its tenants' stores are in, so that a start without it does
// not make empty stores beside the real ones.
#pragma once

#include "config/options.hpp"

namespace clvd {

// Throws start_error: the folder of --data is another storage's.
void check_storage_mark(const options& o);
// Writes it where --storage is given; the folder is this process's by now. Throws start_error.
void leave_storage_mark(const options& o);

}  // namespace clvd
