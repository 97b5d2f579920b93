// A gate with facts written as CSV, for the tests of the gatekeeper.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "retention/gate/gatekeeper.hpp"
#include "support/reports.hpp"

namespace clv::retention::test {

inline std::int64_t at(std::string_view text) {
  return parse_time(text, zone("UTC")).value();
}

inline const std::int64_t noon = at("2026-06-15T12:00:00Z");

// Facts by the name of their schema, as CSV with a header.
using fact_texts = std::map<std::string, std::string>;

inline decision_facts facts_of(const fact_texts& texts) {
  decision_facts facts;
  for (const auto& [name, csv] : texts) facts[name] = clv::test::table_of(csv, name);
  return facts;
}

inline gatekeeper gate(std::string_view policy_json,
                       const fact_texts& facts = {},
                       std::int64_t now_us = noon) {
  return gatekeeper(std::make_shared<policy>(read_policy(policy_json)),
                    facts_of(facts),
                    now_us,
                    money_words("EUR", 2));
}

inline gate_question mail() {
  return {.plugin = "org.test", .action = "test.mail", .channel = "email", .category = "marketing"};
}

inline gate_question coupon() {
  gate_question q = mail();
  q.benefit = 5;
  return q;
}

// "CODE: sentence", or "" where it may compete.
inline std::string answer(const gatekeeper& g,
                          std::string_view customer,
                          const gate_question& asked = mail(),
                          const std::vector<veto>& vetoes = {}) {
  const auto no = g.check(customer, asked, vetoes);
  return no ? std::string(name_of(no->code)) + ": " + no->why : std::string();
}

inline std::string code(const gatekeeper& g,
                        std::string_view customer,
                        const gate_question& asked = mail(),
                        const std::vector<veto>& vetoes = {}) {
  const std::string text = answer(g, customer, asked, vetoes);
  return text.substr(0, text.find(':'));
}

}  // namespace clv::retention::test
