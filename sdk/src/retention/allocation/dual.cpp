#include "retention/allocation/dual.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace clv::retention {
namespace {

constexpr double far_behind = 40;     // e^-40 does not count beside 1
constexpr double narrower = 0.2;      // m of the next stage
constexpr int most_tries = 8;         // passes of one stage
constexpr std::size_t enough = 4096;  // customers that stand for all
constexpr double last_width = 1e-8;
constexpr double least_damping = 1e-3;

// Keys may be row numbers: neighbours must not share a fate.
std::uint64_t mixed(std::uint64_t key) {
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9ULL;
  key = (key ^ (key >> 27)) * 0x94d049bb133111ebULL;
  return key ^ (key >> 31);
}

// The step >= least (which is <= 0) that minimises slope step + step bend step / 2, bend positive
// definite: Lawson & Hanson (1974), Solving Least Squares Problems, ch. 23.
class bounded_step {
 public:
  bounded_step(const Eigen::VectorXd& least, const Eigen::VectorXd& slope, Eigen::MatrixXd bend)
      : least_(least), slope_(slope), bend_(std::move(bend)), step_(0 * least) {
    for (Eigen::Index i = 0; i < least.size(); ++i) {
      if (least[i] < 0) free_.push_back(i);
    }
  }

  Eigen::VectorXd solve() {
    for (Eigen::Index round = 0; round < 4 * least_.size(); ++round) {
      if (move() && !release()) break;
    }
    return step_;
  }

 private:
  // To the minimum of the free components, or as far as the first bound, where some are held then.
  bool move() {
    const Eigen::VectorXd here = (slope_ + bend_ * step_)(free_);
    const Eigen::VectorXd change = -bend_(free_, free_).ldlt().solve(here);
    double part = 1;
    for (std::size_t k = 0; k < free_.size(); ++k) {
      const double down = -change[static_cast<Eigen::Index>(k)];
      const double left = step_[free_[k]] - least_[free_[k]];
      if (down > left) part = std::min(part, left / down);
    }
    step_(free_) += part * change;
    if (part == 1) return true;
    const auto held = [&](Eigen::Index i) {
      const bool at_bound = step_[i] - least_[i] <= 1e-12 * std::abs(least_[i]);
      if (at_bound) step_[i] = least_[i];
      return at_bound;
    };
    return std::erase_if(free_, held) == 0;
  }

  // Lets the held component go that gains most; false when none does.
  bool release() {
    const Eigen::VectorXd slope = slope_ + bend_ * step_;
    Eigen::Index most = -1;
    for (Eigen::Index i = 0; i < slope.size(); ++i) {
      if (std::find(free_.begin(), free_.end(), i) != free_.end() || slope[i] > -1e-12) continue;
      if (most < 0 || slope[i] < slope[most]) most = i;
    }
    if (most >= 0) free_.push_back(most);
    return most >= 0;
  }

  const Eigen::VectorXd &least_, &slope_;
  Eigen::MatrixXd bend_;
  Eigen::VectorXd step_;
  std::vector<Eigen::Index> free_;
};

}  // namespace

dual_search::dual_search(const option_book& book)
    : book_(book),
      slot_(book.resources(), -1),
      per_limit_(book.resources(), 0),
      prices_(book.resources(), 0),
      bound_(std::numeric_limits<double>::infinity()),
      best_prices_(book.resources(), 0) {
  for (std::size_t r = 0; r < book.resources(); ++r) {
    if (!book.limited(r) || book.limit(r) == 0) continue;
    slot_[r] = static_cast<Eigen::Index>(resource_.size());
    per_limit_[r] = 1 / book.limit(r);
    resource_.push_back(r);
  }
  at_ = trial_ = mean_ = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(resource_.size()));
  for (std::size_t p = 0; p < book.customers(); ++p) {
    if (book.competes(p)) members_.push_back(static_cast<std::uint32_t>(p));
  }
  competing_ = members_.size();
  find_typical_shares();
  start_pass(at_);
}

