// `clvd token add|list|revoke`: the file of tokens, edited.
#pragma once

namespace clvd {

// The words after "clvd"; argv[0] is "token". Prints to standard output: the new token once, and
// nowhere else. Returns the exit status. Throws start_error.
int token_command(int argc, char** argv);

}  // namespace clvd
