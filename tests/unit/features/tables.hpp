// Small tables written as text, for the tests of this room and of the churn model.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "clv/report.hpp"
#include "clv/table.hpp"
#include "clv/time.hpp"

namespace clv::test {

struct sale {
  std::string customer, day;  // "2011-01-31"
  std::int64_t minor = 1000;
  std::string event_id = {}, kind = {};
};

inline std::int64_t instant(std::string_view text) {
  const auto t = parse_time(text, zone("UTC"));
  EXPECT_TRUE(t.has_value()) << text;
  return t.value_or(0);
}

inline std::shared_ptr<const table> sales(const std::vector<sale>& rows) {
  auto t = std::make_shared<table>();
  column& customer = t->add("customer", type::utf8);
  column& time = t->add("time", type::time, "us");
  column& amount = t->add("amount", type::money, "EUR");
  column& id = t->add("event_id", type::utf8);
  column& kind = t->add("kind", type::utf8);
  for (const sale& s : rows) {
    customer.push(std::string_view(s.customer));
    time.push(instant(s.day));
    amount.push(s.minor);
    id.push(std::string_view(s.event_id));
    kind.push(std::string_view(s.kind));
  }
  return t;
}

// Text columns: first the names, then the cells row by row. "" is absent.
inline std::shared_ptr<const table> texts(const std::vector<std::string>& names,
                                          const std::vector<std::vector<std::string>>& rows) {
  auto t = std::make_shared<table>();
  for (const std::string& name : names) t->add(name, type::utf8);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      column& c = t->columns()[i];
      row[i].empty() ? c.push_absent() : c.push(std::string_view(row[i]));
    }
  }
  return t;
}

using inputs = std::map<std::string, std::shared_ptr<const table>, std::less<>>;

inline outcome run(const report& r, inputs tables, std::string_view options = "") {
  job j = r.begin({.tables = std::move(tables)}, options);
  j.run();
  return j.result();
}

// The message of the error that the work throws, "" when it throws none.
template <class Work>
std::string complaint(Work work) {
  try {
    work();
  } catch (const error& e) {
    return e.details().message;
  }
  return {};
}

// The value in that column of the row whose `key` column says `id`; nullopt when absent.
inline std::optional<double> value_of(const table& t,
                                      std::string_view key,
                                      std::string_view id,
                                      std::string_view name) {
  const column& keys = t.get(key, type::utf8);
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (keys.text(row) != id) continue;
    const column* c = t.find(name);
    EXPECT_NE(c, nullptr) << name;
    if (c == nullptr || !c->present(row)) return std::nullopt;
    return c->kind() == type::f64 ? c->numbers()[row] : static_cast<double>(c->integers()[row]);
  }
  ADD_FAILURE() << "no row has " << key << " = " << id;
  return std::nullopt;
}

inline std::string text_of(const table& t,
                           std::string_view key,
                           std::string_view id,
                           std::string_view name) {
  const column& keys = t.get(key, type::utf8);
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (keys.text(row) == id) return std::string(t.get(name, type::utf8).text(row));
  }
  ADD_FAILURE() << "no row has " << key << " = " << id;
  return {};
}

}  // namespace clv::test
