// Files of stores as bytes, what check_store says of one, and all that can be read from it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "clv/engine.hpp"
#include "clv/store.hpp"
#include "store/database.hpp"
#include "store/fact_reader.hpp"
#include "store/store_check.hpp"

namespace clv::test {

inline std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A connection past libclv's rules, as another program would open the file.
inline store::connection stranger(const std::string& path) {
  constexpr int read_write_create = 0x2 | 0x4;  // SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
  return {path, read_write_create, "the stranger's file"};
}

// "check: detail; " of all that is damaged, "" when nothing is; of a file that cannot even be
// opened the sentence that says so.
inline std::string damage_of(const std::string& path) {
  try {
    job check = check_store(path);
    check.run();
    const table& t = *check.result().tables.at("");
    std::string all;
    for (std::size_t row = 0; row < t.rows(); ++row) {
      if (t.get("status", type::utf8).text(row) == "ok") continue;
      all += std::string(t.get("check", type::utf8).text(row)) + ": " +
             std::string(t.get("detail", type::utf8).text(row)) + "; ";
    }
    return all;
  } catch (const error& e) {
    if (e.details().code != status::corrupt && e.details().code != status::state) throw;
    return e.what();
  }
}

// Fingerprints of all rows that verbs read, and how many each table has.
inline std::string content_of(const std::string& path) {
  store::database d({.path = path, .read_only = true});
  store::log_reader log(d.sql(), store::log_reader::purpose::for_fit);
  while (log.read(4096) < 1.0) {
  }
  std::string all = log.take()->fingerprint();
  for (const store::fact_table& what : store::fact_tables()) {
    store::fact_reader facts(d.sql(), what);
    while (facts.read(4096) < 1.0) {
    }
    all += " " + std::string(what.name) + facts.take()->fingerprint();
  }
  store::statement derived(d.sql(), "SELECT name FROM stored_table ORDER BY name");
  while (derived.step()) {
    store::table_reader rows(d.sql(), std::string(derived.text(0)));
    while (rows.read(4096) < 1.0) {
    }
    all += " " + std::string(derived.text(0)) + rows.take()->fingerprint();
  }
  for (const auto& [name, rows] : store::count_rows(d.sql())) {
    all += " " + name + std::to_string(rows);
  }
  return all;
}

}  // namespace clv::test
