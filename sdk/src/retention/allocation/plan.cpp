#include "retention/allocation/plan.hpp"

#include <algorithm>
#include <cassert>

#include "retention/allocation/climb.hpp"
#include "retention/allocation/dual.hpp"
#include "retention/allocation/option_book.hpp"
#include "retention/allocation/settle.hpp"

namespace clv::retention {

struct plan::impl {
  explicit impl(std::vector<double> limits) : book(std::move(limits)), prices(book.resources()) {}

  option_book book;
  std::vector<double> prices;
  double bound = 0;
  std::optional<climb> one;         // while a single resource limits
  std::optional<dual_search> many;  // while several do
  std::optional<settlement> end;
  std::vector<option_book::index> taken;  // per position
  double used = 0, total = 0;             // of the climb
  enum class stage { arrange, one, many, settle, done } stage = stage::arrange;

  double advance(std::size_t steps);
  void begin();
  bool climb_on(std::size_t steps);
  void take_best();
  void finish();
};

void plan::impl::begin() {
  book.arrange();
  std::vector<std::size_t> limiting;
  for (std::size_t r = 0; r < book.resources(); ++r) {
    if (book.limited(r) && book.limit(r) > 0) limiting.push_back(r);
  }
  if (limiting.size() == 1) {
    one.emplace(book, limiting.front());
    taken.assign(book.customers(), option_book::none);
    stage = stage::one;
  } else {
    many.emplace(book);
    stage = stage::many;
  }
}

bool plan::impl::climb_on(std::size_t steps) {
  const std::size_t resource = one->resource();
  for (std::size_t i = 0; i < steps && !one->finished(); ++i) {
    const climb::increment step = one->next();
    if (used + step.use > book.room(resource)) {
      prices[resource] = step.slope;
      bound = total + step.slope * std::max(0.0, book.limit(resource) - used);
      return true;
    }
    used += step.use;
    total += step.rank;
    taken[step.position] = step.to;
    one->take();
  }
  bound = total;
  return one->finished();
}

void plan::impl::take_best() {
  taken.reserve(book.customers());
  for (std::size_t p = 0; p < book.customers(); ++p) {
    taken.push_back(book.competes(p) ? book.best(p, prices) : option_book::none);
  }
}

void plan::impl::finish() {
  bound = std::max(bound, end->total());
  for (std::size_t r = 0; r < book.resources(); ++r) {
    if (book.limit(r) == 0) prices[r] = book.price_of_nothing(r);
  }
  stage = stage::done;
}

double plan::impl::advance(std::size_t steps) {
  switch (stage) {
    case stage::arrange:
      begin();
      return 0.1;
    case stage::one:
      if (!climb_on(steps)) return 0.3;
      one.reset();
      end.emplace(book, std::move(taken), prices, bound);
      stage = stage::settle;
      return 0.5;
    case stage::many:
      if (!many->advance(steps)) return 0.3;
      prices = many->prices();
      bound = many->bound();
      many.reset();
      take_best();
      end.emplace(book, std::move(taken), prices, bound);
      stage = stage::settle;
      return 0.5;
    case stage::settle:
      if (!end->advance()) return 0.7;
      finish();
      return 1;
    case stage::done:
      break;
  }
  return 1;
}

plan::plan(std::vector<double> limits) : impl_(std::make_unique<impl>(std::move(limits))) {}
plan::~plan() = default;

void plan::add(std::span<const option> options, std::uint64_t tie_key, bool competes) {
  assert(impl_->stage == impl::stage::arrange);
  impl_->book.add(options, tie_key, competes);
}

std::size_t plan::customers() const {
  return impl_->book.customers();
}

double plan::advance(std::size_t steps) {
  return impl_->advance(std::max<std::size_t>(1, steps));
}

std::optional<std::uint32_t> plan::chosen(std::size_t customer) const {
  const option_book::index o = impl_->end->taken(impl_->book.position(customer));
  if (o == option_book::none) return std::nullopt;
  return impl_->book.id(o);
}

std::optional<std::uint32_t> plan::would_choose(std::size_t customer) const {
  const option_book::index o = impl_->book.best(impl_->book.position(customer), impl_->prices);
  if (o == option_book::none) return std::nullopt;
  return impl_->book.id(o);
}

double plan::used(std::size_t resource) const {
  return impl_->end->used(resource);
}

double plan::shadow_price(std::size_t resource) const {
  return impl_->prices[resource];
}

double plan::total() const {
  return impl_->end->total();
}

double plan::bound() const {
  return impl_->bound;
}

}  // namespace clv::retention
