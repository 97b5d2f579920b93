// The battery every plugin built by clv_add_plugin goes through, loaded as a host would load it.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <cmath>
#include <numeric>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "plugin_harness.hpp"

namespace clv::test {
namespace {

std::vector<std::string> plugin_paths() {
  std::istringstream paths(CLV_PLUGIN_PATHS);
  std::vector<std::string> all;
  for (std::string path; std::getline(paths, path, '|');) all.push_back(path);
  return all;
}

struct capability {
  const char *id, *names;  // of the manifest's member
};
constexpr capability every_capability[] = {{CLV_CAP_ACTION_1, "actions"},
                                           {CLV_CAP_FEATURE_1, "features"},
                                           {CLV_CAP_SEGMENTATION_1, "segments"}};

void add(const answers& from, answers& to) {
  to.proposals.insert(to.proposals.end(), from.proposals.begin(), from.proposals.end());
  to.features.insert(to.features.end(), from.features.begin(), from.features.end());
  to.segments.insert(to.segments.end(), from.segments.begin(), from.segments.end());
}

// Each list of it, changed by `change`.
template <typename Change>
answers changed(answers said, Change&& change) {
  change(said.proposals);
  change(said.features);
  change(said.segments);
  return said;
}

// What was said of row i is said of row places[i].
answers at_rows(const answers& said, const std::vector<std::int64_t>& places) {
  return changed(said, [&](auto& list) {
    for (auto& one : list) one.row = places.at(static_cast<std::size_t>(one.row));
  });
}

answers by_row(const answers& said) {
  return changed(said, [](auto& list) {
    std::stable_sort(
        list.begin(), list.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
  });
}

class every_plugin : public testing::TestWithParam<std::string> {
 protected:
  every_plugin()
      : entry_(load_entry(GetParam(), CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR))),
        manifest_(boost::json::parse(entry_->manifest_json).as_object()) {
    for (const auto& name : manifest_.at("reads").as_array()) {
      reads_.emplace_back(name.as_string());
    }
    granted_ = with_columns(market(), reads_);
  }
  // Made once: it is the same for all.
  static const sample& market() {
    static const sample made = sample_market();
    return made;
  }
  run_result run(const sample& s, const layout& how = {}) {
    plugin_instance mine(entry_, "{}");
    EXPECT_EQ(mine.created(), CLV_OK) << mine.said();
    return mine.ask(s, how);
  }
  const sample& granted() const { return granted_; }
  bool has(const capability& c) const { return entry_->get_capability(c.id) != nullptr; }
  std::vector<std::string> names(const capability& c) const {
    std::vector<std::string> all;
    const auto* list = manifest_.if_contains(c.names);
    if (list == nullptr) return all;
    for (const auto& name : list->as_array()) all.emplace_back(name.as_string());
    return all;
  }
  // The settings the manifest describes; empty when it has none.
  boost::json::object settings() const {
    const auto* config = manifest_.if_contains("config");
    if (config == nullptr) return {};
    const auto* properties = config->as_object().if_contains("properties");
    return properties == nullptr ? boost::json::object() : properties->as_object();
  }
  void expect_refused(const std::string& config) {
    plugin_instance mine(entry_, config);
    EXPECT_LT(mine.created(), 0) << config;
    EXPECT_FALSE(mine.exists()) << config;
    EXPECT_FALSE(mine.said().empty()) << config;
  }

  const clv_plugin_entry* entry_;
  boost::json::object manifest_;
  std::vector<std::string> reads_;
  sample granted_;
};

TEST_P(every_plugin, describes_itself) {
  for (const char* text : {entry_->id,
                           entry_->name,
                           entry_->version,
                           entry_->vendor,
                           entry_->licence,
                           entry_->summary,
                           entry_->manifest_json}) {
    ASSERT_NE(text, nullptr);
    EXPECT_NE(*text, '\0');
  }
  EXPECT_EQ(entry_->struct_size, sizeof(clv_plugin_entry));
  EXPECT_LE(entry_->abi_needs, entry_->abi_built);
  for (const capability& c : every_capability) {
    if (has(c)) {
      EXPECT_FALSE(names(c).empty()) << c.names;
    }
  }
}

TEST_P(every_plugin, gives_the_same_entry_again_and_none_to_another_major) {
  EXPECT_EQ(load_entry(GetParam(), CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR)), entry_);
  EXPECT_EQ(load_entry(GetParam(), CLV_ABI_PACK(CLV_ABI_MAJOR + 1, 0)), nullptr);
}

TEST_P(every_plugin, knows_its_capabilities_by_the_whole_id_only) {
  int known = 0;
  for (const capability& c : every_capability) {
    known += has(c) ? 1 : 0;
    const std::string id = c.id;
    for (const std::string& other : {id + "0", id + " ", id.substr(0, id.size() - 1), "x" + id}) {
      EXPECT_EQ(entry_->get_capability(other.c_str()), nullptr) << other;
    }
  }
  EXPECT_GT(known, 0);
  EXPECT_EQ(entry_->get_capability(""), nullptr);
}

TEST_P(every_plugin, says_something_on_the_sample_market) {
  const run_result r = run(granted());
  EXPECT_EQ(r.status, CLV_OK) << r.said;
  EXPECT_EQ(r.proposals.empty(), !has(every_capability[0]));
  EXPECT_EQ(r.features.empty(), !has(every_capability[1]));
  EXPECT_EQ(r.segments.empty(), !has(every_capability[2]));
  EXPECT_LT(r.proposals.size(), 3 * rows_of(granted()));
}

TEST_P(every_plugin, states_only_features_and_segments_of_its_manifest) {
  const run_result r = run(granted());
  const auto rows = static_cast<std::int64_t>(rows_of(granted()));
  for (const auto& [said, declared] : {std::pair(r.features, names(every_capability[1])),
                                       std::pair(r.segments, names(every_capability[2]))}) {
    for (const stated& one : said) {
      EXPECT_TRUE(one.row >= 0 && one.row < rows) << one.row;
      EXPECT_EQ(std::count(declared.begin(), declared.end(), one.name), 1) << one.name;
      EXPECT_TRUE(std::isfinite(one.value)) << one.name;
    }
  }
}

TEST_P(every_plugin, proposes_only_what_the_core_can_price) {
  const auto actions = names(every_capability[0]);
  const auto rows = static_cast<std::int64_t>(rows_of(granted()));
  for (const proposed& p : run(granted()).proposals) {
    EXPECT_TRUE(p.row >= 0 && p.row < rows) << p.row;
    EXPECT_EQ(std::count(actions.begin(), actions.end(), p.action), 1) << p.action;
    EXPECT_FALSE(p.channel.empty());
    EXPECT_TRUE(p.effect_mean >= -1 && p.effect_mean <= 1);
    EXPECT_TRUE(std::isfinite(p.effect_sd) && p.effect_sd >= 0);
    EXPECT_TRUE(std::isfinite(p.effect_n) && p.effect_n >= 0);
    EXPECT_TRUE(std::isfinite(p.agent_minutes) && p.agent_minutes >= 0);
    for (const std::int64_t amount :
         {p.response_value, p.benefit, p.contact_cost, p.horizon_us, p.worst_case}) {
      EXPECT_TRUE(amount >= 0 && amount <= std::int64_t{1} << 53) << amount;
    }
    for (const double share :
         {p.discount_share, p.pull_forward, p.unsubscribe_effect, p.response_p0}) {
      EXPECT_TRUE(share >= 0 && share <= 1) << share;
    }
    EXPECT_TRUE(p.response_p0 == 0 || (p.flags & CLV_PROPOSAL_HAS_P0) != 0);
    EXPECT_TRUE(std::isfinite(p.resource_units) && p.resource_units >= 0);
    EXPECT_TRUE(p.resource_units == 0 || !p.resource.empty());
    EXPECT_TRUE(p.expires_us == 0 || p.expires_us > 1'767'225'600'000'000);  // the host's clock
  }
}

TEST_P(every_plugin, says_truthfully_what_it_gives) {
  const std::vector<std::string> categories{
      "", "marketing", "service", "research", "transactional"};
  const std::vector<std::string> kinds{
      "", "discount", "free_shipping", "early_access", "gift", "points"};
  const std::string name = std::string(entry_->id).substr(std::string(entry_->id).rfind('.') + 1);
  for (const proposed& p : run(granted()).proposals) {
    EXPECT_EQ(p.action.rfind(name + ".", 0), 0U) << p.action;
    EXPECT_EQ(std::count(categories.begin(), categories.end(), p.category), 1) << p.category;
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), p.benefit_kind), 1) << p.benefit_kind;
    EXPECT_TRUE(p.benefit == 0 || !p.benefit_kind.empty()) << p.action;
    EXPECT_TRUE(p.discount_share == 0 || p.benefit_kind == "discount") << p.action;
    EXPECT_TRUE(p.worst_case == 0 || p.worst_case >= p.benefit + p.contact_cost) << p.action;
    constexpr std::uint32_t known =
        CLV_PROPOSAL_VETO | CLV_PROPOSAL_NEEDS_APPROVAL | CLV_PROPOSAL_HAS_P0;
    EXPECT_EQ(p.flags & ~known, 0U) << p.action;
  }
}

