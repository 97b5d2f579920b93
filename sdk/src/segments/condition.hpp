// Conditions on the columns of a table, in a small language; README.md has its grammar.
//   clv_p10 > 200 and (p_alive >= 0.8 or x >= 10) and clv_status == 'OK'
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"

namespace clv {

// A parsed condition, bound to the columns of one table; the table must outlive it. [any] const.
//
// A comparison with a value that is absent is false, also `!=` and also under `not` it counts as
// neither: `not (v > 3)` is false where v is absent. `missing(v)` is true there.
class condition {
 public:
  // Throws error{invalid} naming the position and what was expected there, an unknown column (and
  // those there are), or a comparison of a text with a number. Nesting is limited to 100,
  // operations (+ - * / and or) to 1000.
  condition(std::string_view text, const table& rows);
  ~condition();
  condition(condition&&) noexcept;
  condition& operator=(condition&&) noexcept;

  bool holds(std::size_t row) const;

  struct node;

 private:
  std::unique_ptr<node> root_;
};

}  // namespace clv
