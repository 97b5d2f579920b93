// Clocks on random tickets against a reference that walks minute by minute and asks the clock on
// the wall, over changes of daylight-saving time.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "clock_setup.hpp"

namespace clv::desk {
namespace {

using test::clock_case;
using test::minute;

// Mondays to Thursdays in two halves, Fridays short, Sundays at night; closed on Saturdays.
constexpr std::string_view week =
    R"("mon":["08:00-12:00","13:00-18:00"],"tue":["08:00-12:00","13:00-18:00"],)"
    R"("wed":["08:00-12:00","13:00-18:00"],"thu":["08:00-12:00","13:00-18:00"],)"
    R"("fri":["08:00-12:30"],"sun":["00:00-05:00"])";

bool open_on_the_wall(std::int64_t civil_us) {
  const std::int64_t in_week = (civil_us / minute + 3 * 1440) % (7 * 1440);  // 1970-01-01: Thursday
  const std::int64_t day = in_week / 1440, at = in_week % 1440;
  if (day == 6) return at < 300;
  if (day == 5) return false;
  if (day == 4) return at >= 480 && at < 750;
  return at >= 480 && at < 1080 && (at < 720 || at >= 780);
}

struct place {
  std::string_view zone, start;  // some days before the clocks change
};
constexpr std::array places{place{"Europe/Berlin", "2026-03-26"},
                            place{"Europe/Berlin", "2026-10-22"},
                            place{"America/New_York", "2026-03-05"},
                            place{"America/New_York", "2026-10-29"},
                            place{"Australia/Lord_Howe", "2026-10-01"},  // half an hour
                            place{"Asia/Kathmandu", "2024-02-27"},       // no change; a leap day
                            place{"Pacific/Chatham", "2026-04-02"},
                            place{"America/Sao_Paulo", "2018-11-01"}};  // at midnight

struct step {
  std::int64_t at;  // minutes since the start
  std::string kind;
};

// Moves that are allowed, some minutes or some hours apart, at multiples of `grid` minutes.
std::vector<step> random_steps(std::mt19937_64& draw, std::int64_t grid, std::int64_t length) {
  const auto pick = [&](std::uint64_t n) { return draw() % n; };
  std::vector<step> steps{{static_cast<std::int64_t>(pick(2880)) / grid * grid, "created"}};
  constexpr std::array active{"message_in",
                              "message_out",
                              "pending",
                              "waiting_customer",
                              "opened",
                              "note",
                              "resolved",
                              "closed",
                              "message_out",
                              "message_in"};
  bool open = true, closed = false;
  const std::uint64_t events = 1 + pick(14);
  for (std::uint64_t i = 0; i < events; ++i) {
    const auto gap = static_cast<std::int64_t>(pick(3) == 0 ? pick(1500) : pick(240));
    const std::int64_t at = steps.back().at + (gap / grid + 1) * grid;
    if (at >= length) break;
    std::string kind;
    if (open) {
      kind = active[pick(active.size())];
    } else {
      constexpr std::array back{"message_in", "reopened", "message_out", "closed"};
      kind = back[pick(closed ? 2 : back.size())];
    }
    if (kind == "resolved" || kind == "closed") open = false;
    if (kind == "reopened" || kind == "message_in") open = true;
    closed = kind == "closed";
    steps.push_back({at, kind});
  }
  return steps;
}

struct run {
  clock_kind kind;
  std::int64_t started, target;
  std::int64_t used = 0;
  std::optional<std::int64_t> breach, ended;
  bool counted_last = false, gone = false;
};

enum class state { works, pauses, is_over };

// One minute after the other.
class reference {
 public:
  reference(std::vector<bool> open, clock_targets targets)
      : open_(std::move(open)), targets_(targets) {}

