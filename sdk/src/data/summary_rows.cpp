#include "data/summary_rows.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "clv/error.hpp"
#include "data/limits.hpp"

namespace clv::data {
namespace {

std::string shortest(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

[[noreturn]] void fail(std::size_t row, const column& c, double value, const std::string& why) {
  throw error({.code = status::numeric,
               .row = static_cast<std::int64_t>(row),
               .column = c.name(),
               .message = "row " + std::to_string(row + 1) + ", column '" + c.name() +
                          "': " + shortest(value) + " " + why,
               .hint = "correct the row, or summarise the log again"});
}

// `n` where there is one: T of the same summary may be in days.
const column& opportunities(const table& summary) {
  return summary.get(summary.find("n") != nullptr ? "n" : "T", type::f64);
}

}  // namespace

summary_rows::summary_rows(const table& summary,
                           tuple_key key,
                           std::span<const std::string> covariates)
    : x_(summary.get("x", type::f64)),
      discrete_(key == tuple_key::opportunities || key == tuple_key::renewals) {
  if (key == tuple_key::spend) {
    mean_spend_ = &summary.get("mean_spend", type::f64);
  } else {
    T_ = discrete_ ? &opportunities(summary) : &summary.get("T", type::f64);
  }
  if (key == tuple_key::purchases || key == tuple_key::opportunities) {
    t_x_ = &summary.get("t_x", type::f64);
  }
  if (summary.find("weight") != nullptr) weight_ = &summary.get("weight", type::f64);
  if (key == tuple_key::purchases && summary.find("litt") != nullptr) {
    litt_ = &summary.get("litt", type::f64);
    if (!litt_->all_present()) litt_ = nullptr;
  }
  for (const std::string& name : covariates) covariates_.push_back(&summary.get(name, type::f64));
}

double summary_rows::number(const column& c, std::size_t row) {
  const double v = c.numbers()[row];
  if (!std::isfinite(v)) fail(row, c, v, "is not a finite number");
  if (!c.present(row)) {
    throw error(
        {.code = status::numeric,
         .row = static_cast<std::int64_t>(row),
         .column = c.name(),
         .message = "row " + std::to_string(row + 1) + ", column '" + c.name() + "': is empty",
         .hint = "give it a number, or leave the row out"});
  }
  return v + 0.0;
}

double summary_rows::x(std::size_t row) const {
  const double v = number(x_, row);
  if (v < 0) fail(row, x_, v, "is negative");
  if (v != std::floor(v)) fail(row, x_, v, "is not a whole number of repeat purchases");
  if (v > largest_count) fail(row, x_, v, "is above 1e15");
  return v;
}

double summary_rows::T(std::size_t row) const {
  const double v = number(*T_, row);
  if (v < 0) fail(row, *T_, v, "is negative");
  if (!discrete_) {
    if (v > largest_count) fail(row, *T_, v, "is above 1e15");
    return v;
  }
  if (v != std::floor(v)) fail(row, *T_, v, "is not a whole number of opportunities or renewals");
  if (v > most_opportunities) fail(row, *T_, v, "is above 1e6 opportunities or renewals");
  if (t_x_ == nullptr && x(row) > v) {
    fail(row, x_, x(row), "is more than the renewals faced, " + shortest(v));
  }
  return v;
}

double summary_rows::t_x(std::size_t row, double x, double T) const {
  const double v = number(*t_x_, row);
  if (v < 0) fail(row, *t_x_, v, "is negative");
  if (v > T)
    fail(row, *t_x_, v, "is after the end of observation, " + T_->name() + " = " + shortest(T));
  if (x > 0 && v == 0) fail(row, *t_x_, v, "does not go with x = " + shortest(x));
  if (x == 0 && v > 0) fail(row, *t_x_, v, "does not go with x = 0 (it must be 0)");
  if (!discrete_) return v;
  if (v != std::floor(v)) fail(row, *t_x_, v, "is not a whole opportunity");
  if (x > v)
    fail(
        row, x_, x, "is more than the opportunities up to the last purchase, t_x = " + shortest(v));
  return v;
}

double summary_rows::mean_spend(std::size_t row) const {
  if (!mean_spend_->present(row)) return 0.0;
  const double v = number(*mean_spend_, row);
  if (v < 0) fail(row, *mean_spend_, v, "is negative");
  if (v > 0 && !is_scale(v)) fail(row, *mean_spend_, v, "is neither 0 nor from 1e-100 to 1e100");
  return v;
}

double summary_rows::weight(std::size_t row) const {
  if (weight_ == nullptr) return 1.0;
  const double v = number(*weight_, row);
  if (v <= 0) fail(row, *weight_, v, "is not positive");
  if (v != std::floor(v)) fail(row, *weight_, v, "is not a whole number of customers");
  if (v > largest_count) fail(row, *weight_, v, "is above 1e15");
  return v;
}

double summary_rows::litt(std::size_t row, double x) const {
  const double v = number(*litt_, row);
  if (x == 0 && v != 0) fail(row, *litt_, v, "does not go with x = 0 (it must be 0)");
  if (std::fabs(v) > largest_count) fail(row, *litt_, v, "is beyond 1e15");
  return v;
}

}  // namespace clv::data
