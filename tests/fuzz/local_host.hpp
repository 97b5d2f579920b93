// clvd without its doors, in this process: the table of methods on a store of its own.
#pragma once

#include <string>

#include "calls/errors.hpp"
#include "doors/answer.hpp"

namespace clv::fuzz {

// One for the process; its store begins empty in a folder that goes away with the process. No
// plugin, one thread for jobs. Log lines are off.
clvd::host& local_host();

// The caller behind a Unix socket, who may do everything.
clvd::caller operator_of_host();

// Aborts when the refusal is a bug or says no reason.
void check_refusal(const clvd::call_error& error, const std::string& of);

}  // namespace clv::fuzz
