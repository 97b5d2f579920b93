// What is known of a unit before it was treated, as standardised columns. [any] Immutable.
#pragma once

#include <Eigen/Core>
#include <boost/json/fwd.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/table.hpp"
#include "value/churn/churn_model.hpp"

namespace clv::retention {

// One column of the matrix: a number, a level or "missing" of a covariate, or a product of two of
// them; (raw - centre) / scale over the units of the experiment. A value beyond what they had is
// taken as the nearest they had: nothing is known of what lies outside.
struct design_term {
  std::string name;                // "recency", "channel = Web", "mens x womens"
  std::size_t one = 0, other = 0;  // of raw columns; equal: no product
  bool product = false;
  double centre = 0, scale = 1;
  double least = 0, most = 0;  // raw, of those units
};

struct covariate_design {
  std::vector<churn_feature> features;
  std::vector<churn_column> raw;  // by feature, as a churn model encodes them
  std::vector<design_term> terms;

  // Rows of `from` in the order of `rows`. Throws error{invalid} for a column that is not there.
  Eigen::MatrixXd matrix(const table& from,
                         const std::vector<std::size_t>& rows,
                         std::string_view input,
                         std::string_view owner) const;
};

// Encodes the columns `names` of `from`: numbers as they are (with an indicator where some are
// missing), text one-hot, the most frequent level left out; then products for "a*b" in
// `interactions`. Columns with one value only and columns equal to one before are set aside with a
// note. Throws error{invalid} naming a column that is not there, an interaction of what is no
// covariate, or a text with more than 50 levels.
covariate_design make_design(const table& from,
                             const std::vector<std::size_t>& rows,
                             const std::vector<std::string>& names,
                             const std::vector<std::string>& interactions,
                             issues& notes);

boost::json::object design_json(const covariate_design& d);
covariate_design read_design(
    const boost::json::object& from);  // throws boost::system::system_error

}  // namespace clv::retention
