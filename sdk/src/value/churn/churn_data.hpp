// The caller's rows as a churn problem: which columns take part, how they are encoded, and which
// are protected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "clv/table.hpp"
#include "data/settings.hpp"
#include "value/churn/churn_model.hpp"
#include "value/churn/churn_solver.hpp"

namespace clv {

struct churn_columns {
  const column* customer = nullptr;  // absent: rows have no names
  const column* label = nullptr;
  const column* time = nullptr;  // periods at risk; absent: logistic regression
  std::vector<const column*> features, protected_ones;
  bool audit_only = false;
};

// Names that are protected when option "protected" does not say otherwise; compared without case,
// blanks, '_' and '-', so SeniorCitizen and senior_citizen are one.
std::vector<std::string> default_protected();

// Sorts the columns of `rows` by the options label, customer, time_at_risk, features, exclude,
// protected, audit_only. Protected columns are set aside for the audit; one that option features
// names is refused by name unless audit_only is true. Throws error{invalid}.
churn_columns choose_churn_columns(const table& rows, const settings& given, issues& notes);

// The column of customer ids: the one named, or without a name the first whose header is one of the
// dictionary's words for it; nullptr when there is none.
const column* find_customer_column(const table& rows, std::string_view name);

struct churn_data {
  std::vector<churn_feature> features;
  std::vector<churn_column> columns;
  std::vector<Eigen::Index> kept;  // of `columns`, those that differ from every other
  std::vector<Eigen::Index> twin;  // per column, the kept one that is equal in every row, or itself
  churn_problem problem;           // x has one column per entry of `columns`
  churn_baseline baseline;
  double churned = 0;
};

// Whether every cell that is not blank is, or reads as, a number (and one is there).
bool is_numeric_column(const column& c);

// Reads labels, periods and features. Text that reads as numbers throughout is numeric; text with
// more than `most_levels` levels, and a column with one value only, are set aside with a note.
// Throws error{data} naming row, column and value for an empty or unknown label or a time that is
// no whole number from 0 to 1200, and when only one outcome occurs.
churn_data read_churn_data(const table& rows,
                           const churn_columns& chosen,
                           const settings& given,
                           issues& notes);

}  // namespace clv
