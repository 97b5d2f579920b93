// Ctrl-C as a question that is asked between two steps of a job.
#pragma once

namespace cli {

// From now on the first SIGINT or SIGTERM says so on standard error and sets a flag; a later one
// ends the process with status 128 + its number.
void watch_interrupts();
bool interrupted();

}  // namespace cli
