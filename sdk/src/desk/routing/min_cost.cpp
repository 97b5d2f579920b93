#include "desk/routing/min_cost.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>
#include <queue>
#include <tuple>

namespace clv::desk {
namespace {

constexpr auto nothing = std::numeric_limits<std::uint32_t>::max();
constexpr auto far_away = std::numeric_limits<std::int64_t>::max();

}  // namespace

// Prices: surplus u of a demand, y of a place, w of an owner. For every offer
// u + y - worth >= 0, equal where it is taken; a free place costs what its owner does (y = w), a
// taken one no less; an owner with room costs nothing. These are the conditions of optimality.
//
// Of a pool the first `taken` places are taken, and only the next one is open: the others cost more
// and are never better. Nodes of the search: places (taken or open) and owners; a demand is reached
// through its place.
struct place_assignment::impl {
  explicit impl(const place_problem& p);

  // Where the shortest path to a node came from: a demand (of a place), a place (of an owner) or
  // an owner (of a place that it lets go).
  struct reach {
    std::uint32_t from = nothing;
    bool by_owner = false;
    bool settled = false;
  };
  struct step {
    std::int64_t distance;
    std::uint32_t node;  // places first, then owners
    bool operator>(const step& other) const {
      return std::tie(distance, node) > std::tie(other.distance, other.node);
    }
  };
  struct path_end {
    std::int64_t distance = far_away;
    std::uint32_t place = nothing;   // an open one of an owner with room
    std::uint32_t demand = nothing;  // or one that goes without
  };

  std::int64_t worth(std::uint32_t demand, std::int64_t value, std::uint32_t place) const {
    return problem.demands[demand].weight * (value - toll[place]);
  }
  bool has_room(std::uint32_t owner) const {
    const auto& limit = problem.owner_limits[owner];
    return !limit || owner_taken[owner] < *limit;
  }
  // Of the open place of a pool, after what it follows from has changed.
  void set_open_price(std::uint32_t pool) {
    const std::uint32_t open = first[pool] + taken[pool];
    if (open < first[pool + 1]) place_price[open] = owner_price[problem.pools[pool].owner];
  }
  // Places of the pool that can be on a path: those taken and the open one.
  std::uint32_t end_of(std::uint32_t pool) const {
    return std::min(first[pool] + taken[pool] + 1, first[pool + 1]);
  }

  void look_at(std::uint32_t demand);
  std::int64_t first_surplus(std::uint32_t demand) const;
  void search(std::uint32_t demand);
  void go_on_from_demand(std::uint32_t demand, std::int64_t distance);
  void go_on_from_place(std::uint32_t place);
  void go_on_from_owner(std::uint32_t owner);
  void reach_node(std::uint32_t node, std::int64_t distance, std::uint32_t from, bool by_owner);
  void change_prices(std::uint32_t demand);
  void augment(std::uint32_t demand);
  void give(std::uint32_t place, std::uint32_t demand);
  void close_gaps();

  const place_problem& problem;
  std::vector<std::uint32_t> order;  // those that must first
  std::size_t next = 0;
  std::vector<std::uint32_t> first;  // places of pool p: first[p] to first[p + 1] - 1
  std::vector<std::uint32_t> taken;  // by pool
  std::vector<std::int64_t> toll;    // by place
  std::vector<std::uint32_t> pool_of, owner_of, holder;  // by place
  std::vector<std::int64_t> place_price;
  std::vector<std::vector<std::uint32_t>> pools_of;  // by owner
  std::vector<std::int64_t> owner_price, owner_taken;
  std::vector<std::uint32_t> place_of;  // by demand
  std::vector<std::int64_t> surplus;

