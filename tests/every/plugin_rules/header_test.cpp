// clv_plugin.hpp on its own: texts, amounts, columns with "absent", settings and the manifest.
#include <gtest/gtest.h>

#include <clv_plugin.hpp>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace clv::plugin;

TEST(line, writes_whole_numbers_and_survives_those_that_are_none) {
  line<200> l;
  l << 41.5 << " " << -.3 << " " << std::nan("") << " " << HUGE_VAL << " " << 3;
  EXPECT_EQ(l.view(), "42 0 ? 1000000000000000 3");
}

TEST(line, cuts_at_the_boundary_of_a_character) {
  line<5> l;
  l << "caf\xc3\xa9";  // five bytes where four fit
  EXPECT_EQ(l.view(), "caf");
  line<6> whole;
  whole << "caf\xc3\xa9"
        << "more";
  EXPECT_EQ(whole.view(), "caf\xc3\xa9");
}

std::string in_words(double minor, const char* currency) {
  line<60> l;
  l << money{minor, currency};
  return std::string(l.view());
}

TEST(money, is_written_in_its_own_minor_units) {
  EXPECT_EQ(in_words(1250, "EUR"), "EUR 12.50");
  EXPECT_EQ(in_words(1205, "EUR"), "EUR 12.05");
  EXPECT_EQ(in_words(1200, "EUR"), "EUR 12");
  EXPECT_EQ(in_words(123456, "EUR"), "EUR 1235");  // nobody calls about cents of a thousand
  EXPECT_EQ(in_words(-1250, "EUR"), "EUR -12.50");
  EXPECT_EQ(in_words(700, "JPY"), "JPY 700");
  EXPECT_EQ(in_words(12345, "KWD"), "KWD 12.345");
  EXPECT_EQ(in_words(250, ""), "2.50");
  EXPECT_EQ(in_words(std::nan(""), "EUR"), "an unknown amount");
}

TEST(money, knows_the_currencies_whose_minor_unit_is_no_hundredth) {
  EXPECT_EQ(minor_per_major("EUR"), 100);
  EXPECT_EQ(minor_per_major("JPY"), 1);
  EXPECT_EQ(minor_per_major("BHD"), 1000);
  EXPECT_EQ(minor_per_major("CLF"), 10000);
  EXPECT_EQ(minor_per_major(""), 100);
  EXPECT_EQ(minor_per_major("F B"), 100);  // no code, though letters of two in the list
}

TEST(money, is_rounded_into_what_a_proposal_may_state) {
  EXPECT_EQ(minor_units(2.5), 3);
  EXPECT_EQ(minor_units(-1), 0);
  EXPECT_EQ(minor_units(std::nan("")), 0);
  EXPECT_EQ(minor_units(1e300), std::int64_t{1} << 53);
}

TEST(json_object, escapes_and_leaves_out_what_does_not_fit) {
  json_object<60> o;
  EXPECT_EQ(o.c_str(), nullptr);
  o.add("a", "x\"\\\n").add("n", .25).add("not", std::nan("")).add("long", std::string(80, 'x'));
  EXPECT_STREQ(o.c_str(), R"({"a": "x\"\\\u000a", "n": 0.25})");
  for (int i = 0; i < 20; ++i) o.add("k", i);
  const std::string full = o.c_str();
  EXPECT_LT(full.size(), 60U);
  EXPECT_EQ(full.back(), '}');
}

struct batch {
  std::vector<clv_column> columns;
  clv_batch get() const {
    return {sizeof(clv_batch), static_cast<std::uint32_t>(columns.size()), 2, columns.data()};
  }
};

