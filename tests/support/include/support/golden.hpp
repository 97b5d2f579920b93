// Reads the tables of tests/golden: a header line, then rows whose first cell names a function.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace clv::test {

struct golden_row {
  std::string function;
  std::map<std::string, double> cells;  // by column; every column but "function"
  double operator[](const std::string& column) const { return cells.at(column); }
  std::string inputs;  // the line as it stands, for messages
};

// Rows of tests/golden/<file>, all or those of one function. Throws std::runtime_error when the
// file is missing, a cell is no number, or no row is left: a golden test cannot pass by being
// empty.
std::vector<golden_row> golden(const std::string& file, const std::string& function = {});

// |value - expected| / |expected|; 0 when both are equal (also at 0 and infinity).
double relative_error(double value, double expected);

}  // namespace clv::test
