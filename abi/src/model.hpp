// clv_model: a fitted model, immutable and shared.
#pragma once

#include <memory>
#include <utility>

#include "clv.h"
#include "clv/score.hpp"
#include "handle.hpp"

struct clv_model : clv::abi::handle<clv::abi::handle_kind::model> {
  explicit clv_model(std::shared_ptr<const clv::fitted_model> made) : core(std::move(made)) {}

  std::shared_ptr<const clv::fitted_model> core;
  mutable clv::prepared_models prepared{};  // for those who score a row at a time
};
