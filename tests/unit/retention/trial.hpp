// A log of decisions and outcomes written row by row, for tests of measuring.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv::test {

struct trial_decision {
  std::string id, customer;
  double day = 0;
  std::string_view arm = "exploit";
  std::string plugin = "win", action = "mail";  // done, or withheld; "" = nothing
  std::string segment = {};
  double cost = 0;  // expected
  std::string receipt = {};
};

class trial {
 public:
  trial() {
    for (const field& f : find_schema("decision_log").fields) {
      log_->add(std::string(f.name), f.kind, f.unit == "currency" ? "EUR" : "");
    }
    for (const field& f : find_schema("outcomes").fields) {
      outcomes_->add(std::string(f.name), f.kind);
    }
  }

  void decide(const trial_decision& d) {
    const bool held = d.arm == "holdout", acts = !d.action.empty();
    for (column& c : log_->columns()) {
      const std::string& name = c.name();
      if (name == "decision_id") {
        c.push(std::string_view(d.id));
      } else if (name == "customer") {
        c.push(std::string_view(d.customer));
      } else if (name == "time") {
        c.push(at(d.day));
      } else if (name == "arm") {
        c.push(d.arm);
      } else if (name == "segment" && !d.segment.empty()) {
        c.push(std::string_view(d.segment));
      } else if (name == "plugin" && acts && !held) {
        c.push(std::string_view(d.plugin));
      } else if (name == "action" && acts && !held) {
        c.push(std::string_view(d.action));
      } else if (name == "withheld" && acts && held) {
        c.push(std::string_view(d.action));
      } else if (name == "cost" && acts && !held) {
        c.push(d.cost);
      } else if (name == "receipt" && !d.receipt.empty()) {
        c.push(std::string_view(d.receipt));
      } else if (name == "propensity") {
        c.push(.5);
      } else if (name == "run") {
        c.push(std::int64_t{1});
      } else if (name == "reason_code") {
        c.push(std::string_view(held ? "HOLDOUT" : "CHOSEN"));
      } else if (name.ends_with("_hash")) {
        c.push(std::string_view("00"));
      } else {
        c.push_absent();
      }
    }
  }

  void happen(const trial_decision& d, double day, std::string_view kind, double value) {
    outcomes_->find("decision_id")->push(std::string_view(d.id));
    outcomes_->find("customer")->push(std::string_view(d.customer));
    outcomes_->find("time")->push(at(day));
    outcomes_->find("kind")->push(kind);
    outcomes_->find("value")->push(value);
    outcomes_->find("event_id")->push_absent();
  }

  outcome lift(std::string_view options, std::shared_ptr<const table> covariates = nullptr) {
    log_->seal("");
    outcomes_->seal("");
    report_inputs in;
    in.tables["decision_log"] = log_;
    in.tables["outcomes"] = outcomes_;
    if (covariates != nullptr) in.tables["covariates"] = std::move(covariates);
    return run_report(lift_report, std::move(in), options);
  }

  const table& log() const { return *log_; }
  const table& outcomes() const { return *outcomes_; }

 private:
  static std::int64_t at(double day) {
    return static_cast<std::int64_t>((20'000 + day) * static_cast<double>(us_per_day));
  }
  std::shared_ptr<table> log_ = std::make_shared<table>();
  std::shared_ptr<table> outcomes_ = std::make_shared<table>();
};

}  // namespace clv::test