// What an option that uses a resource takes of it, large uses weighing more.
void dual_search::find_typical_shares() {
  Eigen::VectorXd uses = Eigen::VectorXd::Constant(at_.size(), 1e-300);
  typical_share_.setZero(at_.size());
  for (const std::uint32_t p : members_) {
    for (option_book::index o = book_.first(p); o < book_.last(p); ++o) {
      book_.each_use(o, [&](std::size_t r, double amount) {
        if (slot_[r] < 0) return;
        const double share = amount * per_limit_[r];
        uses[slot_[r]] += share;
        typical_share_[slot_[r]] += share * share;
      });
    }
  }
  typical_share_.array() = (typical_share_.array() / uses.array()).max(1e-12);
}

void dual_search::start_pass(const Eigen::VectorXd& at) {
  trial_ = at;
  for (std::size_t s = 0; s < resource_.size(); ++s) {
    prices_[resource_[s]] = at[static_cast<Eigen::Index>(s)] * per_limit_[resource_[s]];
  }
  pass_.hard = pass_.smooth = 0;
  pass_.used.setZero(at.size());
  pass_.bend.setZero(at.size(), at.size());
  pass_.drift.setZero(at.size());
  next_ = 0;
}

bool dual_search::advance(std::size_t customers) {
  const std::size_t last = std::min(members_.size(), next_ + customers);
  while (!finished_ && next_ < last) visit(members_[next_++]);
  if (!finished_ && next_ == members_.size()) finish_pass();
  return finished_;
}

void dual_search::visit(std::size_t position) {
  const option_book::index first = book_.first(position), last = book_.last(position);
  values_.clear();
  double highest = 0;
  option_book::index best = option_book::none;
  for (option_book::index o = first; o < last; ++o) {
    values_.push_back(book_.value(o, prices_));
    if (values_.back() <= highest) continue;
    highest = values_.back();
    best = o;
  }
  pass_.hard += highest;
  const double behind = highest - far_behind * width_;
  std::size_t close = behind < 0 ? 1 : 0;  // doing nothing
  for (const double v : values_) close += v > behind ? 1 : 0;
  if (width_ > 0 && close > 1) {
    add_mixture(position, highest);
  } else {
    pass_.smooth += highest;
    book_.each_use(best, [&](std::size_t r, double amount) {
      if (slot_[r] >= 0) pass_.used[slot_[r]] += amount * per_limit_[r];
    });
  }
}

// One option of a mixture: its share of what is used, of the second moment and, being ahead of the
// mean value, of what a smaller m adds.
void dual_search::add_share(option_book::index o, double share, double ahead) {
  parts_.clear();
  book_.each_use(o, [&](std::size_t r, double amount) {
    if (slot_[r] >= 0) parts_.push_back({slot_[r], amount * per_limit_[r]});
  });
  for (const part& a : parts_) {
    if (mean_[a.slot] == 0) touched_.push_back(a.slot);
    mean_[a.slot] += share * a.share;
    pass_.drift[a.slot] += share * ahead * a.share;
    for (const part& b : parts_) pass_.bend(a.slot, b.slot) += share * a.share * b.share;
  }
}

void dual_search::add_mixture(std::size_t position, double highest) {
  double sum = std::exp(-highest / width_), mean = 0;  // doing nothing
  shares_.clear();
  for (const double v : values_) {
    shares_.push_back(std::exp((v - highest) / width_));
    sum += shares_.back();
    mean += shares_.back() * v;
  }
  mean /= sum;
  pass_.smooth += highest + width_ * std::log(sum);
  touched_.clear();
  for (std::size_t k = 0; k < values_.size(); ++k) {
    const double share = shares_[k] / sum;
    const auto o = book_.first(position) + static_cast<option_book::index>(k);
    if (share > 1e-17) add_share(o, share, values_[k] - mean);
  }
  for (const Eigen::Index a : touched_) {
    pass_.used[a] += mean_[a];
    for (const Eigen::Index b : touched_) pass_.bend(a, b) -= mean_[a] * mean_[b];
  }
  for (const Eigen::Index a : touched_) mean_[a] = 0;
}

