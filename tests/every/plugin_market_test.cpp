// Every sample plugin alone in the simulated market: what it earns behind the gate and without it.
// The truth is made up (sdk/src/market/README.md), so this says whether plugin and gate hang
// together, not what a plugin will earn anywhere.
// CLV_PLUGIN_SCORES=1 prints the scores as the table of plugins/README.md.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>
#include <utility>

#include "clv_plugin.h"
#include "market_shop.hpp"

namespace {

using namespace clv_test;

constexpr int seeds = 8;
constexpr double t_7 = 2.365;  // 97.5 % quantile of Student's t with 7 degrees of freedom

std::vector<std::string> plugin_paths() {
  std::vector<std::string> paths;
  const std::string all = CLV_PLUGIN_PATHS;
  for (std::size_t at = 0; at <= all.size();) {
    const std::size_t end = std::min(all.find('|', at), all.size());
    paths.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return paths;
}

// Only what proposes can earn.
bool proposes(const std::string& path) {
  clv_plugins* made = nullptr;
  EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
  const plugins_ptr plugins(made);
  EXPECT_EQ(clv_plugins_load(made, nullptr, path.c_str(), nullptr), CLV_OK) << path;
  clv_result* list = nullptr;
  EXPECT_EQ(clv_plugins_list(made, &list, nullptr), CLV_OK);
  const result_ptr rows(list);
  return text_at(rows, "capabilities", 0).find(CLV_CAP_ACTION_1) != std::string::npos;
}

// "/some/where/winback.so" -> "winback"
std::string name_of(const std::string& path) {
  const std::string file = path.substr(path.rfind('/') + 1);
  return file.substr(0, file.rfind('.'));
}

std::string path_of(const std::string& name) {
  for (const std::string& path : plugin_paths()) {
    if (name_of(path) == name) return path;
  }
  ADD_FAILURE() << "no plugin " << name;
  return "";
}

const market_shop& shop(int seed) {
  static std::map<int, std::unique_ptr<market_shop>> shops;
  auto& one = shops[seed];
  if (one == nullptr) one = std::make_unique<market_shop>(seed);
  return *one;
}

using scores = std::map<std::string, std::vector<score>>;  // by plugin and seed
const scores& all_scores() {
  static const scores made = [] {
    scores all;
    for (int seed = 1; seed <= seeds; ++seed) {
      for (const std::string& path : plugin_paths()) {
        if (!proposes(path)) continue;
        all[name_of(path)].push_back(shop(seed).run_alone(path));
      }
    }
    return all;
  }();
  return made;
}

struct spread {
  double mean = 0, standard_error = 0;
};

spread of(const std::vector<score>& runs, double score::*what) {
  const auto n = static_cast<double>(runs.size());
  spread s;
  for (const score& each : runs) s.mean += each.*what / n;
  double squares = 0;
  for (const score& each : runs) squares += (each.*what - s.mean) * (each.*what - s.mean);
  s.standard_error = std::sqrt(squares / (n - 1) / n);
  return s;
}

double mean_of(const std::vector<score>& runs, int64_t score::*what) {
  double sum = 0;
  for (const score& each : runs) sum += static_cast<double>(each.*what);
  return sum / static_cast<double>(runs.size());
}

// "NOT_PROFITABLE 812, NO_CONSENT 9.5": means, the most frequent first.
std::string codes_of(const std::vector<score>& runs) {
  std::map<std::string, int64_t> sums;
  for (const score& each : runs) {
    for (const auto& [code, count] : each.refused) sums[code] += count;
  }
  std::vector<std::pair<int64_t, std::string>> order;
  for (const auto& [code, count] : sums) order.emplace_back(-count, code);
  std::sort(order.begin(), order.end());
  std::string out;
  for (const auto& [count, code] : order) {
    const double mean = static_cast<double>(-count) / static_cast<double>(runs.size());
    char text[32];
    std::snprintf(text, sizeof text, mean < 10 ? " %.1f" : " %.0f", mean);
    out += (out.empty() ? "" : ", ") + code + text;
  }
  return out.empty() ? "-" : out;
}

void print_head() {
  std::printf(
      "| plugin | proposals | treated | refused | profit with the gate | without it | regret | "
      "given in vain, with | without | ms per 1,000 |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n");
}

void print_row(const std::string& name, const std::vector<score>& runs) {
  const spread gated = of(runs, &score::gated), ungated = of(runs, &score::ungated);
  std::printf(
      "| `%s` | %.0f | %.0f | %s | %.0f ± %.0f | %.0f ± %.0f | %.0f | %.0f %% | %.0f %% | %.0f |\n",
      name.c_str(),
      mean_of(runs, &score::proposals),
      mean_of(runs, &score::treated),
      codes_of(runs).c_str(),
      gated.mean,
      gated.standard_error,
      ungated.mean,
      ungated.standard_error,
      of(runs, &score::oracle).mean - gated.mean,
      100 * of(runs, &score::gated_cannibalised).mean,
      100 * of(runs, &score::ungated_cannibalised).mean,
      of(runs, &score::milliseconds).mean * 1000 / market_shop::customers);
}

TEST(plugin_market, scores_every_plugin) {
  const bool print = std::getenv("CLV_PLUGIN_SCORES") != nullptr;
  if (print) print_head();
  for (const auto& [name, runs] : all_scores()) {
    EXPECT_GT(mean_of(runs, &score::proposals), 0) << name << " finds nothing to propose";
    for (const score& each : runs) {
      EXPECT_LE(each.treated, each.customers) << name;
      EXPECT_EQ(each.without_consent, 0) << name;
      EXPECT_LE(each.gated, each.oracle + 1e-6) << name;  // rounding of sums of thousands
    }
    if (print) print_row(name, runs);
  }
}

std::vector<std::string> items(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    out.push_back(list.substr(at, end - at));
    at = list.find_first_not_of(", ", end);
  }
  return out;
}

TEST(plugin_market, knows_every_column_and_every_action_of_every_plugin) {
  std::set<std::string> known;
  for (const clv_column& c : shop(1).columns()) {
    EXPECT_TRUE(known.emplace(c.name).second) << c.name << " is there twice";
  }
  for (const std::string& path : plugin_paths()) {
    const loaded_plugins one = shop(1).load({path});
    EXPECT_FALSE(one.reads.empty());
    for (const std::string& column : items(one.reads)) {
      EXPECT_EQ(known.count(column), 1U) << one.id << " reads " << column;
    }
    if (!proposes(path)) continue;
    const result_ptr truth = shop(1).truth(one.id);
    std::set<std::string> effects;
    for (int64_t row = 0; row < clv_result_rows(truth.get()); ++row) {
      effects.insert(text_at(truth, "action", row));
    }
    const std::vector<std::string> listed = items(one.actions);
    EXPECT_EQ(effects, std::set<std::string>(listed.begin(), listed.end())) << one.id;
  }
}

TEST(plugin_market, behind_the_gate_none_loses_money_beyond_its_standard_error) {
  for (const auto& [name, runs] : all_scores()) {
    const spread gated = of(runs, &score::gated);
    EXPECT_GE(gated.mean + gated.standard_error, 0) << name;
  }
}

TEST(plugin_market, the_gate_is_worth_having_wherever_a_plugin_loses_without_it) {
  int losing = 0;
  for (const auto& [name, runs] : all_scores()) {
    const spread gated = of(runs, &score::gated), ungated = of(runs, &score::ungated);
    if (!(ungated.mean + ungated.standard_error < 0)) continue;
    ++losing;
    EXPECT_GT(gated.mean, ungated.mean) << name;
  }
  EXPECT_GE(losing, 1);
}

TEST(plugin_market, blanket_20pct_is_refused_to_everybody) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto proposed = shop(seed).proposals(shop(seed).load({path_of("blanket_20pct")}));
    const auto d = shop(seed).decide(proposed, "", false);  // the gate alone, without a policy
    ASSERT_GT(clv_result_rows(proposed.get()), market_shop::customers / 2);
    ASSERT_EQ(clv_result_rows(d.refusals.get()), clv_result_rows(proposed.get()));
    for (int64_t row = 0; row < clv_result_rows(d.refusals.get()); ++row) {
      ASSERT_EQ(text_at(d.refusals, "reason_code", row), "NOT_PROFITABLE");
    }
  }
}

