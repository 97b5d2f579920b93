// Whatever happened before, sending what the gate lets through never breaks a rule of contact; and
// the order in which facts are given says nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "gate_support.hpp"
#include "math/random.hpp"

namespace clv::retention::test {
namespace {

constexpr std::array<const char*, 3> channels{"email", "sms", "phone"};
constexpr std::array<const char*, 3> categories{"marketing", "research", "transactional"};
constexpr std::array<const char*, 4> actions{"winback.mail", "winback.gift", "ship.cart", "ask"};
constexpr std::array<const char*, 4> kinds{"sent", "redeemed", "rejected", "bounced"};

struct fact {
  std::string customer, channel, kind, category, action;
  std::int64_t time = 0, until = 0;  // until 0: no benefit
};

std::size_t pick(random_source& from, std::size_t n) {
  return static_cast<std::size_t>(from.uniform() * static_cast<double>(n));
}

// Times on a grid of hours, so that equal times and window edges do happen.
std::int64_t hours_ago(random_source& from, double most) {
  return noon -
         static_cast<std::int64_t>(pick(from, static_cast<std::size_t>(most))) * us_per_day / 24;
}

fact random_fact(random_source& from, const std::string& customer) {
  const std::size_t kind = pick(from, 8);
  fact f{.customer = customer,
         .channel = channels[pick(from, 3)],
         .kind = kinds[kind < 4 ? kind : 0],
         .category = categories[pick(from, 3)],
         .action = actions[pick(from, 4)],
         .time = hours_ago(from, 24 * 20)};
  if (pick(from, 5) == 0) f.until = f.time + us_per_day * 15;
  return f;
}

decision_facts facts_from(const std::vector<fact>& rows) {
  auto t = std::make_shared<table>();
  for (const char* name : {"customer", "channel", "kind", "category", "action"}) {
    t->add(name, type::utf8);
  }
  t->add("time", type::time, "us");
  t->add("benefit_until", type::time, "us");
  for (const fact& f : rows) {
    const std::array<std::string_view, 5> texts{
        f.customer, f.channel, f.kind, f.category, f.action};
    for (std::size_t i = 0; i < texts.size(); ++i) t->columns()[i].push(texts[i]);
    t->find("time")->push(f.time);
    f.until == 0 ? t->find("benefit_until")->push_absent()
                 : t->find("benefit_until")->push(f.until);
  }
  return {{"contacts", t}};
}

std::unique_ptr<gatekeeper> gate_over(const std::shared_ptr<const policy>& rules,
                                      const std::vector<fact>& rows,
                                      std::int64_t now) {
  return std::make_unique<gatekeeper>(rules, facts_from(rows), now, money_words("EUR", 2));
}

// How many a cap counts, straight from its definition.
std::int64_t counted(const std::vector<fact>& rows, const contact_cap& cap, std::int64_t now) {
  return std::ranges::count_if(rows, [&](const fact& f) {
    const double age = static_cast<double>(now - f.time) / static_cast<double>(us_per_day);
    return f.kind == "sent" && f.category != "transactional" && age >= 0 && age < cap.days &&
           (cap.channel.empty() || cap.channel == f.channel) &&
           (cap.category.empty() || cap.category == f.category);
  });
}

bool capped(const contact_cap& cap, const fact& f) {
  return f.category != "transactional" && (cap.channel.empty() || cap.channel == f.channel) &&
         (cap.category.empty() || cap.category == f.category);
}

gate_question question_of(const fact& f) {
  return {.plugin = "p",
          .action = f.action,
          .channel = f.channel,
          .category = f.category,
          .benefit = f.until == 0 ? 0.0 : 1.0};
}

std::shared_ptr<const policy> random_policy(random_source& from) {
  auto p = std::make_shared<policy>();
  p->exempt = {"transactional"};
  for (std::size_t n = 1 + pick(from, 3); n > 0; --n) {
    contact_cap cap{.limit = static_cast<std::int64_t>(pick(from, 4)),
                    .days = static_cast<double>(1 + pick(from, 10))};
    if (pick(from, 2) == 0) cap.channel = channels[pick(from, 3)];
    if (pick(from, 2) == 0) cap.category = categories[pick(from, 3)];
    p->caps.push_back(cap);
  }
  if (pick(from, 2) == 0) p->cooldowns.push_back({"winback.*", 5});
  if (pick(from, 2) == 0) p->conflicts.emplace_back("winback.*", "ship.*");
  p->one_open_benefit = pick(from, 2) == 0;
  return p;
}

// What the rules forbid, said over the history and the new contact without the gate's books.
bool too_soon(const policy& p, const std::vector<fact>& rows, const fact& next, std::int64_t now) {
  const auto sent = [&](const char* beginning, double days) {
    return std::ranges::any_of(rows, [&](const fact& f) {
      return f.kind == "sent" && f.action.starts_with(beginning) && now >= f.time &&
             static_cast<double>(now - f.time) < days * static_cast<double>(us_per_day);
    });
  };
  const bool winback = next.action.starts_with("winback.");
  const bool exempt = next.category == "transactional";
  if (!exempt && !p.cooldowns.empty() && winback && sent("winback.", 5)) return true;
  if (p.conflicts.empty()) return false;
  return (winback && sent("ship.", 14)) ||
         (next.action.starts_with("ship.") && sent("winback.", 14));
}

TEST(gatekeeper_property, sending_what_passes_never_breaks_a_cap_a_cooldown_or_a_conflict) {
  std::int64_t accepted = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    random_source from(20260615, seed);
    const auto rules = random_policy(from);
    std::vector<fact> rows;
    for (std::size_t n = pick(from, 6); n > 0; --n) rows.push_back(random_fact(from, "ann"));
    std::int64_t now = noon;
    for (int step = 0; step < 8; ++step) {
      fact next = random_fact(from, "ann");
      next.kind = "sent";
      next.time = now;
      const std::string code = test::code(*gate_over(rules, rows, now), "ann", question_of(next));
      (code.empty() ? accepted : refused) += 1;
      if (code.empty()) {
        ASSERT_FALSE(too_soon(*rules, rows, next, now)) << "seed " << seed << " step " << step;
        rows.push_back(next);
        for (const contact_cap& cap : rules->caps) {
          if (!capped(cap, next)) continue;
          ASSERT_LE(counted(rows, cap, now), cap.limit) << "seed " << seed << " step " << step;
        }
      } else if (code == "CONTACT_CAP") {
        ASSERT_TRUE(std::ranges::any_of(rules->caps,
                                        [&](const contact_cap& cap) {
                                          return capped(cap, next) &&
                                                 counted(rows, cap, now) >= cap.limit;
                                        }))
            << "refused although no cap is reached, seed " << seed;
      }
      now += static_cast<std::int64_t>(pick(from, 60)) * us_per_day / 24;
    }
  }
  EXPECT_GT(accepted, 1000);  // or the rules were so strict, or so lax, that nothing was tested
  EXPECT_GT(refused, 1000);
}

// Fisher-Yates, because std::shuffle is not the same everywhere.
void shuffle(std::vector<fact>& rows, random_source& from) {
  for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[pick(from, i)]);
}