void dual_search::finish_pass() {
  ++passes_;
  const double limits = trial_.sum();
  pass_.hard = weight_ * pass_.hard + limits;
  pass_.smooth = weight_ * pass_.smooth + limits;
  pass_.used *= weight_;
  if (width_ > 0) {
    pass_.bend *= weight_ / width_;
    pass_.drift *= weight_ / (width_ * width_);
  }
  // Of nearly the same bound the last word is better: it has no prices that are only rounding.
  const bool last_word = width_ == 0 && pass_.hard <= bound_ * (1 + 1e-7);
  if (members_.size() == competing_ && (pass_.hard < bound_ || last_word)) {
    bound_ = pass_.hard;
    best_prices_ = prices_;
  }
  if (first_look_) {
    look_around();
  } else if (width_ == 0) {
    finished_ = true;
  } else {
    judge();
  }
}

// At no price at all: there may be enough of everything.
void dual_search::look_around() {
  first_look_ = false;
  if (resource_.empty() || pass_.used.maxCoeff() <= 1) {
    finished_ = true;
    return;
  }
  typical_ = pass_.hard / static_cast<double>(competing_);
  width_ = 2 * typical_;
  start_level(competing_ >= 64 * enough ? 64 : competing_ >= 8 * enough ? 8 : 1);
}

void dual_search::start_level(std::size_t stride) {
  stride_ = stride;
  members_.clear();
  for (std::size_t p = 0; p < book_.customers(); ++p) {
    if (book_.competes(p) && mixed(book_.key(p)) % stride == 0) {
      members_.push_back(static_cast<std::uint32_t>(p));
    }
  }
  if (members_.empty()) return start_level(stride / 8);
  weight_ = static_cast<double>(competing_) / static_cast<double>(members_.size());
  fresh_ = true;
  start_pass(at_);
}

// The next stage: a smaller m, then more customers.
void dual_search::narrow() {
  const double end = stride_ == 64 ? 0.05 : stride_ == 8 ? 0.01 : last_width;
  const bool in_time = passes_ < most_passes;
  if (in_time && width_ > end * typical_) {
    // Where the slope stays 0 while m falls.
    const Eigen::VectorXd step = step_by((narrower - 1) * width_ * here_.drift);
    width_ *= narrower;
    fresh_ = true;
    start_pass((at_ + step).cwiseMax(0));
  } else if (in_time && stride_ > 1) {
    start_level(stride_ / 8);
  } else {
    finish_up();
  }
}

// A last pass where the path ends at m = 0, without prices that no customer would notice.
void dual_search::finish_up() {
  if (stride_ > 1) start_level(1);
  Eigen::VectorXd end = at_ + step_by(-width_ * here_.drift);
  for (Eigen::Index i = 0; i < end.size(); ++i) {
    if (end[i] * typical_share_[i] < 1e-6 * typical_) end[i] = 0;
  }
  width_ = 0;
  start_pass(end);
}

// Is the trial better? A damped Newton step that fell by less than promised is damped more
// (Levenberg, Marquardt).
void dual_search::judge() {
  bool better = fresh_;
  if (fresh_) {
    tries_ = 0;
  } else {
    const double kept = (value_ - pass_.smooth) / promised_;
    better = kept > 0.1;
    if (kept < 0.3) damping_ *= 8;
    if (kept > 0.7) damping_ *= 0.1;
  }
  fresh_ = false;
  if (better) {
    at_ = trial_;
    value_ = pass_.smooth;
    std::swap(here_, pass_);
  }
  propose();
}

// Newton's step for the slope, damped, that leaves no price below 0.
Eigen::VectorXd dual_search::step_by(const Eigen::VectorXd& slope) const {
  Eigen::MatrixXd bend = here_.bend;
  bend.diagonal() *= 1 + damping_;
  bend.diagonal() += (least_damping + damping_) / width_ * typical_share_;
  const Eigen::VectorXd least = -at_;
  return bounded_step(least, slope, std::move(bend)).solve();
}

void dual_search::propose() {
  const Eigen::VectorXd slope = Eigen::VectorXd::Ones(at_.size()) - here_.used;
  const Eigen::VectorXd step = step_by(slope);
  promised_ = -slope.dot(step) - 0.5 * step.dot(here_.bend * step);
  const double worth_a_pass = (stride_ == 1 ? 1e-9 : 1e-6) * value_;
  if (++tries_ > most_tries || !(promised_ > worth_a_pass)) return narrow();
  start_pass((at_ + step).cwiseMax(0));
}

}  // namespace clv::retention
