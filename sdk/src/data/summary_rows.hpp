// The columns of a summary that one kind of tuple needs, checked row by row.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "clv/summary.hpp"
#include "clv/table.hpp"

namespace clv::data {

// Every number handed out is checked; what cannot be is error{numeric} naming row, column and
// value. -0 becomes 0, so that equal keys have equal bits. [any] Keeps references into the table.
class summary_rows {
 public:
  // Throws error{invalid} for a missing column or one of another type.
  summary_rows(const table& summary, tuple_key key, std::span<const std::string> covariates);

  std::size_t size() const { return x_.size(); }
  std::size_t covariates() const { return covariates_.size(); }
  double x(std::size_t row) const;
  double T(std::size_t row) const;  // or n
  double t_x(std::size_t row, double x, double T) const;
  double mean_spend(std::size_t row) const;
  double weight(std::size_t row) const;
  double covariate(std::size_t row, std::size_t i) const { return number(*covariates_[i], row); }
  bool has_litt() const { return litt_ != nullptr; }
  double litt(std::size_t row, double x) const;

 private:
  static double number(const column& c, std::size_t row);

  const column& x_;
  const column* t_x_ = nullptr;
  const column* T_ = nullptr;
  const column* mean_spend_ = nullptr;
  const column* weight_ = nullptr;
  const column* litt_ = nullptr;
  std::vector<const column*> covariates_;
  bool discrete_;
};

}  // namespace clv::data