TEST(gatekeeper_property, the_order_of_the_facts_changes_no_word) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    random_source from(7, seed);
    auto rules = std::make_shared<policy>(*random_policy(from));
    rules->rejections = 2;
    rules->rejection_days = 10;
    std::vector<fact> rows;
    for (int n = 0; n < 40; ++n)
      rows.push_back(random_fact(from, std::string(1, "abcd"[pick(from, 4)])));
    const auto gate = gate_over(rules, rows, noon);
    shuffle(rows, from);
    const auto shuffled = gate_over(rules, rows, noon);
    for (const char* customer : {"a", "b", "c", "d"}) {
      const fact asked_for = random_fact(from, customer);  // the question borrows its texts
      const gate_question asked = question_of(asked_for);
      ASSERT_EQ(answer(*gate, customer, asked), answer(*shuffled, customer, asked)) << seed;
    }
  }
}

TEST(gatekeeper_property, thousands_of_customers_do_not_mix) {
  std::vector<fact> rows;
  for (int i = 0; i < 5000; ++i) {
    if (i % 3 != 0) continue;
    rows.push_back({.customer = "c" + std::to_string(i),
                    .channel = "email",
                    .kind = "sent",
                    .category = "marketing",
                    .action = "ask",
                    .time = noon - us_per_day});
  }
  auto rules = std::make_shared<policy>();
  rules->caps.push_back({.channel = "email", .limit = 1, .days = 7});
  const auto gate = gate_over(rules, rows, noon);
  for (int i = 0; i < 5000; ++i) {
    EXPECT_EQ(code(*gate, "c" + std::to_string(i)), i % 3 == 0 ? "CONTACT_CAP" : "") << i;
  }
}

}  // namespace
}  // namespace clv::retention::test