TEST(plugin_market, blanket_20pct_loses_money_where_it_is_carried_out) {
  const std::vector<score>& runs = all_scores().at("blanket_20pct");
  for (const score& each : runs) EXPECT_LT(each.ungated_upper, 0);  // of what really happened
  const spread lost = of(runs, &score::ungated);
  EXPECT_LT(lost.mean + t_7 * lost.standard_error, 0);
}

// Customers with an open complaint whose marketing the others would send: none while holiday_hold
// objects. The gate is not told of the complaints here, or it would refuse them itself.
TEST(plugin_market, holiday_hold_stops_the_others_advertising_to_customers_who_complain) {
  const std::string unfettered = R"({"format": "clv.policy/1"})";
  const auto advertised = [&](int seed, const std::vector<std::string>& names) {
    const market_shop& s = shop(seed);
    std::vector<std::string> paths;
    for (const std::string& name : names) paths.push_back(path_of(name));
    std::set<std::string> complain;
    for (int64_t row = 0; row < clv_result_rows(s.known().get()); ++row) {
      if (number_at(s.known(), "complaint_open", row) > 0) {
        complain.insert(text_at(s.known(), "customer", row));
      }
    }
    const auto d = s.decide(s.proposals(s.load(paths)), unfettered, false);
    int sent = 0, vetoed = 0;
    for (int64_t row = 0; row < clv_result_rows(d.decisions.get()); ++row) {
      const bool marketing = text_at(d.decisions, "category", row) == "marketing";
      const bool treated = !text_at(d.decisions, "action", row).empty();
      sent += treated && marketing && complain.count(text_at(d.decisions, "customer", row)) > 0;
    }
    for (int64_t row = 0; row < clv_result_rows(d.refusals.get()); ++row) {
      vetoed += text_at(d.refusals, "reason_code", row) == "VETOED";
    }
    return std::pair(sent, vetoed);
  };
  int before = 0, vetoed = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const std::vector<std::string> others{
        "early_access", "loyalty_tier", "referral_ask", "template"};
    before += advertised(seed, others).first;
    std::vector<std::string> with_hold = others;
    with_hold.emplace_back("holiday_hold");
    const auto [sent, stopped] = advertised(seed, with_hold);
    EXPECT_EQ(sent, 0);
    vetoed += stopped;
  }
  EXPECT_GT(before, 0);
  EXPECT_GE(vetoed, before);
}

