#include "math/random.hpp"

#include <bit>
#include <cmath>

#include "math/normal.hpp"

namespace clv {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

random_source::random_source(std::uint64_t seed, std::uint64_t index) {
  // The seed is hashed before the index is mixed in: streams (s, i+1) and (s+1, i) are unrelated.
  std::uint64_t state = seed;
  state = splitmix64(state) ^ index;
  state = splitmix64(state) + index;
  for (auto& word : state_) word = splitmix64(state);
}

std::uint64_t random_source::bits() {
  auto& s = state_;
  const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
  const std::uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = std::rotl(s[3], 45);
  return result;
}

double random_source::uniform() {
  return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52;
}

double random_source::normal() {
  return math::normal_quantile(uniform());
}

double random_source::exponential() {
  return -std::log(uniform());
}

double random_source::log_gamma_draw(double shape) {
  if (shape < 1) {
    const double larger = log_gamma_draw(shape + 1);  // a statement: the order of draws is fixed
    return larger + std::log(uniform()) / shape;
  }
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return std::log(d * v);
  }
}

double random_source::gamma(double shape, double rate) {
  return std::exp(log_gamma_draw(shape)) / rate;
}

double random_source::beta(double a, double b) {
  const double log_x = log_gamma_draw(a);
  const double log_y = log_gamma_draw(b);
  return 1 / (1 + std::exp(log_y - log_x));
}

}  // namespace clv
