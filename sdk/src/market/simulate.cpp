#include "clv/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "math/random.hpp"

namespace clv {
namespace {

constexpr std::int64_t customers_at_once = 2048;
constexpr std::int64_t refund_delay_us = 7 * us_per_day;

void require(bool holds, const char* message, const char* hint) {
  if (!holds) throw error(status::invalid, message, hint);
}

void check(const fitted_model* truth, const simulate_options& o) {
  require(truth != nullptr && truth->purchase.which != nullptr &&
              truth->purchase.which->simulate_purchases != nullptr,
          "simulating needs a purchase model",
          "give bg_nbd parameters, or a fitted model file");
  require(truth->spend.has_value() && truth->spend->which->simulate_spend != nullptr,
          "simulating needs a spend model: every purchase has an amount",
          "give gamma_gamma parameters too, or fit a log with amounts");
  require(o.customers >= 0 && o.customers <= 1'000'000'000,
          "customers is outside [0, 1000000000]",
          "simulate in several runs with different seeds");
  require(o.acquisition_days >= 0 && o.observed_days > 0 && o.observed_days <= 36'525 &&
              o.acquisition_days <= o.observed_days,
          "first purchases must lie in the observed days, at most 36525 of them",
          "0 <= acquisition_days <= observed_days is needed");
  require(o.refund_share >= 0 && o.refund_share <= 1, "refund_share is outside [0, 1]", "try 0.05");
  require(std::abs(o.start_day) <= 100'000,
          "start_day is more than 100000 days from 1970-01-01",
          "give days since 1970-01-01");
}

std::string padded(std::int64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return digits;
}

struct event {
  std::int64_t time;
  std::int64_t amount;
  std::size_t number;  // of the purchase, from 0
  bool refund;
};

class simulation {
 public:
  simulation(std::shared_ptr<const fitted_model> truth, simulate_options o)
      : truth_(std::move(truth)),
        options_(std::move(o)),
        minor_per_major_(minor_per_major(options_.currency)),
        us_per_unit_(days_per_unit(truth_->unit) * static_cast<double>(us_per_day)),
        begin_us_(options_.start_day * us_per_day),
        end_us_(begin_us_ + days(options_.observed_days)) {
    for (const field& f : find_schema("transactions").fields) {
      log_->add(std::string(f.name), f.kind, f.kind == type::money ? options_.currency : "");
    }
    out_ = {log_->find("customer"),
            log_->find("time"),
            log_->find("amount"),
            log_->find("event_id"),
            log_->find("currency"),
            log_->find("kind")};
    facts_->add("customer", type::utf8);
    facts_->add("purchases", type::i64);
    facts_->add("revenue", type::money, options_.currency);
    facts_->add("refunds", type::money, options_.currency);
  }

  double advance(outcome& result) {
    const std::int64_t last = std::min(options_.customers, done_ + customers_at_once);
    while (done_ < last) add_customer(done_++);
    if (done_ < options_.customers) {
      return static_cast<double>(done_) / static_cast<double>(options_.customers);
    }
    finish(result);
    return 1;
  }

 private:
  static std::int64_t days(double count) {
    return std::llround(count * static_cast<double>(us_per_day));
  }

  void draw(random_source& random) {
    const double born = random.uniform() * options_.acquisition_days;
    const std::int64_t first = std::min(begin_us_ + days(born), end_us_ - 1);
    const double T = static_cast<double>(end_us_ - first) / us_per_unit_;
    ages_.clear();
    truth_->purchase.which->simulate_purchases(truth_->purchase.parameters, T, random, ages_);
    require(ages_.size() < most_simulated,
            "a simulated customer makes a million purchases",
            "parameters are in units of the model's time: look at the rate r/alpha");
    amounts_.clear();
    truth_->spend->which->simulate_spend(
        truth_->spend->parameters, ages_.size() + 1, random, amounts_);
    events_.clear();
    for (std::size_t i = 0; i <= ages_.size(); ++i) {
      const double age = i == 0 ? 0 : ages_[i - 1];
      const std::int64_t at =
          std::min(first + std::int64_t{std::llround(age * us_per_unit_)}, end_us_ - 1);
      // No order is free, and none overflows a sum over any log that fits in memory.
      const double minor = std::clamp(std::round(amounts_[i] * minor_per_major_), 1.0, 1e12);
      events_.push_back({at, static_cast<std::int64_t>(minor), i, false});
    }
    refund(random);
  }

  // One draw per repeat purchase, so that the share changes no other number of the customer.
  void refund(random_source& random) {
    for (std::size_t i = 1; i <= ages_.size(); ++i) {
      const event bought = events_[i];
      const bool returned = random.uniform() < options_.refund_share;
      const std::int64_t at = bought.time + refund_delay_us;
      if (returned && at < end_us_) events_.push_back({at, -bought.amount, i, true});
    }
    std::sort(events_.begin(), events_.end(), [](const event& a, const event& b) {
      if (a.time != b.time) return a.time < b.time;
      return a.refund != b.refund ? b.refund : a.number < b.number;
    });
  }

  void add_customer(std::int64_t i) {
    random_source random(options_.seed, static_cast<std::uint64_t>(i));
    draw(random);
    const std::string number = padded(i + 1);
    const std::string id = "c" + number;
    std::int64_t revenue = 0, refunds = 0;
    for (const event& e : events_) {
      out_.customer->push(std::string_view(id));
      out_.time->push(e.time);
      out_.amount->push(e.amount);
      out_.event_id->push((e.refund ? "r" : "e") + number + "-" + std::to_string(e.number + 1));
      out_.currency->push(std::string_view(options_.currency));
      out_.kind->push(std::string_view(e.refund ? "refund" : "purchase"));
      (e.refund ? refunds : revenue) += e.refund ? -e.amount : e.amount;
    }
    facts_->find("customer")->push(std::string_view(id));
    facts_->find("purchases")->push(static_cast<std::int64_t>(ages_.size() + 1));
    facts_->find("revenue")->push(revenue);
    facts_->find("refunds")->push(refunds);
  }

  void finish(outcome& result) {
    const std::string extra = "simulate/1|" + save_model(*truth_) + "|" +
                              std::to_string(options_.customers) + "|" +
                              std::to_string(options_.seed);
    log_->seal(extra);
    facts_->seal(extra);
    result.tables.emplace("", log_);
    result.tables.emplace("truth", facts_);
  }

  std::shared_ptr<const fitted_model> truth_;
  simulate_options options_;
  double minor_per_major_, us_per_unit_;
  std::int64_t begin_us_, end_us_;
  std::int64_t done_ = 0;
  std::shared_ptr<table> log_ = std::make_shared<table>(), facts_ = std::make_shared<table>();
  struct {
    column *customer, *time, *amount, *event_id, *currency, *kind;
  } out_{};
  std::vector<double> ages_, amounts_;
  std::vector<event> events_;
};

}  // namespace

job simulate(std::shared_ptr<const fitted_model> truth, simulate_options o) {
  check(truth.get(), o);
  auto result = std::make_shared<outcome>();
  auto run = std::make_shared<simulation>(std::move(truth), std::move(o));
  std::vector<phase> phases;
  phases.push_back({"customers", [run, result] { return run->advance(*result); }});
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
