// clv_engine: the core's engine and the flag that keeps a second thread out of it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "busy.hpp"
#include "clv.h"
#include "clv/engine.hpp"
#include "handle.hpp"

namespace clv::abi {

struct engine_state {
  explicit engine_state(const engine_options& o) : core(o), threads(o.threads) {}
  engine core;
  unsigned threads;  // what `threads = 0` in a verb's options stands for
  busy_flag busy;
  std::vector<std::unique_ptr<const std::string>> names;  // of models, as handed out
  std::unique_ptr<const request_answer> answer;           // the one that was handed out last
};

}  // namespace clv::abi

struct clv_engine : clv::abi::handle<clv::abi::handle_kind::engine> {
  explicit clv_engine(std::shared_ptr<clv::abi::engine_state> made) : state(std::move(made)) {}

  std::shared_ptr<clv::abi::engine_state> state;
};
