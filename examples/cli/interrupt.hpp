// Ctrl-C as a question that is asked between two steps of a job.
#pragma once

namespace cli {

// From now on the first SIGINT or SIGTERM only sets a flag; a second one ends the process.
void watch_interrupts();
bool interrupted();

}  // namespace cli
