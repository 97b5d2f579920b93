#include "desk/routing/core_search.hpp"

#include <algorithm>
#include <limits>

namespace clv::desk {
namespace {

constexpr std::size_t most_free = 40;
constexpr std::size_t most_nodes = 200'000;
constexpr double rounding = 1e-9;  // of a sum

constexpr core_option none{};

const core_option& chosen_of(const core_taker& t) {
  for (const core_option& o : t.options) {
    if (t.chosen == o.id) return o;
  }
  return none;
}

// The best option at the price, and what the next best is worth less.
struct at_price {
  const core_option* best = &none;
  double worth = 0, regret = 0;
};

// To take none is worth 0 and one of the choices.
at_price look(const core_taker& t, double price) {
  at_price a;
  double next = -std::numeric_limits<double>::infinity();
  for (const core_option& o : t.options) {
    const double worth = o.value - price * o.minutes;
    next = std::max(next, std::min(worth, a.worth));
    if (worth <= a.worth) continue;
    a.worth = worth;
    a.best = &o;
  }
  a.regret = a.worth - next;
  return a;
}

class core {
 public:
  core(std::vector<core_taker>& takers, double limit, double price)
      : takers_(takers), limit_(limit), price_(price) {
    bound_ = price * limit;
    for (const core_taker& t : takers) {
      looks_.push_back(look(t, price));
      bound_ += looks_.back().worth;
      best_value_ += chosen_of(t).value;
    }
  }

  bool run() {
    const double gap = bound_ - best_value_;
    if (gap <= rounding * bound_) return true;
    choose_who_is_free(gap);
    start();
    if (left_ >= -rounding * limit_) try_from(0);
    return !cut_ && nodes_ < most_nodes;
  }

 private:
  void choose_who_is_free(double gap);
  void start();
  void try_from(std::size_t depth);
  void take(std::size_t depth, const core_option& o);
  void keep();

  std::vector<core_taker>& takers_;
  double limit_, price_;
  std::vector<at_price> looks_;
  double bound_ = 0, best_value_ = 0;
  std::vector<std::uint32_t> free_;  // those tried, the clearest first
  std::vector<double> worth_after_;  // by depth: at the price, of those that follow
  std::vector<const core_option*> now_;
  double value_ = 0, left_ = 0;
  std::size_t nodes_ = 0;
  bool cut_ = false;
};

void core::choose_who_is_free(double gap) {
  for (std::uint32_t i = 0; i < takers_.size(); ++i) {
    if (!takers_[i].options.empty() && looks_[i].regret <= gap) free_.push_back(i);
  }
  std::stable_sort(free_.begin(), free_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return looks_[a].regret < looks_[b].regret;
  });
  cut_ = free_.size() > most_free;
  if (cut_) free_.resize(most_free);
  std::ranges::reverse(free_);
}

// All others as they are at the price; where the core was cut, as the plan has them.
void core::start() {
  now_.resize(takers_.size());
  value_ = 0;
  left_ = limit_;
  for (std::size_t i = 0; i < takers_.size(); ++i) {
    now_[i] = cut_ ? &chosen_of(takers_[i]) : looks_[i].best;
  }
  for (const std::uint32_t i : free_) now_[i] = &none;
  for (const core_option* o : now_) {
    value_ += o->value;
    left_ -= o->minutes;
  }
  worth_after_.assign(free_.size() + 1, 0);
  for (std::size_t d = free_.size(); d-- > 0;) {
    worth_after_[d] = worth_after_[d + 1] + looks_[free_[d]].worth;
  }
}

void core::keep() {
  if (value_ <= best_value_ + rounding * best_value_) return;
  best_value_ = value_;
  for (std::size_t i = 0; i < takers_.size(); ++i) {
    takers_[i].chosen =
        now_[i]->value > 0 ? std::optional(now_[i]->id) : std::optional<std::uint32_t>();
  }
}

void core::take(std::size_t depth, const core_option& o) {
  if (o.minutes > left_ + rounding * limit_) return;
  now_[free_[depth]] = &o;
  value_ += o.value;
  left_ -= o.minutes;
  try_from(depth + 1);
  value_ -= o.value;
  left_ += o.minutes;
  now_[free_[depth]] = &none;
}

void core::try_from(std::size_t depth) {
  const double at_most = value_ + price_ * std::max(left_, 0.0) + worth_after_[depth];
  if (at_most <= best_value_ + rounding * best_value_ || ++nodes_ >= most_nodes) return;
  if (depth == free_.size()) return keep();
  const core_taker& t = takers_[free_[depth]];
  const core_option* first = looks_[free_[depth]].best;
  take(depth, *first);
  if (first != &none) take(depth, none);
  for (const core_option& o : t.options) {
    if (&o != first && o.value > 0) take(depth, o);
  }
}

}  // namespace

bool search_core(std::vector<core_taker>& takers, double limit, double price) {
  return core(takers, limit, price).run();
}

}  // namespace clv::desk
