// Sales, and SQLite by hand to set a store beside: one prepared statement a table, commits that
// wait for the disk, nothing checked.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace clv::bench {

struct sale {
  std::string customer, event_id;
  std::int64_t time, amount;  // microseconds, cents
};

// Of customers who come again and in no order, as sales do.
std::vector<sale> some_sales(std::int64_t count);

class raw_store {
 public:
  explicit raw_store(const std::string& path);
  ~raw_store();
  raw_store(const raw_store&) = delete;
  raw_store& operator=(const raw_store&) = delete;

  void insert(std::span<const sale> all);  // in one durable commit

 private:
  void run(const char* sql);
  sqlite3_stmt* prepare(const char* sql);
  void insert(const sale& s);

  sqlite3* db_ = nullptr;
  sqlite3_stmt* add_customer_ = nullptr;
  sqlite3_stmt* find_customer_ = nullptr;
  sqlite3_stmt* add_event_ = nullptr;
  sqlite3_stmt* add_row_ = nullptr;
  std::int64_t seq_ = 0;
};

}  // namespace clv::bench
