// The numbers by which the store knows customers, and those it must not know again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/sqlite.hpp"

namespace clv::store {

// Looks customers up and adds new ones inside the caller's write transaction. [one]
class customer_ids {
 public:
  explicit customer_ids(connection& db);
  std::int64_t find(std::string_view ext_id);  // 0: not there
  std::int64_t find_or_add(std::string_view ext_id);

 private:
  connection* db_;
  bool had_customers_;
  statement find_, add_;
};

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