TEST(plugin_market, what_nobody_knows_the_effect_of_happens_in_exploration_only) {
  const std::map<std::string, std::string> unknown{{"second_order", "second_order.benefit"},
                                                   {"early_access", "early_access.draw"},
                                                   {"renewal_guard", "renewal_guard.plan_fit"}};
  const std::string explores =
      R"({"format": "clv.policy/1", "explore": {"share": 1, "method": "uniform", "sd": 0.05}})";
  for (const auto& [plugin, action] : unknown) {
    const auto proposed = shop(1).proposals(shop(1).load({path_of(plugin)}));
    const auto told = shop(1).decide(proposed, "", false);
    int refused = 0, explored = 0;
    for (int64_t row = 0; row < clv_result_rows(told.refusals.get()); ++row) {
      if (text_at(told.refusals, "action", row) != action) continue;
      ++refused;
      EXPECT_EQ(text_at(told.refusals, "reason_code", row), "NO_EVIDENCE");
    }
    const auto tried = shop(1).decide(proposed, explores, false);
    for (int64_t row = 0; row < market_shop::customers; ++row) {
      EXPECT_NE(text_at(told.decisions, "action", row), action);
      if (text_at(tried.decisions, "action", row) != action) continue;
      ++explored;
      EXPECT_EQ(text_at(tried.decisions, "arm", row), "explore");
    }
    EXPECT_GT(refused, 0) << action;
    EXPECT_GT(explored, 0) << action;
  }
}

}  // namespace
