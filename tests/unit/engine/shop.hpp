// A small shop's log and helpers for tests of the engine.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/engine.hpp"
#include "clv/time.hpp"
#include "support/temp_folder.hpp"

namespace clv::test {

struct sale {
  std::string customer;
  std::int64_t day = 0;
  std::int64_t cents = 0;
  std::string event_id;
};

inline std::shared_ptr<const table> log_of(const std::vector<sale>& sales,
                                           const std::string& currency = "EUR") {
  auto t = std::make_shared<table>();
  column& customer = t->add("customer", type::utf8);
  column& time = t->add("time", type::time, "us");
  column& amount = t->add("amount", type::money, currency);
  column& event = t->add("event_id", type::utf8);
  for (const sale& s : sales) {
    customer.push(std::string_view(s.customer));
    time.push(s.day * us_per_day);
    amount.push(s.cents);
    s.event_id.empty() ? event.push_absent() : event.push(std::string_view(s.event_id));
  }
  t->seal("log");
  return t;
}

// 300 customers over 280 days with a pattern that a purchase and a spend model can be fitted to.
inline std::vector<sale> busy_shop() {
  std::vector<sale> sales;
  std::uint64_t state = 7;
  const auto draw = [&state](std::uint64_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::int64_t>((state >> 33U) % below);
  };
  for (int c = 0; c < 300; ++c) {
    const std::string id = "c" + std::to_string(1000 + c);
    const std::int64_t gap = 5 + draw(60), mean = 500 + draw(6000), last = 60 + draw(220);
    for (std::int64_t day = draw(50); day < last;
         day += 1 + draw(2 * static_cast<std::uint64_t>(gap))) {
      sales.push_back({id,
                       day,
                       mean / 2 + draw(static_cast<std::uint64_t>(mean)),
                       "e" + std::to_string(sales.size())});
    }
  }
  return sales;
}

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

inline bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// accepted, duplicates
inline std::pair<std::int64_t, std::int64_t> ingest(engine& e,
                                                    std::shared_ptr<const table> log,
                                                    ingest_options o = {.source = "shop"}) {
  job j = e.ingest(std::move(log), std::move(o));
  j.run();
  const table& counts = *j.result().tables.at("");
  return {counts.integers("accepted", type::i64)[0], counts.integers("duplicates", type::i64)[0]};
}

}  // namespace clv::test
