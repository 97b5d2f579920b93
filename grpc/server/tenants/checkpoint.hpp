// A checkpoint of a store's write-ahead log that no commit asked for.
#pragma once

#include <string>

namespace clvd {

// Copies what it can into the store file and, where that was everything, gives the log's space
// back. False: a reader or a writer was in the way; it waits for none. The process must have the
// store open already. Throws call_error.
bool checkpoint(const std::string& store);

}  // namespace clvd
