// How long a new customer of a model is alive within some time. [any] Pure.
#pragma once

#include "clv/model.hpp"

namespace clv {

// int_0^t S(u) du, S the model's survival: expected time alive within (0, t]; of a discrete model
// the sum of S(1) ... S(t). 8-point Gauss-Legendre on panels that double from t/1024 on: S falls
// fastest at 0. Relative error <= 1e-9 where S is a mixture of exponentials (lifetime_test).
double expected_lifetime(const model& m, values p, double t);

// int_0^t e^{-delta u} S(u) du, the same way; of a discrete model the sum of S(k) (1+delta)^-k.
double discounted_lifetime(const model& m, values p, double t, double delta);

}  // namespace clv
