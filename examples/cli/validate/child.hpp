// A check in a process of its own, which a crash, a hang or an exit() ends alone.
#pragma once

#include <string>

#include "check.hpp"

namespace cli {

struct child_options {
  const subject* about;
  int seconds = 30;  // for all of a check
};

// Runs this command again for one check. Whatever the process leaves behind is ended, too. Throws
// failure when no process can be started, or Ctrl-C was pressed.
class check_runner {
 public:
  explicit check_runner(const child_options& o);
  ~check_runner();
  check_runner(const check_runner&) = delete;
  check_runner& operator=(const check_runner&) = delete;
  finding run(const plugin_check& check) const;

 private:
  finding run_once(const plugin_check& check) const;

  child_options options_;
  int customers_ = -1;  // an unnamed file that children read
};

// What the command does as such a child: the check's customers come from one descriptor, what was
// found goes to another.
int run_as_child(const plugin_check& check, subject about);

}  // namespace cli
