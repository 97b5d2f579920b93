#include "clv/job.hpp"

#include <gtest/gtest.h>

#include "clv/error.hpp"

namespace clv::test {
namespace {

// What a phase works on; counts who still holds it.
using held = std::shared_ptr<int>;

phase counts_to(const held& what, int end) {
  return {"count", [what, end] { return static_cast<double>(++*what) / end; }};
}

phase fails(const held& what) {
  return {"fail", [what]() -> double { throw error(status::data, "row 1: is a riddle"); }};
}

status ends_with(job& j) {
  try {
    j.run();
  } catch (const error& e) {
    return e.details().code;
  }
  return status::ok;
}

TEST(job, that_failed_holds_what_it_worked_on_no_longer) {
  const held what = std::make_shared<int>(0);
  std::vector<phase> phases{counts_to(what, 2), fails(what), counts_to(what, 9)};
  job j(std::move(phases), std::make_shared<outcome>());
  EXPECT_EQ(ends_with(j), status::data);
  EXPECT_EQ(what.use_count(), 1);
  EXPECT_EQ(j.phase_name(), "fail");
  EXPECT_EQ(*what, 2);
}

TEST(job, that_was_cancelled_holds_what_it_worked_on_no_longer) {
  const held what = std::make_shared<int>(0);
  job j({counts_to(what, 2)}, std::make_shared<outcome>());
  j.cancel();
  EXPECT_EQ(what.use_count(), 2);
  EXPECT_EQ(ends_with(j), status::cancelled);
  EXPECT_EQ(what.use_count(), 1);
  EXPECT_EQ(*what, 0);
}

TEST(job, that_finished_holds_what_it_worked_on_no_longer) {
  const held what = std::make_shared<int>(0);
  job j({counts_to(what, 2), counts_to(what, 4)}, std::make_shared<outcome>());
  j.run();
  EXPECT_EQ(what.use_count(), 1);
  EXPECT_EQ(*what, 4);
}

TEST(job, that_failed_keeps_its_result_so_far_and_does_not_go_on) {
  const held what = std::make_shared<int>(0);
  const auto result = std::make_shared<outcome>();
  result->tables["rejects"] = std::make_shared<const table>();
  job j({fails(what), counts_to(what, 2)}, result);
  EXPECT_EQ(ends_with(j), status::data);
  EXPECT_EQ(ends_with(j), status::state);
  EXPECT_FALSE(j.finished());
  EXPECT_EQ(j.result().tables.count("rejects"), 1U);
  EXPECT_EQ(*what, 0);
}

}  // namespace
}  // namespace clv::test
