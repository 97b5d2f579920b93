// clv_model: a fitted model, immutable and shared.
#pragma once

#include <memory>

#include "clv.h"
#include "clv/fit.hpp"

struct clv_model {
  std::shared_ptr<const clv::fitted_model> core;
};
