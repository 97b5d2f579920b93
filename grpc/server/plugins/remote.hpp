// A plugin behind an address on this machine: the gRPC service of clv.plugin.v1.
#pragma once

#include <memory>
#include <string>

#include "plugins/home.hpp"

namespace clvd::plugins {

struct remote_setup {
  std::string address;      // "unix:/path", "127.0.0.1:port", "[::1]:port", "localhost:port"
  std::string config_json;  // "" = {}
};

class remote_home final : public home {
 public:
  // Throws std::invalid_argument for an address that is not of this machine: columns of customers
  // do not leave it unencrypted.
  remote_home(remote_setup setup, const ticks& clock);
  ~remote_home() override;

  const char* name() const override { return "remote"; }
  description start(const patience& until) override;
  std::unique_ptr<home_answer> propose(const run_input& input) override;
  void check(const patience& until) override;
  bool running() const override { return stub_ != nullptr; }
  void stop() override;

 private:
  struct connection;
  const remote_setup setup_;
  const ticks& clock_;
  std::unique_ptr<connection> stub_;
  description says_;

  description describe(const patience& until);
};

}  // namespace clvd::plugins
