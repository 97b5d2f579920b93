// The whole chain in a market whose truth is known: history to scores, a past experiment to
// evidence, both to decisions, and what those would really bring against what they must beat.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clv/decide.hpp"
#include "clv/report.hpp"
#include "clv/schema.hpp"
#include "clv/score.hpp"
#include "clv/summary.hpp"

namespace clv {
namespace {

using tables = std::map<std::string, std::shared_ptr<const table>, std::less<>>;

tables answer(job j) {
  j.run();
  return j.result().tables;
}

tables report_on(std::string_view name, report_inputs in, const std::string& options) {
  return answer(begin_report(name, std::move(in), options));
}

std::string text(const table& t, std::string_view name, std::size_t row) {
  const column& c = t.get(name, type::utf8);
  return c.present(row) ? std::string(c.text(row)) : std::string();
}

constexpr double us_per_day = 86'400e6;
constexpr std::int64_t horizon_us = 90LL * 86'400'000'000;

// One simulated shop, and what an analyst makes of it.
struct shop {
  tables market;
  std::shared_ptr<const table> scores;
  std::shared_ptr<const fitted_model> model;
  std::int64_t as_of_us = 0;

  shop(int seed, double experiment_share, int customers = 60000) {
    market = report_on("market",
                       {},
                       R"({"customers": )" + std::to_string(customers) + R"(, "seed": )" +
                           std::to_string(seed) + R"(, "experiment_share": )" +
                           std::to_string(experiment_share) + "}");
    as_of_us = market.at("truth")->find("as_of")->integers()[0];
    const auto summary = answer(summarize(market.at(""), {.as_of_us = as_of_us - 1})).at("");
    job fitting = fit(summary, {.model = "bg_nbd+gamma_gamma", .currency = "EUR"});
    fitting.run();
    model = fitting.result().model;
    scores = answer(score(model, summary, {.horizon = 52, .margin = .4})).at("");
  }

  // What the CRM knows of each customer under the names the experiment has.
  std::shared_ptr<const table> known() const {
    auto made = std::make_shared<table>();
    for (const auto& [from, to] : {std::pair{"customer", "customer"},
                                   std::pair{"orders", "orders"},
                                   std::pair{"days_since_order", "days_since_order"},
                                   std::pair{"open_tickets", "open_tickets"},
                                   std::pair{"attr.opens", "opens"}}) {
      const column& c = *market.at("customers")->find(from);
      column& copy = made->add(to, c.kind());
      for (std::size_t i = 0; i < c.size(); ++i) {
        if (c.kind() == type::utf8) {
          copy.push(c.text(i));
        } else {
          c.kind() == type::f64 ? copy.push(c.numbers()[i]) : copy.push(c.integers()[i]);
        }
      }
    }
    return made;
  }

  // Evidence of the past experiment: of all customers and, learnt from their features, of each.
  std::shared_ptr<const table> evidence() const {
    const tables effects =
        report_on("effects",
                  {.tables = {{"experiment", market.at("experiment")}}},
                  R"({"covariates": ["orders", "days_since_order", "open_tickets", "opens"],
                      "value": 20, "z": 1})");
    const auto each =
        report_on("effects_apply",
                  {.tables = {{"model", effects.at("model")}, {"customers", known()}}},
                  "")
            .at("");
    auto all = std::make_shared<table>(*each);
    const table& overall = *effects.at("");
    for (column& to : all->columns()) append(*overall.find(to.name()), to);
    return all;
  }

  static void append(const column& from, column& to) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!from.present(i)) {
        to.push_absent();
      } else {
        from.kind() == type::utf8 ? to.push(from.text(i)) : to.push(from.numbers()[i]);
      }
    }
  }
};

// What plugins would propose: every action of the market to everyone, with one belief for all of
// them (an effect of .03, give or take .03), and the costs that the truth has as well.
std::shared_ptr<const table> proposals(const shop& s) {
  const table& truth = *s.market.at("truth");
  std::map<std::string, std::int64_t, std::less<>> row_of;
  const column& ids = s.scores->get("customer", type::utf8);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    row_of.emplace(ids.text(i), static_cast<std::int64_t>(i));
  }
  auto made = std::make_shared<table>();
  for (const field& f : find_schema("proposals").fields) {
    made->add(std::string(f.name), f.kind, f.unit == "currency" ? "EUR" : "");
  }
  const auto cents = [](double major) { return std::int64_t{std::llround(100 * major)}; };
  const auto put = [&](const char* name, const auto& value) { made->find(name)->push(value); };
  for (std::size_t i = 0; i < truth.rows(); ++i) {
    const auto row = row_of.find(text(truth, "customer", i));
    if (row == row_of.end()) continue;
    put("row", row->second);
    put("plugin", text(truth, "plugin", i));
    put("action", text(truth, "action", i));
    put("channel", text(truth, "channel", i));
    put("reason", std::string("Offered to everyone."));
    put("effect_mean", .03);
    put("effect_sd", .03);
    put("benefit", cents(truth.numbers("benefit")[i]));
    put("contact_cost", cents(truth.numbers("contact_cost")[i]));
    put("horizon_us", horizon_us);
    for (column& c : made->columns()) {
      if (c.size() < made->find("row")->size()) c.push_absent();
    }
  }
  made->seal("closed loop");
  return made;
}

std::shared_ptr<const table> decisions(const shop& s,
                                       const std::shared_ptr<const table>& evidence) {
  decide_options o;
  o.model = s.model;
  o.margin = .4;
  o.holdout_share = 0;
  o.now_us = s.as_of_us;
  o.policy = R"({"consent": ["email", "sms", "phone", "call", "mail"]})";
  o.facts.emplace("consent", s.market.at("consent"));
  if (evidence != nullptr) o.facts.emplace("evidence", evidence);
  return answer(decide(s.scores, proposals(s), o)).at("");
}