  // Of one search.
  std::vector<std::int64_t> distance_to;  // by node
  std::vector<reach> nodes;
  std::vector<std::uint32_t> touched;
  std::priority_queue<step, std::vector<step>, std::greater<>> ahead;
  path_end end;
  std::vector<std::uint32_t> gaps;  // pools that may have lost a place
};

place_assignment::impl::impl(const place_problem& p)
    : problem(p),
      order(p.demands.size()),
      first{0},
      taken(p.pools.size()),
      pools_of(p.owner_limits.size()),
      owner_price(p.owner_limits.size()),
      owner_taken(p.owner_limits.size()),
      place_of(p.demands.size(), nothing),
      surplus(p.demands.size()) {
  std::iota(order.begin(), order.end(), 0U);
  std::stable_partition(
      order.begin(), order.end(), [&](std::uint32_t i) { return p.demands[i].must; });
  for (std::uint32_t pool = 0; pool < p.pools.size(); ++pool) {
    const place_pool& one = p.pools[pool];
    assert(std::is_sorted(one.tolls.begin(), one.tolls.end()));
    toll.insert(toll.end(), one.tolls.begin(), one.tolls.end());
    pool_of.resize(toll.size(), pool);
    owner_of.resize(toll.size(), one.owner);
    pools_of[one.owner].push_back(pool);
    first.push_back(static_cast<std::uint32_t>(toll.size()));
  }
  holder.assign(toll.size(), nothing);
  place_price.resize(toll.size());
  nodes.resize(toll.size() + owner_price.size());
  distance_to.assign(nodes.size(), far_away);
}

void place_assignment::impl::reach_node(std::uint32_t node,
                                        std::int64_t distance,
                                        std::uint32_t from,
                                        bool by_owner) {
  if (distance >= distance_to[node] || distance >= end.distance) return;
  if (distance_to[node] == far_away) touched.push_back(node);
  distance_to[node] = distance;
  nodes[node] = {.from = from, .by_owner = by_owner};
  ahead.push({distance, node});
}

void place_assignment::impl::go_on_from_demand(std::uint32_t demand, std::int64_t distance) {
  const place_demand& wanted = problem.demands[demand];
  if (!wanted.must && distance + surplus[demand] < end.distance) {
    end = {.distance = distance + surplus[demand], .demand = demand};
  }
  for (const place_offer& offer : wanted.offers) {
    const std::uint32_t last = end_of(offer.pool);
    const std::int64_t base = distance + surplus[demand] - wanted.weight * offer.value;
    for (std::uint32_t place = first[offer.pool]; place < last; ++place) {
      const std::int64_t there = base + place_price[place] + wanted.weight * toll[place];
      assert(there >= distance);
      reach_node(place, there, demand, false);
    }
  }
}

void place_assignment::impl::go_on_from_place(std::uint32_t place) {
  const std::int64_t distance = distance_to[place];
  const std::uint32_t owner = owner_of[place];
  if (holder[place] != nothing) {
    go_on_from_demand(holder[place], distance);
  } else if (has_room(owner)) {
    end = {.distance = distance, .place = place};
  } else {
    reach_node(static_cast<std::uint32_t>(toll.size()) + owner, distance, place, false);
  }
}

// An owner that is full lets one of its places go for the one it was reached through.
void place_assignment::impl::go_on_from_owner(std::uint32_t owner) {
  const std::int64_t distance = distance_to[toll.size() + owner];
  for (const std::uint32_t pool : pools_of[owner]) {
    for (std::uint32_t k = 0; k < taken[pool]; ++k) {
      const std::uint32_t place = first[pool] + k;
      reach_node(place, distance + place_price[place] - owner_price[owner], owner, true);
    }
  }
}

// What the demand could gain at these prices; one that may go without never gains less than 0.
std::int64_t place_assignment::impl::first_surplus(std::uint32_t demand) const {
  const place_demand& wanted = problem.demands[demand];
  std::int64_t most = wanted.must ? -far_away : 0;
  for (const place_offer& offer : wanted.offers) {
    for (std::uint32_t place = first[offer.pool]; place < end_of(offer.pool); ++place) {
      most = std::max(most, worth(demand, offer.value, place) - place_price[place]);
    }
  }
  return most;
}

// Dijkstra from the demand until the nearest end is certain.
void place_assignment::impl::search(std::uint32_t demand) {
  end = {};
  go_on_from_demand(demand, 0);
  while (!ahead.empty()) {
    const step now = ahead.top();
    ahead.pop();
    if (now.distance >= end.distance) break;
    reach& at = nodes[now.node];
    if (at.settled || now.distance > distance_to[now.node]) continue;
    at.settled = true;
    if (now.node < toll.size()) {
      go_on_from_place(now.node);
    } else {
      go_on_from_owner(now.node - static_cast<std::uint32_t>(toll.size()));
    }
  }
  ahead = {};
}

// What is nearer than the end comes as much dearer as it is nearer, so that the path costs nothing.
void place_assignment::impl::change_prices(std::uint32_t demand) {
  surplus[demand] -= end.distance;
  for (const std::uint32_t node : touched) {
    const std::int64_t nearer = end.distance - distance_to[node];
    if (!nodes[node].settled || nearer <= 0) continue;
    if (node >= toll.size()) {
      const std::size_t owner = node - toll.size();
      owner_price[owner] += nearer;
      for (const std::uint32_t pool : pools_of[owner]) set_open_price(pool);
    } else if (holder[node] != nothing) {
      place_price[node] += nearer;
      surplus[holder[node]] -= nearer;
    }
  }
}

void place_assignment::impl::give(std::uint32_t place, std::uint32_t demand) {
  holder[place] = demand;
  place_of[demand] = place;
}

// Back along the path from its end: each demand moves to the place it reached.
void place_assignment::impl::augment(std::uint32_t demand) {
  std::uint32_t place = end.place;
  if (end.demand != nothing) {
    if (end.demand == demand) return;  // it goes without itself
    place = place_of[end.demand];
    place_of[end.demand] = nothing;
  } else {
    ++owner_taken[owner_of[place]];
  }
  while (true) {
    if (nodes[place].by_owner) {  // left empty for another one of the same owner
      holder[place] = nothing;
      gaps.push_back(pool_of[place]);
      place = nodes[toll.size() + nodes[place].from].from;
    }
    const std::uint32_t moved = nodes[place].from;
    if (holder[place] == nothing) {
      ++taken[pool_of[place]];
      set_open_price(pool_of[place]);
    }
    const std::uint32_t before = place_of[moved];
    give(place, moved);
    if (moved == demand) return;
    place = before;
  }
}

// Places of one toll are the same to everybody, and the last of them may be the one that is taken:
// what is taken are the first again.
void place_assignment::impl::close_gaps() {
  for (const std::uint32_t pool : gaps) {
    const std::uint32_t last = first[pool] + taken[pool] - 1;
    for (std::uint32_t place = first[pool]; place < last; ++place) {
      if (holder[place] != nothing) continue;
      std::uint32_t from = last;
      while (from > place && holder[from] == nothing) --from;
      if (from == place) break;
      assert(toll[from] == toll[place]);
      place_price[place] = place_price[from];
      give(place, holder[from]);
      holder[from] = nothing;
    }
    --taken[pool];
    set_open_price(pool);
  }
  gaps.clear();
}

void place_assignment::impl::look_at(std::uint32_t demand) {
  if (problem.demands[demand].offers.empty()) return;
  surplus[demand] = first_surplus(demand);
  if (surplus[demand] == -far_away) return;  // only pools without a place
  search(demand);
  if (end.distance != far_away) {  // else one that must, and nothing is left that it may have
    change_prices(demand);
    augment(demand);
    close_gaps();
  }
  for (const std::uint32_t node : touched) {
    nodes[node] = {};
    distance_to[node] = far_away;
  }
  touched.clear();
}

place_assignment::place_assignment(const place_problem& problem)
    : impl_(std::make_unique<impl>(problem)) {}
place_assignment::~place_assignment() = default;

double place_assignment::advance(std::size_t demands) {
  const std::size_t all = impl_->order.size();
  const std::size_t last = std::min(all, impl_->next + demands);
  for (; impl_->next < last; ++impl_->next) impl_->look_at(impl_->order[impl_->next]);
  return all == 0 ? 1 : static_cast<double>(impl_->next) / static_cast<double>(all);
}

std::optional<taken_place> place_assignment::of(std::size_t demand) const {
  const std::uint32_t place = impl_->place_of[demand];
  if (place == nothing) return std::nullopt;
  const std::uint32_t pool = impl_->pool_of[place];
  return taken_place{pool, place - impl_->first[pool]};
}

std::int64_t place_assignment::total() const {
  std::int64_t sum = 0;
  for (std::uint32_t i = 0; i < impl_->place_of.size(); ++i) {
    const std::uint32_t place = impl_->place_of[i];
    if (place == nothing) continue;
    const auto& offers = impl_->problem.demands[i].offers;
    const auto of = std::ranges::find(offers, impl_->pool_of[place], &place_offer::pool);
    sum += impl_->worth(i, of->value, place);
  }
  return sum;
}

}  // namespace clv::desk