  std::vector<run> walk(const std::vector<step>& steps, std::int64_t now) {
    std::size_t next = 0;
    for (std::int64_t t = steps.front().at;; ++t) {
      for (; next < steps.size() && steps[next].at == t; ++next) happens(t, steps[next].kind);
      for (run* r : {response(), resolution()}) tick(r, t);
      if (t == now) return finished();
      for (run* r : {response(), resolution()}) use(r, t);
    }
  }

 private:
  run* response() { return response_ < 0 ? nullptr : &runs_[static_cast<std::size_t>(response_)]; }
  run* resolution() {
    return resolution_ < 0 ? nullptr : &runs_[static_cast<std::size_t>(resolution_)];
  }
  int add(clock_kind kind, std::int64_t t) {
    runs_.push_back({kind, t, *targets_[static_cast<std::size_t>(kind)] / minute});
    return static_cast<int>(runs_.size()) - 1;
  }
  bool is_open(std::int64_t t) const { return open_[static_cast<std::size_t>(t)]; }

  // Whether the due time has come at t, after what happened then.
  void tick(run* r, std::int64_t t) {
    if (r == nullptr || state_ != state::works || r->breach || r->used < r->target) return;
    if (r->counted_last || is_open(t)) r->breach = t;
  }
  void use(run* r, std::int64_t t) {
    if (r == nullptr) return;
    const bool counts = state_ == state::works && is_open(t);
    r->counted_last = counts;
    if (counts) ++r->used;
  }
  void over(std::int64_t t) {
    if (run* r = response(); r != nullptr && r->breach) {
      r->ended = t;
      response_ = -1;
    }
    if (run* r = resolution()) r->ended = t;
    last_ = resolution_;
    resolution_ = -1;
  }
  void back(std::int64_t t) {
    resolution_ = add(clock_kind::resolution, t);
    resolution()->used = runs_[static_cast<std::size_t>(last_)].used;
    resolution()->breach = runs_[static_cast<std::size_t>(last_)].breach;
  }
  void become(state to, std::int64_t t) {
    if (state_ != state::is_over && to == state::is_over) over(t);
    if (state_ == state::is_over && to != state::is_over) back(t);
    if (to != state_) {
      for (run* r : {response(), resolution()}) {
        if (r != nullptr) r->counted_last = false;
      }
    }
    state_ = to;
  }
  void happens(std::int64_t t, const std::string& kind) {
    if (kind == "created") {
      response_ = add(clock_kind::first_response, t);
      resolution_ = add(clock_kind::resolution, t);
    } else if (kind == "message_out") {
      if (run* r = response()) r->ended = t;
      response_ = -1;
    } else if (kind == "message_in") {
      become(state::works, t);
      if (response_ < 0) response_ = add(clock_kind::next_response, t);
    } else if (kind == "pending" || kind == "waiting_customer") {
      become(state::pauses, t);
    } else if (kind == "opened" || kind == "reopened") {
      become(state::works, t);
    } else if (kind == "resolved" || kind == "closed") {
      become(state::is_over, t);
    }
  }
  std::vector<run> finished() {
    if (run* r = response()) r->gone = state_ == state::is_over;
    std::erase_if(runs_, [](const run& r) { return r.gone; });
    std::stable_sort(
        runs_.begin(), runs_.end(), [](const run& a, const run& b) { return a.kind < b.kind; });
    return runs_;
  }

  std::vector<bool> open_;
  clock_targets targets_;
  state state_ = state::works;
  std::vector<run> runs_;
  int response_ = -1, resolution_ = -1, last_ = -1;
};

constexpr std::int64_t length = 12 * 1440;

std::string story(const std::vector<step>& steps) {
  std::string out;
  for (const step& s : steps) out += std::to_string(s.at) + " " + s.kind + "; ";
  return out;
}

void compare(const std::vector<ticket_clock>& got,
             const std::vector<run>& want,
             std::int64_t start) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto us = [&](std::int64_t t) { return start + t * minute; };
    ASSERT_EQ(got[i].kind, want[i].kind);
    EXPECT_EQ(got[i].started, us(want[i].started));
    EXPECT_EQ(got[i].elapsed_us, want[i].used * minute) << i;
    EXPECT_EQ(got[i].state == clock_state::missed, want[i].breach.has_value()) << i;
    EXPECT_EQ(got[i].active, !want[i].ended) << i;
    if (want[i].ended) {
      EXPECT_EQ(got[i].ended, us(*want[i].ended)) << i;
    }
    if (want[i].breach) {
      EXPECT_EQ(got[i].due, us(*want[i].breach)) << i;
    }
  }
}

