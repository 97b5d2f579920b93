// What the tests of the store share.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "clv/error.hpp"
#include "store/database.hpp"
#include "support/temp_folder.hpp"

namespace clv::test {

// The error that the call throws; a test failure when it throws none.
template <typename Call>
issue error_of(const Call& call) {
  try {
    call();
  } catch (const error& e) {
    return e.details();
  }
  ADD_FAILURE() << "no clv::error was thrown";
  return {.code = status::ok};
}

inline std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A connection past libclv's rules, as another program would open the file.
inline store::connection stranger(const std::string& path) {
  constexpr int read_write_create = 0x2 | 0x4;  // SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
  return {path, read_write_create, "the stranger's file"};
}

}  // namespace clv::test