TEST_P(every_plugin, gives_the_variables_of_its_message_as_one_json_object) {
  for (const proposed& p : run(granted()).proposals) {
    if (p.message.empty()) continue;
    boost::system::error_code failed;
    const auto parsed = boost::json::parse(p.message, failed);
    EXPECT_TRUE(!failed && parsed.is_object()) << p.message;
  }
}

TEST_P(every_plugin, gives_a_sentence_as_its_reason) {
  for (const proposed& p : run(granted()).proposals) {
    ASSERT_GT(p.reason.size(), 10U);
    EXPECT_EQ(p.reason.back(), '.') << p.reason;
    for (const char* junk : {"nan", "inf", "-0"}) {
      EXPECT_EQ(p.reason.find(junk), std::string::npos) << p.reason;
    }
  }
}

TEST_P(every_plugin, gives_the_same_for_the_same_input) {
  plugin_instance mine(entry_, "{}");
  const auto first = mine.ask(granted()).all();
  EXPECT_EQ(mine.ask(granted()).all(), first);  // the same instance
  EXPECT_EQ(run(granted()).all(), first);       // another one
}

TEST_P(every_plugin, of_no_rows_says_nothing) {
  const run_result r = run(with_rows(granted(), {}));
  EXPECT_EQ(r.status, CLV_OK) << r.said;
  EXPECT_TRUE(r.empty());
}

