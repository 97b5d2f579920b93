// Score tables as points of a space in which distances mean something.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "data/settings.hpp"

namespace clv {

// How columns become coordinates: ln(1 + v) where `log` is set (v below 0 counts as 0), then less
// the mean, over the standard deviation (1 for a constant column). "recency" is T - t_x.
struct space {
  std::vector<std::string> columns;
  bool log = true;
  std::vector<double> mean, scale;  // empty until learned
  std::size_t size() const { return columns.size(); }
};

// Options "columns" and "log", and "mean" and "scale" of a learned one. Defaults: recency, x and
// mean_spend, in logs. Throws error{invalid} naming a column that the table lacks.
space read_space(const settings& given, const table& scores);
void write_space(const space& s, boost::json::object& to);

// Distinct points with weights, sorted, so that nothing depends on the order of the rows: row i is
// at point_of[i], none where a column has no value. Learns mean and scale where they are not given.
struct points {
  std::size_t dimensions = 0;
  std::vector<double> at;  // point p's coordinates start at p * dimensions
  std::vector<double> weight;
  std::vector<std::optional<std::size_t>> point_of;
  std::size_t size() const { return weight.size(); }
  const double* operator[](std::size_t p) const { return at.data() + p * dimensions; }
};
points read_points(space& s, const table& scores);

// At most `most` of them, evenly through the sorted order, each with its own weight.
points thinned(const points& from, std::size_t most);

double squared_distance(const double* a, const double* b, std::size_t n);

}  // namespace clv
