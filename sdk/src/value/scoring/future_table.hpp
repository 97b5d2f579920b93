// Futures by (x, T), filled in where they are asked for.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

#include "value/scoring/future.hpp"

namespace clv {

// Where the future of a living customer depends on x and T only (model::future_forgets_t_x), it is
// a smooth function of y = ln(1 + T/c) for each x, c the shortest time among the model's
// parameters: its singularities lie at T = -alpha and the like, that is pi away from the real line
// in y. So each half unit of y and each x below 256 gets one set of Chebyshev coefficients from 12
// futures, computed when first needed, of a customer seen last at T; a million customers then share
// some thousand futures, and one customer costs 40 ns. Error: below 1e-9 for `discount` and 1e-3
// for the rest, which are shape, a thousandth of a standard deviation (future_table_test): a
// stretch whose last coefficients are not that small is marked and computed directly for ever, and
// so is x >= 256. Two threads that meet at an empty place compute the same bits and keep one of
// them. [any]
class future_table {
 public:
  // Null where futures cannot be shared: discrete models, those that remember t_x, those whose
  // parameters hold no time.
  static std::unique_ptr<const future_table> for_maker(const future_maker& maker);
  // False: compute it yourself. `maker` is the one the table was made for.
  bool at(const future_maker& maker,
          const observation& o,
          std::vector<double>& scratch,
          future& out) const;
  explicit future_table(double shortest_time);
  ~future_table();
  future_table(const future_table&) = delete;
  future_table& operator=(const future_table&) = delete;

 private:
  static constexpr std::size_t counts = 256, stretches = 80, nodes = 12, fields = 5;
  static constexpr double per_unit = 2;  // stretches
  struct stretch {
    bool trusted = false;
    std::array<std::array<double, fields>, nodes> coefficients{};
  };
  using row = std::array<std::atomic<const stretch*>, stretches>;

  row& row_of(std::size_t x) const;
  const stretch& filled(const future_maker& maker,
                        std::size_t x,
                        std::size_t which,
                        std::vector<double>& scratch) const;
  stretch compute(const future_maker& maker,
                  std::size_t x,
                  std::size_t which,
                  std::vector<double>& scratch) const;

  double shortest_time_;
  std::unique_ptr<std::array<std::atomic<row*>, counts>> rows_;
};

}  // namespace clv