// Expected lift of every policy of report market_policies, "decisions" among them.
std::map<std::string, double> lifts(const shop& s, const std::shared_ptr<const table>& decided) {
  report_inputs in{.tables = {{"truth", s.market.at("truth")}, {"scores", s.scores}}};
  in.tables.emplace("decisions", decided);
  const auto rows = report_on("market_policies", std::move(in), "").at("");
  std::map<std::string, double> lift;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    lift[text(*rows, "policy", i)] = rows->numbers("expected_lift")[i];
  }
  return lift;
}

struct spread {
  double mean = 0, standard_error = 0;
};

spread of(const std::vector<double>& v) {
  spread s;
  for (const double x : v) s.mean += x / static_cast<double>(v.size());
  double squares = 0;
  for (const double x : v) squares += (x - s.mean) * (x - s.mean);
  const double n = static_cast<double>(v.size());
  s.standard_error = std::sqrt(squares / (n - 1) / n);
  return s;
}

// closed_loop_slow_test asks twenty markets, closed_loop_test six of them.
constexpr int seeds = CLV_CLOSED_LOOP_SEEDS;
static_assert(seeds == 6 || seeds == 20);
// 97.5 % quantile of Student's t with one degree of freedom less than there are markets.
constexpr double t = seeds == 6 ? 2.571 : 2.093;

// Each policy's difference to ours in the same market, with a 95 % interval.
TEST(closed_loop, evidence_beats_nobody_everybody_top_risk_and_top_value) {
  std::map<std::string, std::vector<double>> ahead;
  std::vector<double> ours, oracle;
  for (int seed = 1; seed <= seeds; ++seed) {
    const shop s(seed, 1);
    const auto lift = lifts(s, decisions(s, s.evidence()));
    ours.push_back(lift.at("decisions"));
    oracle.push_back(lift.at("oracle"));
    for (const auto& [policy, value] : lift) ahead[policy].push_back(ours.back() - value);
  }
  std::printf(
      "lift %.0f +- %.0f of %.0f\n", of(ours).mean, of(ours).standard_error, of(oracle).mean);
  for (const auto& [policy, difference] : ahead) {
    const spread d = of(difference);
    std::printf("  over %-28s %9.0f +- %.0f\n", policy.c_str(), d.mean, d.standard_error);
    if (policy == "decisions" || policy.starts_with("oracle")) continue;
    EXPECT_GT(d.mean - t * d.standard_error, 0) << policy;
  }
  EXPECT_LT(of(ours).mean, of(oracle).mean);
}

TEST(closed_loop, regret_shrinks_as_experiments_grow) {
  std::vector<double> regret;
  for (const double share : {.1, .3, 1.0}) {
    std::vector<double> of_share;
    for (int seed = 1; seed <= seeds; ++seed) {
      const shop s(seed, share, 40'000);
      const auto lift = lifts(s, decisions(s, s.evidence()));
      of_share.push_back(lift.at("oracle") - lift.at("decisions"));
    }
    regret.push_back(of(of_share).mean);
    std::printf("  %.0f %% in experiments: regret %.0f\n", 100 * share, regret.back());
  }
  EXPECT_LT(regret[2], regret[0]);
  if (seeds < 20) return;  // six markets cannot tell the middle one apart
  EXPECT_LT(regret[1], regret[0]);
  EXPECT_LT(regret[2], regret[1]);
}

TEST(closed_loop, nobody_is_contacted_without_consent) {
  const shop s(3, .5, 5000);
  const auto decided = decisions(s, s.evidence());
  const table& truth = *s.market.at("truth");
  std::map<std::string, bool> allowed;
  for (std::size_t i = 0; i < truth.rows(); ++i) {
    allowed[text(truth, "customer", i) + "|" + text(truth, "action", i)] =
        truth.integers("allowed", type::i64)[i] == 1;
  }
  int treated = 0, refused = 0;
  for (std::size_t i = 0; i < decided->rows(); ++i) {
    refused += text(*decided, "reason_code", i) == "NO_CONSENT";
    if (text(*decided, "action", i).empty()) continue;
    ++treated;
    EXPECT_TRUE(allowed.at(text(*decided, "customer", i) + "|" + text(*decided, "action", i)));
  }
  EXPECT_GT(treated, 100);
  EXPECT_GT(refused, 10);
}

// An action without any effect: the gate takes one standard error of its measured effect off, so
// by chance it passes about one time in six (1 - Phi(1) = .159), and no more.
TEST(closed_loop, an_action_without_effect_passes_the_gate_as_often_as_its_level_says) {
  int passed = 0;
  constexpr int times = 120;
  for (int seed = 1; seed <= times; ++seed) {
    const tables market =
        report_on("market",
                  {},
                  R"({"customers": 600, "experiment_share": 1, "seed": )" + std::to_string(seed) +
                      R"(, "actions": [{"name": "idle", "plugin": "p",
                                          "channel": "email", "contact_cost": 0, "effect": {}}]})");
    const auto rows = report_on("effects",
                                {.tables = {{"experiment", market.at("experiment")}}},
                                R"({"z": 1, "value": 20})")
                          .at("");
    const double mean = rows->numbers("effect_mean")[0], sd = rows->numbers("effect_sd")[0];
    passed += mean - sd > 0;
  }
  const double level = .1587;
  EXPECT_NEAR(passed / double{times}, level, 4 * std::sqrt(level * (1 - level) / times));
}

}  // namespace
}  // namespace clv