TEST(columns, read_their_types_and_know_what_is_absent) {
  const double numbers_[] = {1.5, 7};
  const std::int32_t small[] = {-3, 4};
  const std::int64_t amounts_[] = {1250, 99};
  const std::int64_t offsets[] = {0, 3, 3};
  const std::uint8_t first_only = 1;
  const batch b{{{"f", numbers_, &first_only, nullptr, "week", 0, CLV_T_F64, 0, nullptr},
                 {"i", small, nullptr, nullptr, nullptr, 0, CLV_T_I32, 0, nullptr},
                 {"m", amounts_, nullptr, nullptr, "JPY", 0, CLV_T_MONEY, 0, nullptr},
                 {"s", numbers_, nullptr, nullptr, "EUR", 0, CLV_T_F64, 0, nullptr},
                 {"t", "abc", nullptr, offsets, nullptr, 0, CLV_T_UTF8, 0, nullptr}}};
  const clv_batch in = b.get();
  const numbers f(in, "f"), i(in, "i"), none(in, "no such column"), wrong(in, "t");
  EXPECT_EQ(f[0], 1.5);
  EXPECT_TRUE(std::isnan(f[1]));
  EXPECT_EQ(f.days(0), 10.5);
  EXPECT_TRUE(std::isnan(i.days(0)));
  EXPECT_EQ(i[0], -3);
  EXPECT_TRUE(i.yes(0));
  EXPECT_FALSE(f.yes(1));
  EXPECT_TRUE(std::isnan(none[0]) && std::isnan(wrong[0]));
  EXPECT_EQ(integers(in, "m")[0], 1250);
  EXPECT_EQ(integers(in, "f")[0], std::nullopt);
  EXPECT_EQ(amounts(in, "m")[1], 99);
  EXPECT_EQ(amounts(in, "s")[0], 150);  // a score in major units
  EXPECT_TRUE(std::isnan(amounts(in, "i")[0]));
  EXPECT_EQ(texts(in, "t")[0], "abc");
  EXPECT_EQ(texts(in, "t")[1], "");
  EXPECT_EQ(texts(in, "f")[0], "");
}

struct sample_plugin {
  struct settings {
    double share = .005, amount = 500;
  };
  static constexpr setting<settings> knobs[] = {
      {"share", &settings::share, -1, 1, "a \"share\""},
      {"amount", &settings::amount, 0, 1e12, "an amount"}};
  static constexpr clv::plugin::about about{"org.sample", "", "", "", "", ""};
  static constexpr const char* reads[] = {"x", "T"};
  static constexpr const char* actions[] = {"sample.act"};
};

TEST(manifest, is_written_by_the_compiler_from_the_tables) {
  static_assert(sizeof detail::manifest<sample_plugin>.to > 100);
  EXPECT_STREQ(
      detail::manifest<sample_plugin>.to,
      R"({"reads": ["x", "T"], "actions": ["sample.act"], "config": {"type": "object", )"
      R"("additionalProperties": false, "properties": {)"
      R"("share": {"type": "number", "minimum": -1, "maximum": 1, "default": 0.005, )"
      R"("description": "a \"share\""}, )"
      R"("amount": {"type": "number", "minimum": 0, "maximum": 1000000000000, "default": 500, )"
      R"("description": "an amount"}}}})");
}

TEST(settings, are_read_from_a_flat_object_and_a_refusal_names_the_key) {
  const auto read = [](const char* config, sample_plugin::settings& into) {
    detail::config_reader<sample_plugin> reader(config);
    return reader.read(into) ? std::string() : std::string(reader.why());
  };
  sample_plugin::settings set;
  EXPECT_EQ(read(R"( { "amount" : 7e1 } )", set), "");
  EXPECT_EQ(set.amount, 70);
  EXPECT_EQ(set.share, .005);
  EXPECT_EQ(read(R"({"share": 2})", set),
            "sample: setting 'share' must be a number within its range");
  EXPECT_EQ(read(R"({"shares": 0})", set),
            "sample: setting 'shares' is unknown; the manifest lists the settings");
  EXPECT_EQ(read(R"({"share": 0,})", set), "sample: expected a setting's name in quotes");
}

// A plugin that does as its setting says: 0 proposes, 1 throws, 2 throws what is no exception.
struct unruly {
  struct settings {
    double mood = 0;
  };
  static constexpr setting<settings> knobs[] = {{"mood", &settings::mood, 0, 2, "what it does"}};
  static constexpr clv::plugin::about about{"org.unruly", "", "", "", "", ""};
  static constexpr const char* reads[] = {"x"};
  static constexpr const char* actions[] = {"unruly.act"};
  struct columns {
    const clv_batch& in;
  };
  settings set;
  void propose(const columns&, std::int64_t row, outbox& out) const {
    if (set.mood == 1) throw std::runtime_error("the price list cannot be read");
    if (set.mood == 2) throw 7;
    proposal p(row, "unruly.act", "email");
    p.reason << "Row " << row << ".";
    out.emit(p);
    out.emit(p);
  }
};

