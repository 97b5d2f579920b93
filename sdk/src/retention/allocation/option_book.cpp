#include "retention/allocation/option_book.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <type_traits>

namespace clv::retention {
namespace {

// Prices are known to about this share: what gains less of its rank at them is a tie.
constexpr double tie = 1e-6;

double amount_of(std::span<const use> uses, std::size_t resource) {
  for (const use& u : uses) {
    if (u.resource == resource) return u.amount;
  }
  return 0;
}

// Of uses by rising resource, what is not named being 0: the first difference decides.
bool takes_less(std::span<const use> a, std::span<const use> b) {
  for (std::size_t i = 0;; ++i) {
    if (i == b.size()) return false;
    if (i == a.size()) return true;
    if (a[i].resource != b[i].resource) return a[i].resource > b[i].resource;
    if (a[i].amount != b[i].amount) return a[i].amount < b[i].amount;
  }
}

}  // namespace

option_book::option_book(std::vector<double> limits)
    : limits_(std::move(limits)), price_of_nothing_(limits_.size()) {}

bool option_book::better(const offered& a, const offered& b) {
  if (a.rank != b.rank) return a.rank > b.rank;
  if (takes_less(a.uses, b.uses)) return true;
  if (takes_less(b.uses, a.uses)) return false;
  return a.id < b.id;
}

bool option_book::fits(const offered& o) const {
  return std::all_of(
      o.uses.begin(), o.uses.end(), [&](const use& u) { return u.amount <= room(u.resource); });
}

bool option_book::no_worse(const offered& a, const offered& b) const {
  return a.rank >= b.rank && std::all_of(a.uses.begin(), a.uses.end(), [&](const use& u) {
           return !limited(u.resource) || u.amount <= amount_of(b.uses, u.resource);
         });
}

// Those with a rank above 0, the best first.
void option_book::gather_offers(std::span<const option> options) {
  offers_used_ = 0;
  for (const option& o : options) {
    if (!(o.rank > 0)) continue;
    if (offers_used_ == offers_.size()) offers_.emplace_back();
    offered& kept = offers_[offers_used_++];
    kept.rank = o.rank;
    kept.id = o.id;
    kept.uses.clear();
    for (const use& u : o.uses) {
      assert(u.resource < resources() && u.amount >= 0);
      if (u.amount > 0) kept.uses.push_back(u);
    }
    std::sort(kept.uses.begin(), kept.uses.end(), [](const use& a, const use& b) {
      return a.resource < b.resource;
    });
  }
  std::sort(offers_.begin(), offers_.begin() + static_cast<std::ptrdiff_t>(offers_used_), better);
}

void option_book::note_what_nothing_costs(double best) {
  for (std::size_t i = 0; i < offers_used_ && offers_[i].rank > best; ++i) {
    for (const use& u : offers_[i].uses) {
      if (limits_[u.resource] != 0) continue;
      double& price = price_of_nothing_[u.resource];
      price = std::max(price, (offers_[i].rank - best) / u.amount);
    }
  }
}

void option_book::add(std::span<const option> options, std::uint64_t tie_key, bool competes) {
  gather_offers(options);
  std::size_t kept = 0;
  double best = 0;
  for (std::size_t i = 0; i < offers_used_; ++i) {
    if (fits(offers_[i])) best = std::max(best, offers_[i].rank);
  }
  if (competes) note_what_nothing_costs(best);
  for (std::size_t i = 0; i < offers_used_; ++i) {
    const offered& o = offers_[i];
    const auto beaten = [&](const offered& before) { return no_worse(before, o); };
    const auto end = offers_.begin() + static_cast<std::ptrdiff_t>(kept);
    if (fits(o) && std::none_of(offers_.begin(), end, beaten))
      std::swap(offers_[kept++], offers_[i]);
  }
  while (kept-- > 0) {
    const offered& o = offers_[kept];
    rank_.push_back(o.rank);
    id_.push_back(o.id);
    for (const use& u : o.uses) {
      resource_.push_back(u.resource);
      amount_.push_back(u.amount);
    }
    use_first_.push_back(resource_.size());
  }
  assert(rank_.size() < none && keys_.size() < none);
  first_.push_back(static_cast<index>(rank_.size()));
  keys_.push_back(tie_key);
  competes_.push_back(competes ? 1 : 0);
}

double option_book::used(index o, std::size_t resource) const {
  double found = 0;
  each_use(o, [&](std::size_t r, double amount) {
    if (r == resource) found = amount;
  });
  return found;
}

option_book::index option_book::best(std::size_t position, std::span<const double> prices) const {
  index chosen = none;
  double most = 0;
  for (index o = first(position); o < last(position); ++o) {
    const double here = value(o, prices);
    if (here > most + tie * rank(o)) {
      most = here;
      chosen = o;
    }
  }
  return chosen;
}

void option_book::arrange() {
  std::vector<std::uint32_t> order(customers());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return keys_[a] < keys_[b];
  });
  position_.resize(order.size());
  for (std::size_t p = 0; p < order.size(); ++p)
    position_[order[p]] = static_cast<std::uint32_t>(p);
  if (!std::is_sorted(order.begin(), order.end())) {
    reorder_options(order);
    reorder(keys_, order);
    reorder(competes_, order);
  }
}

template <class column>
void option_book::reorder(column& values, std::span<const std::uint32_t> order) const {
  column moved;
  moved.reserve(values.size());
  for (const std::uint32_t at : order) moved.push_back(values[at]);
  values.swap(moved);
}

// One column after the other: no more than one of them is there twice.
void option_book::reorder_options(std::span<const std::uint32_t> order) {
  const auto moved_uses = [&](const auto& values) {
    std::remove_cvref_t<decltype(values)> moved;
    moved.reserve(values.size());
    for (const std::uint32_t at : order) {
      const auto from = static_cast<std::ptrdiff_t>(use_first_[first_[at]]);
      const auto to = static_cast<std::ptrdiff_t>(use_first_[first_[at + 1]]);
      moved.insert(moved.end(), values.begin() + from, values.begin() + to);
    }
    return moved;
  };
  resource_ = moved_uses(resource_);
  amount_ = moved_uses(amount_);
  std::vector<std::uint32_t> options;  // the new order of options
  options.reserve(rank_.size());
  std::vector<index> first{0};
  first.reserve(first_.size());
  for (const std::uint32_t at : order) {
    for (index o = first_[at]; o < first_[at + 1]; ++o) options.push_back(o);
    first.push_back(static_cast<index>(options.size()));
  }
  std::vector<std::size_t> use_first{0};
  use_first.reserve(use_first_.size());
  for (const index o : options) {
    use_first.push_back(use_first.back() + use_first_[o + 1] - use_first_[o]);
  }
  use_first_.swap(use_first);
  first_.swap(first);
  reorder(rank_, options);
  reorder(id_, options);
}

}  // namespace clv::retention
