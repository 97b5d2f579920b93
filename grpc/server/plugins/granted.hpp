// The part of the candidates that one plugin gets to see.
#pragma once

#include <vector>

#include "clv_base.h"
#include "plugins/home.hpp"

namespace clvd::plugins {

class granted_columns {
 public:
  // Of `candidates` the columns that `says` reads and `grant` (a comma list, "" = all it reads)
  // names; `with_customer`: and "customer", which random numbers go by. Borrows them.
  granted_columns(const clv_batch& candidates,
                  const description& says,
                  const std::string& grant,
                  bool with_customer);
  granted_columns(const granted_columns&) = delete;
  granted_columns& operator=(const granted_columns&) = delete;
  const clv_batch& batch() const { return batch_; }

 private:
  std::vector<clv_column> columns_;
  clv_batch batch_{};
};

}  // namespace clvd::plugins