// A host of the least kind, and what became of a call.
struct host_of_unruly {
  std::string said;
  std::int32_t cancelled = 0;
  int emits_until_refusal = 1000, emitted = 0;
  clv_status run(const char* config, std::int64_t rows) {
    clv_plugin_host host = CLV_SIZED(clv_plugin_host);
    host.ctx = this;
    host.fail = [](void* ctx, std::int64_t, const char* text) {
      static_cast<host_of_unruly*>(ctx)->said = text;
    };
    host.cancelled = [](void* ctx) { return static_cast<host_of_unruly*>(ctx)->cancelled; };
    clv_proposal_sink sink = CLV_SIZED(clv_proposal_sink);
    sink.ctx = this;
    sink.emit = [](void* ctx, const clv_proposal*) -> clv_status {
      auto& me = *static_cast<host_of_unruly*>(ctx);
      return ++me.emitted > me.emits_until_refusal ? CLV_E_LIMIT : CLV_OK;
    };
    const auto& entry = detail::entry<unruly, outbox, feature_values>;
    void* instance = nullptr;
    const clv_status made = entry.create(&host, config, &instance);
    if (made < 0) return made;
    const clv_batch in{sizeof(clv_batch), 0, rows, nullptr};
    const auto* action = static_cast<const clv_action_v1*>(entry.get_capability(CLV_CAP_ACTION_1));
    const clv_status done = action->propose(instance, &in, &sink);
    entry.destroy(instance);
    return done;
  }
};

TEST(boundary, turns_an_exception_into_a_failure_with_its_words) {
  host_of_unruly host;
  EXPECT_EQ(host.run(R"({"mood": 1})", 3), CLV_E_PLUGIN);
  EXPECT_EQ(host.said, "the price list cannot be read");
  EXPECT_EQ(host.run(R"({"mood": 2})", 3), CLV_E_PLUGIN);
  EXPECT_EQ(host.said, "it threw something that is no std::exception");
}

TEST(boundary, asks_each_row_and_stops_when_the_host_wants_no_more) {
  host_of_unruly host;
  EXPECT_EQ(host.run("{}", 3), CLV_OK);
  EXPECT_EQ(host.emitted, 6);
  host_of_unruly full{.said = "", .cancelled = 0, .emits_until_refusal = 3, .emitted = 0};
  EXPECT_EQ(full.run("{}", 3), CLV_E_LIMIT);
  EXPECT_EQ(full.emitted, 4);  // not asked again after a refusal
  host_of_unruly impatient{.said = "", .cancelled = 1};
  EXPECT_EQ(impatient.run("{}", 3), CLV_E_CANCELLED);
  EXPECT_EQ(impatient.emitted, 0);
}

TEST(boundary, makes_no_instance_of_a_wrong_configuration) {
  host_of_unruly host;
  EXPECT_EQ(host.run(R"({"mood": 3})", 3), CLV_E_INVALID);
  EXPECT_EQ(host.said, "unruly: setting 'mood' must be a number within its range");
}

// Features and segments, and no actions.
struct sorter {
  struct settings {
    double cut = 10;
  };
  static constexpr setting<settings> knobs[] = {{"cut", &settings::cut, 0, 100, "many from here"}};
  static constexpr clv::plugin::about about{"org.sorter", "", "", "", "", ""};
  static constexpr const char* reads[] = {"x"};
  static constexpr const char* features[] = {"half", "root"};
  static constexpr const char* segments[] = {"few", "many"};
  struct columns {
    const clv_batch& in;
    numbers x{in, "x"};
  };
  settings set;
  void compute(const columns& of, std::int64_t row, feature_values& out) const {
    out.set(row, "half", of.x[row] / 2);
    out.set(row, "root", std::sqrt(of.x[row]));
  }
  const char* segment(const columns& of, std::int64_t row) const {
    if (!(of.x[row] >= 0)) return nullptr;
    return of.x[row] < set.cut ? "few" : "many";
  }
};

using sorter_glue = detail::glue<sorter, outbox, feature_values>;

