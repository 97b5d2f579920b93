// A tiny market for tests of deciding: scores, proposals and a purchase model whose answer is easy
// to compute by hand: the chance of no purchase in t units is exp(-t x / T).
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/decide.hpp"
#include "clv/schema.hpp"

namespace clv::test {

inline double no_purchase(values, const observation& o, double t) {
  return o.T > 0 ? std::exp(-t * o.x / o.T) : 1;
}

inline constexpr model hand_model{.name = "by_hand", .no_purchase = no_purchase};

inline std::shared_ptr<const fitted_model> by_hand() {
  auto m = std::make_shared<fitted_model>();
  m->purchase.which = &hand_model;
  m->unit = "day";
  m->currency = "EUR";
  m->data_fingerprint = "0123456789abcdef0123456789abcdef";
  return m;
}

struct customer_row {
  std::string id;
  double x = 1, t_x = 10, T = 300;
  double expected_spend = 40;  // below 0: absent
};

inline std::shared_ptr<table> scores_of(const std::vector<customer_row>& rows,
                                        const std::string& currency = "EUR") {
  auto t = std::make_shared<table>();
  column& id = t->add("customer", type::utf8);
  column& x = t->add("x", type::f64);
  column& t_x = t->add("t_x", type::f64, "day");
  column& T = t->add("T", type::f64, "day");
  column& spend = t->add("expected_spend", type::f64, currency);
  for (const customer_row& r : rows) {
    id.push(std::string_view(r.id));
    x.push(r.x);
    t_x.push(r.t_x);
    T.push(r.T);
    r.expected_spend < 0 ? spend.push_absent() : spend.push(r.expected_spend);
  }
  t->seal("test");
  return t;
}

struct proposal_row {
  std::int64_t row = 0;
  std::string action = "mail";
  double effect_mean = .05, effect_sd = .01;
  std::int64_t benefit = 0, contact_cost = 0;
  std::int64_t expires_us = 0;
  std::int64_t response_value = 0;
  std::int64_t horizon_us = 0;
};

inline std::shared_ptr<table> proposals_of(const std::vector<proposal_row>& rows,
                                           const std::string& currency = "EUR") {
  auto t = std::make_shared<table>();
  for (const field& f : find_schema("proposals").fields) {
    t->add(std::string(f.name), f.kind, f.unit == "currency" ? currency : "");
  }
  for (const proposal_row& r : rows) {
    t->find("row")->push(r.row);
    t->find("customer")->push_absent();
    t->find("plugin")->push(std::string_view("test.plugin"));
    t->find("action")->push(std::string_view(r.action));
    t->find("channel")->push(std::string_view("email"));
    t->find("reason")->push(std::string_view("Because of the test."));
    t->find("effect_mean")->push(r.effect_mean);
    t->find("effect_sd")->push(r.effect_sd);
    t->find("effect_n")->push(0.0);
    t->find("response_value")->push(r.response_value);
    t->find("benefit")->push(r.benefit);
    t->find("contact_cost")->push(r.contact_cost);
    t->find("horizon_us")->push(r.horizon_us);
    t->find("expires_us")->push(r.expires_us);
    t->find("agent_minutes")->push(2.0);
    for (column& c : t->columns()) {
      if (c.size() < t->rows()) c.push_absent();
    }
  }
  t->seal("test");
  return t;
}

inline decide_options everybody() {
  decide_options o;
  o.holdout_share = 0;
  o.model = by_hand();
  return o;
}

}  // namespace clv::test
