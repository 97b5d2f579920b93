// Score tables for tests of segmentations.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/segment.hpp"

namespace clv::test {

struct scored {
  double x = 0, t_x = 0, T = 0, mean_spend = 0;
  double no_purchase = 0.5, mu = 3, sigma = 1;
  bool has_value = true;
};

inline std::shared_ptr<table> scores_of(const std::vector<scored>& rows) {
  auto t = std::make_shared<table>();
  column& customer = t->add("customer", type::utf8);
  for (const char* name : {"x",
                           "t_x",
                           "T",
                           "mean_spend",
                           "p_alive",
                           "expected_purchases",
                           "no_purchase",
                           "clv",
                           "clv_mu",
                           "clv_sigma"}) {
    t->add(name, type::f64, std::string_view(name) == "clv" ? "EUR" : "");
  }
  for (const scored& s : rows) {
    customer.push(std::string_view("c" + std::to_string(customer.size())));
    t->find("x")->push(s.x);
    t->find("t_x")->push(s.t_x);
    t->find("T")->push(s.T);
    s.mean_spend > 0 ? t->find("mean_spend")->push(s.mean_spend)
                     : t->find("mean_spend")->push_absent();
    t->find("p_alive")->push(0.5);
    t->find("expected_purchases")->push(2.0);
    t->find("no_purchase")->push(s.no_purchase);
    const auto value = [&](const char* name, double v) {
      s.has_value ? t->find(name)->push(v) : t->find(name)->push_absent();
    };
    value("clv", 10.0 * (1.0 - s.no_purchase));
    value("clv_mu", s.mu);
    value("clv_sigma", s.sigma);
  }
  return t;
}

inline table assigned(const char* scheme,
                      const std::vector<scored>& rows,
                      std::string_view json = {}) {
  return find_segmentation(scheme).assign(*scores_of(rows), json);
}

inline std::vector<std::string> names_in(const table& t) {
  std::vector<std::string> names;
  const column& c = *t.find("segment");
  for (std::size_t i = 0; i < c.size(); ++i) names.emplace_back(c.text(i));
  return names;
}

inline std::string complaint(const char* scheme, std::string_view json) {
  try {
    assigned(scheme, {{.x = 1, .t_x = 1, .T = 2}}, json);
  } catch (const error& e) {
    return std::string(e.what()) + " | " + e.details().hint;
  }
  return "nothing";
}

}  // namespace clv::test