// What a plugin said: "0 half 2" or "1 many".
struct host_of_sorter {
  clv_plugin_host host = CLV_SIZED(clv_plugin_host);
  void* instance = nullptr;
  std::vector<std::string> said;
  std::size_t room = 100;
  const double x[3] = {4, -1, 16};
  clv_column column{};
  clv_batch in{sizeof(clv_batch), 1, 3, &column};

  host_of_sorter() {
    host.ctx = this;
    host.cancelled = [](void*) { return std::int32_t{0}; };
    host.fail = [](void*, std::int64_t, const char*) {};
    column.name = "x";
    column.type = CLV_T_F64;
    column.data = x;
    EXPECT_EQ(sorter_glue::create(&host, "{}", &instance), CLV_OK);
  }
  ~host_of_sorter() { sorter_glue::destroy(instance); }
  host_of_sorter(const host_of_sorter&) = delete;
  host_of_sorter& operator=(const host_of_sorter&) = delete;

  clv_status keep(std::int64_t row, const std::string& words) {
    if (said.size() >= room) return CLV_E_LIMIT;
    said.push_back(std::to_string(row) + " " + words);
    return CLV_OK;
  }
  clv_status compute() {
    const clv_feature_sink sink{
        sizeof(clv_feature_sink),
        0,
        this,
        [](void* ctx, std::int64_t row, const char* name, double value) -> clv_status {
          const std::string words = name + std::string(" ") + std::to_string(std::lround(value));
          return static_cast<host_of_sorter*>(ctx)->keep(row, words);
        }};
    const void* table = sorter_glue::get_capability(CLV_CAP_FEATURE_1);
    return static_cast<const clv_feature_v1*>(table)->compute(instance, &in, &sink);
  }
  clv_status segment() {
    const clv_segment_sink sink{sizeof(clv_segment_sink),
                                0,
                                this,
                                [](void* ctx, std::int64_t row, const char* name) -> clv_status {
                                  return static_cast<host_of_sorter*>(ctx)->keep(row, name);
                                }};
    const void* table = sorter_glue::get_capability(CLV_CAP_SEGMENTATION_1);
    return static_cast<const clv_segmentation_v1*>(table)->segment(instance, &in, &sink);
  }
};

TEST(capabilities, are_those_whose_names_the_struct_has) {
  EXPECT_EQ(sorter_glue::get_capability(CLV_CAP_ACTION_1), nullptr);
  EXPECT_NE(sorter_glue::get_capability(CLV_CAP_FEATURE_1), nullptr);
  EXPECT_NE(sorter_glue::get_capability(CLV_CAP_SEGMENTATION_1), nullptr);
  for (const char* other :
       {"clv.feature/11", "clv.feature/1 ", "clv.feature", "clv.segmentation/"}) {
    EXPECT_EQ(sorter_glue::get_capability(other), nullptr) << other;
  }
  EXPECT_EQ(std::string(detail::manifest<sorter>.to).find("\"actions\""), std::string::npos);
  const std::string start =
      R"({"reads": ["x"], "features": ["half", "root"], "segments": ["few", "many"], "config": )";
  EXPECT_EQ(std::string(detail::manifest<sorter>.to).substr(0, start.size()), start);
}

TEST(capabilities, say_what_is_known_row_by_row) {
  host_of_sorter host;
  EXPECT_EQ(host.compute(), CLV_OK);
  const std::vector<std::string> features{
      "0 half 2", "0 root 2", "1 half -1", "2 half 8", "2 root 4"};
  EXPECT_EQ(host.said, features) << "the root of -1 is no number and is left out";
  host.said.clear();
  EXPECT_EQ(host.segment(), CLV_OK);
  EXPECT_EQ(host.said, (std::vector<std::string>{"0 few", "2 many"}));
}

TEST(capabilities, stop_when_the_sink_refuses) {
  host_of_sorter host;
  host.room = 1;
  EXPECT_EQ(host.compute(), CLV_E_LIMIT);
  EXPECT_EQ(host.said.size(), 1U);
  host.said.clear();
  EXPECT_EQ(host.segment(), CLV_E_LIMIT);
  EXPECT_EQ(host.said.size(), 1U);
}

}  // namespace
