// Segments by a segmenter, in the shape of those of a scheme.
#include <gtest/gtest.h>

#include <string>

#include "clv/error.hpp"
#include "clv/extension.hpp"

namespace clv {
namespace {

// By the number of the row: every third in none, else by whether it is even.
class by_number final : public segmenter {
 public:
  std::string_view id() const override { return "org.by_number"; }
  std::string settings() const override { return "{\"k\":2}"; }
  std::string reads() const override { return "clv,attr.city"; }
  void assign(const table&, std::size_t first, std::size_t last, column& to, issues&) override {
    if (fails && last > 5000) throw error(status::plugin, "no more");
    for (std::size_t row = first; row < last; ++row) {
      if (row % 3 == 0) {
        if (row + 1 == last) return;  // what is left out at the end is in none, too
        to.push_absent();
      } else {
        to.push(std::string_view(row % 2 == 0 ? "even" : "odd"));
      }
    }
  }
  bool fails = false;
};

std::shared_ptr<const table> scores(std::size_t rows) {
  auto t = std::make_shared<table>();
  column& id = t->add("customer", type::utf8);
  column& clv = t->add("clv", type::f64, "EUR");
  for (std::size_t row = 0; row < rows; ++row) {
    id.push(std::string_view(std::to_string(row)));
    clv.push(static_cast<double>(row % 2 == 0 ? 10 : 20));
  }
  t->seal("scores");
  return t;
}

TEST(segmenter, gives_the_tables_of_a_scheme) {
  by_number by;
  job work = segment(scores(9000), by);
  work.run();
  const auto& tables = work.result().tables;
  const table& assigned = *tables.at("");
  ASSERT_EQ(assigned.rows(), 9000U);
  EXPECT_EQ(assigned.find("customer")->text(8999), "8999");
  EXPECT_EQ(assigned.find("scheme")->text(0), "plugin:org.by_number");
  EXPECT_EQ(assigned.find("reads")->text(0), "clv,attr.city");
  EXPECT_EQ(assigned.find("segment")->text(8), "even");
  EXPECT_FALSE(assigned.find("segment")->present(8997));
  const table& rule = *tables.at("rule");
  EXPECT_EQ(rule.find("options_json")->text(0), "{\"k\":2}");
}

TEST(segmenter, profiles_those_who_are_in_a_segment) {
  by_number by;
  job work = segment(scores(9000), by);
  work.run();
  const table& profile = *work.result().tables.at("profile");
  ASSERT_EQ(profile.rows(), 2U);
  EXPECT_EQ(profile.find("segment")->text(0), "odd") << "worth more";
  EXPECT_EQ(profile.integers("customers", type::i64)[0], 3000);
  EXPECT_DOUBLE_EQ(profile.numbers("share")[0], 1. / 3);
  ASSERT_EQ(work.result().notes.size(), 1U);
  EXPECT_EQ(work.result().notes[0].message, "3000 of 9000 customers are in no segment");
}

TEST(segmenter, that_fails_fails_the_job) {
  by_number by;
  by.fails = true;
  job work = segment(scores(9000), by);
  EXPECT_THROW(work.run(), error);
}

TEST(segmenter, of_no_rows_gives_none) {
  by_number by;
  job work = segment(scores(0), by);
  work.run();
  EXPECT_EQ(work.result().tables.at("")->rows(), 0U);
  EXPECT_EQ(work.result().tables.at("profile")->rows(), 0U);
}

}  // namespace
}  // namespace clv
