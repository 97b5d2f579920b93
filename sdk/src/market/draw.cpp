#include "market/draw.hpp"

#include "math/hash.hpp"
#include "math/random.hpp"

namespace clv::market {

fortune::fortune(std::uint64_t seed, std::string_view customer, double order_shape) {
  random_source random(seed, math::hash64(customer));
  orders = random.uniform();
  changes = random.uniform();
  pulled = random.uniform();
  returned = random.uniform();
  leaves = random.uniform();
  size = random.gamma(order_shape, order_shape);  // last: it takes a varying number of draws
}

namespace {

// `mean` is the expected profit with returns; a kept order earns more, a returned one nothing.
void take_order(const truth& t, const fortune& f, double mean, happening& h) {
  h.response = true;
  h.returned = f.returned < t.returned;
  h.value = h.returned || t.returned >= 1 ? 0 : mean * f.size / (1 - t.returned);
}

}  // namespace

happening untreated(const truth& t, const fortune& f) {
  happening h;
  if (f.orders < t.p0) take_order(t, f, t.order_profit, h);
  return h;
}

happening treated(const truth& t, const fortune& f) {
  happening h;
  if (f.orders < t.p0) {
    if (!(t.tau < 0 && f.changes < -t.tau / t.p0)) take_order(t, f, t.order_profit, h);
  } else if (t.tau > 0 && f.changes < t.tau / (1 - t.p0)) {
    take_order(t, f, t.value, h);
    if (f.pulled < t.pull_chance) h.value -= t.order_profit;
  }
  h.unsubscribed = f.leaves < t.unsubscribe;
  h.future_lost = h.unsubscribed ? t.future_value : 0;
  h.benefit = h.response ? t.benefit : 0;
  h.cost = t.contact_cost + h.benefit;
  return h;
}

}  // namespace clv::market
