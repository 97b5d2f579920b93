// What every segmentation promises, for every row of the table.
#include <gtest/gtest.h>

#include <map>

#include "clv/error.hpp"
#include "clv/score.hpp"
#include "clv/segment.hpp"
#include "market.hpp"

namespace clv {
namespace {

// Scores of n customers, the rows turned around when asked; every 50th has no value.
std::shared_ptr<table> scores(std::size_t n, bool reversed = false) {
  const model& purchase = find_model("bg_nbd");
  const model& spend = find_model("gamma_gamma");
  auto rows = test::people(&purchase, &spend, n);
  auto m = std::make_shared<fitted_model>();
  m->purchase = {.which = &purchase, .parameters = test::truth_of(purchase)};
  m->spend = estimates{.which = &spend, .parameters = test::truth_of(spend)};
  if (reversed) std::reverse(rows.begin(), rows.end());
  auto summary = test::summary_of(rows);
  column& customer = summary->add("customer", type::utf8);
  for (std::size_t i = 0; i < n; ++i) {
    customer.push(std::string_view("c" + std::to_string(reversed ? n - 1 - i : i)));
  }
  job j = score(m, summary, {.horizon = 52});
  j.run();
  auto out = std::make_shared<table>(*j.result().tables.at(""));
  for (std::size_t i = 0; i < n; ++i) {
    if ((reversed ? n - 1 - i : i) % 50 != 49) continue;
    for (const char* name : {"clv", "clv_mu", "clv_sigma"}) out->find(name)->mark_absent(i);
  }
  return out;
}

class every_segmentation : public testing::TestWithParam<const segmentation*> {
 protected:
  const segmentation& scheme() const { return *GetParam(); }
  static std::map<std::string, std::string> by_customer(const table& t) {
    std::map<std::string, std::string> out;
    for (std::size_t i = 0; i < t.rows(); ++i) {
      out[std::string(t.find("customer")->text(i))] = t.find("segment")->text(i);
    }
    return out;
  }
};

TEST_P(every_segmentation, is_a_partition_with_a_profile_that_adds_up) {
  job j = segment(scores(500), {.scheme = std::string(scheme().name)});
  j.run();
  const table& t = *j.result().tables.at("");
  const table& profile = *j.result().tables.at("profile");
  ASSERT_EQ(t.rows(), 500U);
  std::map<std::string, std::int64_t> counted;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    EXPECT_EQ(t.find("scheme")->text(i), scheme().name);
    EXPECT_FALSE(t.find("segment")->text(i).empty());
    counted[std::string(t.find("segment")->text(i))] += 1;
  }
  EXPECT_EQ(profile.rows(), counted.size());
  double share = 0;
  for (std::size_t i = 0; i < profile.rows(); ++i) {
    const std::string name(profile.find("segment")->text(i));
    EXPECT_EQ(profile.integers("customers", type::i64)[i], counted[name]) << name;
    share += profile.numbers("share")[i];
  }
  EXPECT_NEAR(share, 1.0, 1e-12);
  EXPECT_GT(profile.rows(), 1U) << "one segment for all says nothing";
}

TEST_P(every_segmentation, does_not_depend_on_the_order_of_rows) {
  EXPECT_EQ(by_customer(scheme().assign(*scores(300), "")),
            by_customer(scheme().assign(*scores(300, true), "")));
}

TEST_P(every_segmentation, learns_a_rule_that_does_the_same) {
  for (const std::size_t n : {std::size_t{400}, std::size_t{1}, std::size_t{0}}) {
    const auto all = scores(n);
    const std::string rule = scheme().learn(*all, "").options_json;
    EXPECT_EQ(by_customer(scheme().assign(*all, rule)), by_customer(scheme().assign(*all, "")));
    EXPECT_EQ(scheme().learn(*all, rule).options_json, rule) << "nothing is left to learn";
  }
}

TEST_P(every_segmentation, puts_an_unseen_customer_where_the_rule_says_whoever_else_is_there) {
  const std::string rule = scheme().learn(*scores(400), "").options_json;
  const auto among_many = by_customer(scheme().assign(*scores(450), rule));
  const auto among_few = by_customer(scheme().assign(*scores(30), rule));
  for (const auto& [customer, segment] : among_few) {
    EXPECT_EQ(among_many.at(customer), segment) << customer;
  }
}

TEST_P(every_segmentation, fills_every_column) {
  const table t = scheme().assign(*scores(20), "");
  for (const column& c : t.columns()) EXPECT_EQ(c.size(), 20U) << c.name();
  for (const char* name : {"customer", "scheme", "segment"}) EXPECT_NE(t.find(name), nullptr);
}

TEST_P(every_segmentation, works_for_one_customer_and_for_none) {
  EXPECT_EQ(scheme().assign(*scores(1), "").rows(), 1U);
  job j = segment(scores(0), {.scheme = std::string(scheme().name)});
  j.run();
  EXPECT_EQ(j.result().tables.at("")->rows(), 0U);
  EXPECT_EQ(j.result().tables.at("profile")->rows(), 0U);
}

TEST_P(every_segmentation, refuses_an_option_it_does_not_know) {
  try {
    scheme().assign(*scores(5), R"({"no_such_option":1})");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::invalid);
    EXPECT_NE(std::string(e.what()).find("no_such_option"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(table,
                         every_segmentation,
                         testing::ValuesIn(segmentations().begin(), segmentations().end()),
                         [](const auto& each) { return std::string(each.param->name); });

}  // namespace
}  // namespace clv