TEST_P(every_plugin, says_of_each_row_alone_what_it_says_in_the_batch) {
  answers alone;
  plugin_instance mine(entry_, "{}");
  for (std::size_t row = 0; row < rows_of(granted()); ++row) {
    const run_result one = mine.ask(with_rows(granted(), {row}));
    add(at_rows(one.all(), {static_cast<std::int64_t>(row)}), alone);
  }
  EXPECT_EQ(alone, by_row(run(granted()).all()));
}

TEST_P(every_plugin, says_the_same_per_customer_when_rows_are_permuted) {
  std::vector<std::size_t> order(rows_of(granted()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::reverse(order.begin(), order.end());
  std::rotate(order.begin(), order.begin() + 7, order.end());
  const std::vector<std::int64_t> places(order.begin(), order.end());
  EXPECT_EQ(by_row(at_rows(run(with_rows(granted(), order)).all(), places)),
            by_row(run(granted()).all()));
}

TEST_P(every_plugin, reads_only_the_columns_of_its_manifest_by_name_and_stride) {
  const auto expected = run(granted()).all();
  EXPECT_EQ(run(market()).all(), expected) << "more columns than it reads";
  EXPECT_EQ(run(granted(), {.reversed = true}).all(), expected) << "columns reversed";
  EXPECT_EQ(run(granted(), {.stride = 24}).all(), expected) << "a stride of 24 bytes";
}

TEST_P(every_plugin, takes_no_value_that_is_marked_absent) {
  EXPECT_EQ(run(granted(), {.other_trap = true}).all(), run(granted()).all());
}

TEST_P(every_plugin, says_nothing_when_its_columns_are_missing) {
  EXPECT_TRUE(run(sample{}).all().empty());
  const run_result r = run(with_columns(market(), {"customer", "mean_spend"}));
  EXPECT_TRUE(r.empty());
}

TEST_P(every_plugin, stops_when_what_it_says_is_refused) {
  const run_result r = run(granted(), {.emit_limit = 1});
  EXPECT_LE(r.size(), 1U);
  if (run(granted()).all().size() > 1) {
    EXPECT_LT(r.status, 0);
  }
}

TEST_P(every_plugin, keeps_two_instances_apart) {
  plugin_instance first(entry_, "{}");
  const auto expected = first.ask(granted()).all();
  {
    plugin_instance second(entry_, "{}");
    second.ask(sample{});
    EXPECT_EQ(second.ask(granted()).all(), expected);
  }
  EXPECT_EQ(first.ask(granted()).all(), expected);
}

TEST_P(every_plugin, does_not_mind_another_thread) {
  plugin_instance mine(entry_, "{}");
  const auto expected = mine.ask(granted()).all();
  answers elsewhere;
  std::thread([&] { elsewhere = mine.ask(granted()).all(); }).join();
  EXPECT_EQ(elsewhere, expected);
}

TEST_P(every_plugin, refuses_a_configuration_that_is_no_object_or_has_unknown_settings) {
  for (const char* config : {"",
                             "{",
                             "}",
                             "[]",
                             "null",
                             "1",
                             "{} x",
                             "{\"no such setting\": 1}",
                             "{\"no such setting\"}",
                             "{1: 2}",
                             "{\"a\": }",
                             "{,}"}) {
    expect_refused(config);
  }
}

TEST_P(every_plugin, refuses_settings_of_the_wrong_type_or_out_of_range) {
  for (const auto& setting : settings()) {
    const std::string key = "{\"" + std::string(setting.key()) + "\": ";
    const auto& rule = setting.value().as_object();
    ASSERT_EQ(rule.at("type").as_string(), "number") << "teach this test the other types";
    for (const char* wrong : {"\"1\"", "true", "null", "[1]", "{}", "nan", "inf", "", "1e999"}) {
      expect_refused(key + wrong + "}");
    }
    if (const auto* least = rule.if_contains("minimum")) {
      expect_refused(key + std::to_string(least->to_number<double>() - 1) + "}");
    }
    if (const auto* most = rule.if_contains("maximum")) {
      expect_refused(key + std::to_string(most->to_number<double>() + 1) + "}");
    }
  }
}

TEST_P(every_plugin, has_the_defaults_its_manifest_states) {
  std::string config = "{";
  for (const auto& setting : settings()) {
    config += (config.size() > 1 ? ", \"" : "\"") + std::string(setting.key()) +
              "\": " + boost::json::serialize(setting.value().at("default"));
  }
  config += "}";
  plugin_instance stated(entry_, config);
  ASSERT_EQ(stated.created(), CLV_OK) << stated.said();
  EXPECT_EQ(stated.ask(granted()).all(), run(granted()).all());
}

// "/some/where/winback.so" -> "winback", with '_' for what GoogleTest does not take in a name.
std::string name_of(const testing::TestParamInfo<std::string>& path) {
  std::string name = path.param.substr(path.param.rfind('/') + 1);
  name.resize(name.rfind('.'));
  const auto odd = [](unsigned char c) { return std::isalnum(c) == 0; };
  std::replace_if(name.begin(), name.end(), odd, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(plugins, every_plugin, testing::ValuesIn(plugin_paths()), name_of);

}  // namespace
}  // namespace clv::test
