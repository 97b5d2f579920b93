// The columns that feature makers add to a table, made a block of rows at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "clv/extension.hpp"

namespace clv {

class feature_columns {
 public:
  feature_columns(std::shared_ptr<const table> customers, std::vector<feature_maker*> makers);

  // One block of one maker. Returns the share that is done, 1 at the end.
  double advance(issues& notes);

  // After that: the customers with the features beside their own columns, a column of the same name
  // replaced; without makers the customers as they were given.
  std::shared_ptr<const table> joined() const;
  // The features alone, and whose they are.
  std::shared_ptr<const table> alone() const;

 private:
  bool make_block(feature_maker& maker, std::size_t last, issues& notes);
  void next_maker(bool worked);
  std::string seal_text(const char* what) const;

  std::shared_ptr<const table> customers_;
  std::vector<feature_maker*> makers_;
  table part_;  // of the current maker
  std::vector<column> made_;
  std::size_t current_ = 0, first_ = 0;
};

// The phase that makes them; `then` gets the table that it leaves.
template <typename Then>
phase feature_phase(std::shared_ptr<feature_columns> columns,
                    std::shared_ptr<outcome> result,
                    Then then) {
  return {"features", [columns, result, then] {
            const double done = columns->advance(result->notes);
            if (done >= 1) then(columns->joined());
            return done;
          }};
}

}  // namespace clv
