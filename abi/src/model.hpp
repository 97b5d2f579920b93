// clv_model: a fitted model, immutable and shared.
#pragma once

#include <memory>

#include "clv.h"
#include "clv/score.hpp"

struct clv_model {
  std::shared_ptr<const clv::fitted_model> core;
  mutable clv::prepared_models prepared{};  // for those who score a row at a time
};
