// A plugin in this process: for files whose SHA-256 the operator has listed, who accepts that its
// crash is the server's, and that one which hangs holds its call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/home.hpp"

namespace clvd::plugins {

struct trusted_setup {
  std::string path;                 // absolute
  std::string config_json;          // "" = {}
  std::string grant;                // "" = all it reads
  std::vector<std::string> sha256;  // digests that may be loaded, 64 hex digits
};

class trusted_home final : public home {
 public:
  trusted_home(trusted_setup setup, const ticks& clock);
  ~trusted_home() override;

  const char* name() const override { return "trusted"; }
  description start(const patience& until) override;
  std::unique_ptr<home_answer> propose(const run_input& input) override;
  void check(const patience& /*until*/) override {}
  bool running() const override { return plugins_ != nullptr; }
  // The next start reads the file anew.
  void stop() override {
    plugins_.reset();
    file_.clear();
  }

 private:
  struct free_plugins {
    void operator()(clv_plugins* p) const { clv_plugins_free(p); }
  };
  const trusted_setup setup_;
  const ticks& clock_;
  std::string file_;  // path of the sealed copy that is loaded; "" = none yet
  std::unique_ptr<clv_plugins, free_plugins> plugins_;
  std::string id_;

  void open_listed_file();
};

}  // namespace clvd::plugins