void compare_due(const std::vector<ticket_clock>& got,
                 const std::vector<run>& later,
                 std::int64_t start) {
  ASSERT_EQ(got.size(), later.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (got[i].state != clock_state::running) continue;
    ASSERT_TRUE(got[i].due) << i;
    if (later[i].breach) {
      EXPECT_EQ(*got[i].due, start + *later[i].breach * minute) << i;
    } else {
      EXPECT_GT(*got[i].due, start + length * minute) << i;
    }
  }
}

// One place with its hours on the wall, minute by minute.
class walk_of_place {
 public:
  explicit walk_of_place(const place& p)
      : where_(p.zone), start_(clock_case("{}", where_).at(p.start)) {
    const zone local(where_);
    for (std::int64_t t = 0; t <= length; ++t) {
      open_.push_back(open_on_the_wall(local.to_civil(start_ + t * minute)));
    }
  }

  // A random ticket under random targets; on a coarse grid answers come at the very due time and
  // pauses at the end of hours.
  std::vector<ticket_clock> compare_one(std::mt19937_64& draw, std::int64_t grid) const {
    const auto target = [&](std::uint64_t most) {
      return (static_cast<std::int64_t>(draw() % most) / grid + 1) * grid;
    };
    const std::int64_t frt = target(600), nrt = target(400), rt = target(2000);
    const clock_targets targets{frt * minute, nrt * minute, rt * minute};
    const std::vector<step> steps = random_steps(draw, grid, length);
    const std::int64_t last = steps.back().at;
    const std::int64_t now =
        last + static_cast<std::int64_t>(draw() % static_cast<std::uint64_t>(length - last + 1));
    clock_case c(
        test::one_policy(where_,
                         std::string(week),
                         R"("first_response":)" + std::to_string(frt) + R"(,"next_response":)" +
                             std::to_string(nrt) + R"(,"resolution":)" + std::to_string(rt)),
        where_);
    for (const step& s : steps) c.event_at(start_ + s.at * minute, s.kind);
    const auto got = c.clocks(format_time(start_ + now * minute)).clocks;
    compare(got, reference(open_, targets).walk(steps, now), start_);
    // Should nothing happen any more, the due time is when the walk finds it late.
    compare_due(got, reference(open_, targets).walk(steps, length), start_);
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << where_ << ": " << story(steps) << "now " << now;
    }
    return got;
  }

 private:
  std::string where_;
  std::int64_t start_;
  std::vector<bool> open_;
};

TEST(clock_property, clocks_are_those_of_a_minute_by_minute_walk_over_clock_changes) {
  std::mt19937_64 draw(20260301);
  std::size_t missed = 0, paused = 0, carried = 0;
  for (const place& p : places) {
    const walk_of_place walk(p);
    for (int round = 0; round < 150 && !HasFailure(); ++round) {
      for (const ticket_clock& k : walk.compare_one(draw, round % 2 == 0 ? 1 : 60)) {
        missed += k.state == clock_state::missed;
        paused += k.state == clock_state::paused;
        carried += k.carried_us > 0;
      }
    }
  }
  // The walk has seen what it is about.
  EXPECT_GT(missed, 300u);
  EXPECT_GT(paused, 100u);
  EXPECT_GT(carried, 100u);
}

}  // namespace
}  // namespace clv::desk
