#include "support/golden.hpp"

#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace clv::test {
namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

double number(const std::string& cell, const std::string& line) {
  double value = 0;
  const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  // Out of range: a value of more digits than a double that underflows; from_chars leaves it alone.
  if (failure == std::errc::result_out_of_range) return 0;
  if (failure != std::errc() || end != cell.data() + cell.size()) {
    throw std::runtime_error("'" + cell + "' is not a number in " + line);
  }
  return value;
}

}  // namespace

std::vector<golden_row> golden(const std::string& file, const std::string& function) {
  std::ifstream stream(std::string(CLV_GOLDEN_FOLDER) + "/" + file);
  std::string line;
  if (!std::getline(stream, line)) throw std::runtime_error("cannot read tests/golden/" + file);
  const std::vector<std::string> header = split(line);
  std::vector<golden_row> rows;
  while (std::getline(stream, line)) {
    const std::vector<std::string> cells = split(line);
    if (cells.size() != header.size()) throw std::runtime_error("cells are missing in " + line);
    if (!function.empty() && cells[0] != function) continue;
    golden_row row{.function = cells[0], .cells = {}, .inputs = line};
    for (std::size_t i = 1; i < cells.size(); ++i) row.cells[header[i]] = number(cells[i], line);
    rows.push_back(row);
  }
  if (rows.empty()) throw std::runtime_error("no rows for " + function + " in " + file);
  return rows;
}

double relative_error(double value, double expected) {
  if (value == expected) return 0;
  return std::fabs(value - expected) / std::fabs(expected);
}

}  // namespace clv::test
