// Ctrl-C as a question that is asked between two steps of a job.
#pragma once

namespace cli {

// From now on SIGINT and SIGTERM only set a flag; the third one ends the process.
void watch_interrupts();
bool interrupted();

}  // namespace cli
