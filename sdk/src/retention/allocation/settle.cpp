#include "retention/allocation/settle.hpp"

#include <algorithm>
#include <limits>

namespace clv::retention {
namespace {

constexpr int most_fills = 16;
constexpr double much = 1e-3;      // of the bound: what is worth to be filled part by part
constexpr double scarcity = 1e-2;  // of the bound: what all that is left of a resource costs more
constexpr int most_exchanges = 64;
constexpr std::size_t most_close_calls = 48;

}  // namespace

settlement::settlement(const option_book& book,
                       std::vector<index> taken,
                       std::vector<double> prices,
                       double bound)
    : book_(book),
      taken_(std::move(taken)),
      prices_(std::move(prices)),
      used_(book.resources()),
      room_(book.resources()),
      scarce_(book.resources()),
      bound_(bound),
      change_(book.resources()) {
  add_up();
  open_room(1);
}

bool settlement::goes_before(const move& a, const move& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.position < b.position;
}

void settlement::add_up() {
  std::fill(used_.begin(), used_.end(), 0);
  total_ = 0;
  for (const index o : taken_) {
    total_ += book_.rank(o);
    book_.each_use(o, [&](std::size_t r, double amount) { used_[r] += amount; });
  }
}

void settlement::make(std::size_t position, index to) {
  book_.each_use(taken_[position], [&](std::size_t r, double amount) { used_[r] -= amount; });
  book_.each_use(to, [&](std::size_t r, double amount) { used_[r] += amount; });
  total_ += book_.rank(to) - book_.rank(taken_[position]);
  taken_[position] = to;
}

// Lets a part of what is left be used, and makes what little is left of dearer: customers who are
// all alike would use one resource up and leave the others lying.
void settlement::open_room(double part) {
  for (std::size_t r = 0; r < room_.size(); ++r) {
    const double left = book_.room(r) - used_[r];
    room_[r] = part < 1 ? used_[r] + part * left : book_.room(r);
    const bool counts = book_.limited(r) && left > 0;
    scarce_[r] = prices_[r] + (counts ? scarcity * bound_ / left : 0);
  }
}

// Nothing that the change takes more of is overdrawn by it.
bool settlement::fits(index from, index to) const {
  bool fits = true;
  book_.each_use(to, [&](std::size_t r, double amount) {
    const double more = amount - book_.used(from, r);
    if (more > 0 && used_[r] + more > room_[r]) fits = false;
  });
  return fits;
}

bool settlement::advance() {
  switch (stage_) {
    case stage::shed:
      while (resource_ < used_.size() && !over(resource_)) ++resource_;
      if (resource_ < used_.size()) {
        shed(resource_++);
      } else {
        stage_ = stage::fill;
      }
      break;
    case stage::fill:
      if (!fill() || ++fills_ == most_fills) stage_ = stage::close_calls;
      break;
    case stage::close_calls:
      gather_close_calls();
      stage_ = stage::exchange;
      break;
    case stage::exchange:
      if (exchange() && ++exchanges_ < most_exchanges) break;
      add_up();
      stage_ = stage::done;
      break;
    case stage::done:
      break;
  }
  return stage_ == stage::done;
}

// What giving up some of the resource costs at least, per unit of it.
settlement::move settlement::least_loss(std::size_t position, std::size_t resource) const {
  const index from = taken_[position];
  const double use = book_.used(from, resource), value = book_.value(from, prices_);
  move best{-value / use, static_cast<std::uint32_t>(position), option_book::none};
  for (index o = book_.first(position); o < book_.last(position); ++o) {
    const double saved = use - book_.used(o, resource);
    if (!(saved > 0) || !fits(from, o)) continue;
    const double score = (book_.value(o, prices_) - value) / saved;
    if (score > best.score) best = {score, best.position, o};
  }
  return best;
}

void settlement::shed(std::size_t resource) {
  moves_.clear();
  for (std::size_t p = 0; p < taken_.size(); ++p) {
    if (book_.used(taken_[p], resource) > 0) moves_.push_back(least_loss(p, resource));
  }
  // Of equals the one that would have been served last gives up first.
  std::sort(moves_.begin(), moves_.end(), [](const move& a, const move& b) {
    return a.score != b.score ? a.score > b.score : a.position > b.position;
  });
  for (const move& m : moves_) {
    if (!over(resource)) break;
    const bool still = fits(taken_[m.position], m.to);
    make(m.position, still ? m.to : least_loss(m.position, resource).to);
  }
}

// The most rank per price of what it takes more.
settlement::move settlement::best_gain(std::size_t position) const {
  const index from = taken_[position];
  const double rank = book_.rank(from), value = book_.value(from, scarce_);
  move best{0, static_cast<std::uint32_t>(position), option_book::none};
  for (index o = book_.first(position); o < book_.last(position); ++o) {
    const double gain = book_.rank(o) - rank;
    if (!(gain > 0) || !fits(from, o)) continue;
    const double paid = gain - (book_.value(o, scarce_) - value);
    const double score = paid > 0 ? gain / paid : std::numeric_limits<double>::infinity();
    if (score >= best.score) best = {score, best.position, o};
  }
  return best;
}

bool settlement::fill() {
  const bool in_parts = fills_ < most_fills / 2 && total_ < (1 - much) * bound_;
  open_room(in_parts ? 0.5 : 1);
  moves_.clear();
  for (std::size_t p = 0; p < taken_.size(); ++p) {
    if (!book_.competes(p)) continue;
    const move m = best_gain(p);
    if (m.to != option_book::none) moves_.push_back(m);
  }
  std::sort(moves_.begin(), moves_.end(), goes_before);
  for (const move& m : moves_) {
    if (fits(taken_[m.position], m.to)) make(m.position, m.to);
  }
  return in_parts || !moves_.empty();
}

// The customers for whom the second best choice is nearly as good.
void settlement::gather_close_calls() {
  moves_.clear();
  for (std::size_t p = 0; p < taken_.size(); ++p) {
    if (!book_.competes(p) || book_.first(p) == book_.last(p)) continue;
    const double value = book_.value(taken_[p], prices_);
    double nearest = taken_[p] == option_book::none ? -std::numeric_limits<double>::infinity()
                                                    : -std::abs(value);
    for (index o = book_.first(p); o < book_.last(p); ++o) {
      if (o != taken_[p]) nearest = std::max(nearest, -std::abs(book_.value(o, prices_) - value));
    }
    moves_.push_back({nearest, static_cast<std::uint32_t>(p), option_book::none});
  }
  const std::size_t kept = std::min(most_close_calls, moves_.size());
  const auto end = moves_.begin() + static_cast<std::ptrdiff_t>(kept);
  std::partial_sort(moves_.begin(), end, moves_.end(), goes_before);
  for (auto m = moves_.begin(); m != end; ++m) close_.push_back(m->position);
}

bool settlement::fits_together(const move& a, const move& b) {
  std::fill(change_.begin(), change_.end(), 0);
  for (const move* m : {&a, &b}) {
    book_.each_use(taken_[m->position], [&](std::size_t r, double x) { change_[r] -= x; });
    book_.each_use(m->to, [&](std::size_t r, double x) { change_[r] += x; });
  }
  for (std::size_t r = 0; r < change_.size(); ++r) {
    if (change_[r] > 0 && used_[r] + change_[r] > book_.room(r)) return false;
  }
  return true;
}

// The best change of two close calls at once; false when none gains anything.
bool settlement::exchange() {
  moves_.clear();  // all changes of one customer
  for (const std::uint32_t p : close_) {
    const double rank = book_.rank(taken_[p]);
    if (taken_[p] != option_book::none) moves_.push_back({-rank, p, option_book::none});
    for (index o = book_.first(p); o < book_.last(p); ++o) {
      if (o != taken_[p]) moves_.push_back({book_.rank(o) - rank, p, o});
    }
  }
  double most = 1e-12 * total_;
  move first{}, second{};
  for (std::size_t a = 0; a < moves_.size(); ++a) {
    for (std::size_t b = a + 1; b < moves_.size(); ++b) {
      const double gain = moves_[a].score + moves_[b].score;
      if (!(gain > most) || moves_[a].position == moves_[b].position) continue;
      if (!fits_together(moves_[a], moves_[b])) continue;
      most = gain;
      first = moves_[a];
      second = moves_[b];
    }
  }
  if (!(most > 1e-12 * total_)) return false;
  make(first.position, first.to);
  make(second.position, second.to);
  return true;
}

}  // namespace clv::retention
