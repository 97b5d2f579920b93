// Reading a result: whole columns as numbers, single cells as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

bool has_column(const result& table, const char* column);
// Unit of a column: a currency, "day", "week"; "" when there is none or no such column.
std::string unit_of(const result& table, const char* column);

// The column as doubles, NaN where absent. Throws failure when it is missing or text.
std::vector<double> numbers(const result& table, const char* column, const diag& d);
// One number; NaN when the column, the row or the value is absent.
double number_at(const result& table, const char* column, std::int64_t row);
// One text; "" when the column, the row or the value is absent.
std::string text_at(const result& table, const char* column, std::int64_t row);

// The whole table as the next verb's input; borrows from `table`.
clv_batch batch_of(const result& table, const diag& d);
// RFC 4180 with all columns; "-" is standard output.
void write_csv(const result& table, const std::string& path, const diag& d);
// RFC 4180 with these columns (text or numbers), in this order; those the table lacks are left out.
void write_columns(const result& table,
                   const std::vector<std::string>& columns,
                   const std::string& path,
                   const diag& d);
// Writes bytes to a file, or to standard output for "-"; throws failure with the system's words.
void write_file(const std::string& path, const std::string& bytes);
std::string read_file(const std::string& path);

}  // namespace cli
