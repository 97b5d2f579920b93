// The memory limit: asked before a verb begins, by row counts alone.
#include <charconv>
#include <functional>
#include <map>

#include "shop.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::log_of;
using clv::test::mentions;

namespace {

// Proposes nothing: what counts here is what deciding would need.
class silent final : public proposer {
 public:
  std::string_view id() const override { return "test.silent"; }
  void propose(const table&, std::size_t, std::size_t, table&, issues&) override {}
};

class memory_limit : public testing::Test {
 protected:
  test::temp_folder folder_;
  std::string path_ = (folder_.path() / "shop.clv").string();
  silent idle_;

  engine open(std::int64_t limit) { return engine({.path = path_, .memory_limit = limit}); }
  void SetUp() override {
    engine e = open(0);
    test::ingest(e, log_of(test::busy_shop()));
    e.fit({}, {}).run();
    e.score({}).run();
    e.segment({}).run();
    e.decide({&idle_}, {}).run();
  }

  using verb = std::function<void(engine&)>;
  std::map<std::string, verb> verbs() {
    return {
        {"ingest", [](engine& e) { e.ingest(log_of(test::busy_shop()), {.source = "shop"}); }},
        {"record", [](engine& e) { e.record("contacts", log_of(test::busy_shop()), {}); }},
        {"fit", [](engine& e) { e.fit({}, {}); }},
        {"score", [](engine& e) { e.score({}); }},
        {"score the log", [](engine& e) { e.score({}, {.summarise = true}); }},
        {"segment", [](engine& e) { e.segment({}); }},
        {"propose", [this](engine& e) { e.propose({&idle_}); }},
        {"decide", [this](engine& e) { e.decide({&idle_}, {}); }},
        {"replay", [](engine& e) { e.replay(); }},
        {"report", [](engine& e) { e.report("cohorts", {}, "{}"); }},
    };
  }
};

std::int64_t number_after(const std::string& text, const std::string& words) {
  const std::size_t at = text.find(words);
  std::int64_t number = -1;
  if (at != std::string::npos) {
    const char* const first = text.data() + at + words.size();
    std::from_chars(first, text.data() + text.size(), number);
  }
  return number;
}

}  // namespace

TEST_F(memory_limit, refuses_every_verb_before_it_begins_naming_need_limit_and_remedy) {
  engine e = open(1000);
  for (const auto& [name, begin] : verbs()) {
    const issue why = error_of([&, &call = begin] { call(e); });
    EXPECT_EQ(why.code, status::limit) << name;
    EXPECT_TRUE(why.message.starts_with(name + " needs about ")) << why.message;
    EXPECT_TRUE(mentions(why.message, "the memory limit is 1000")) << why.message;
    EXPECT_GT(number_after(why.hint, "set memory_limit to at least "), 1000) << why.hint;
  }
}

TEST_F(memory_limit, lets_begin_what_needs_just_as_much_and_nothing_more) {
  for (const auto& [name, begin] : verbs()) {
    if (name == "record") continue;  // those rows are no contacts
    const auto refused = [&, &call = begin](std::int64_t limit) {
      engine e = open(limit);
      return error_of([&] { call(e); });
    };
    const std::int64_t need = number_after(refused(1000).hint, "set memory_limit to at least ");
    EXPECT_EQ(refused(need - 1).code, status::limit) << name;
    engine e = open(need);
    EXPECT_NO_THROW(begin(e)) << name << " with " << need;
  }
}

TEST_F(memory_limit, is_of_each_batch_of_a_source) {
  struct one final : row_source {
    std::shared_ptr<const table> batch;
    int left = 0;
    std::shared_ptr<const table> next(const room&) override { return left-- > 0 ? batch : nullptr; }
  };
  const auto begin = [](engine& e, int batches) {
    auto rows = std::make_shared<one>();
    rows->batch = log_of({{"ann", 1, 100, ""}, {"bob", 2, 200, ""}});
    rows->left = batches;
    return e.ingest(std::move(rows), ingest_options{});
  };
  std::int64_t need = 0;
  {
    engine small = open(1000);
    const issue why = error_of([&] { begin(small, 1).run(); });
    EXPECT_EQ(why.code, status::limit);
    need = number_after(why.hint, "at least ");
  }
  {
    engine enough = open(need);
    begin(enough, 50).run();
  }
  EXPECT_GT(open(0).read("transactions")->rows(), 100U);
}

TEST_F(memory_limit, that_is_negative_is_refused) {
  EXPECT_EQ(error_of([&] { open(-1); }).code, status::invalid);
}
