// The numbers by which the store knows customers, and those it must not know again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite.hpp"

namespace clv::store {

// Looks customers up and adds new ones inside the caller's write transaction. [one]
class customer_ids {
 public:
  explicit customer_ids(connection& db);
  std::int64_t find(std::string_view ext_id);  // 0: not there
  // `added` receives the number of one who is new.
  std::int64_t find_or_add(std::string_view ext_id, std::vector<std::int64_t>* added = nullptr);
  // The same for many different ids at once: where each question takes a journey, two or three.
  std::vector<std::int64_t> find_or_add(std::span<const std::string_view> ext_ids);

 private:
  std::int64_t add(std::string_view ext_id);  // 0: was there

  connection* db_;
  bool had_customers_;
  statement find_, add_;
};

// The highest number of a customer, 0 without any: who is added later has a higher one.
std::int64_t newest_customer(connection& db);
// Takes those with a higher number out again who have no row in the log, inside the caller's write
// transaction that added them.
void remove_customers_without_rows(connection& db, std::int64_t newer_than);

// Customers who were forgotten, as salted hashes: SHA-256 over a salt of 256 random bits that this
// file alone has, so that no id remains in it. Whoever has the file can still test a guessed id;
// without that nobody could keep a sender from bringing the customer back. [one]
class erased_customers {
 public:
  explicit erased_customers(connection& db);
  bool any() const { return any_; }
  bool contains(std::string_view ext_id);
  void add(std::string_view ext_id);

 private:
  std::string hash(std::string_view ext_id) const;

  bool any_;
  std::string salt_;
  statement find_, add_;
};

}  // namespace clv::store
