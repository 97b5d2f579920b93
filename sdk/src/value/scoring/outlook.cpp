#include "value/scoring/outlook.hpp"

#include "value/scoring/future_table.hpp"
#include "value/scoring/interval.hpp"

namespace clv {

outlooks::outlooks(future_maker maker, outlook_parts parts, bool tabulate)
    : maker_(std::move(maker)), parts_(parts) {
  const horizon& ahead = maker_.ahead();
  const bool any = ahead.distribution || (ahead.discounted && ahead.delta > 0.0);
  if (tabulate && any) table_ = future_table::for_maker(maker_);
}

outlooks::~outlooks() = default;
outlooks::outlooks(outlooks&&) noexcept = default;

future outlooks::future_of(const observation& o, std::vector<double>& scratch) const {
  future f;
  if (table_ && table_->at(maker_, o, scratch, f)) return f;
  return maker_.of(o, scratch);
}

double outlooks::average_no_purchase(const observation& o, double at_estimates) const {
  const auto& around = maker_.around();
  if (around.empty()) return at_estimates;
  double sum = 0.0;
  for (const auto& p : around) sum += maker_.which().no_purchase(p, o, maker_.ahead().length);
  return sum / static_cast<double>(around.size());
}

outlook outlooks::of(const observation& o, std::vector<double>& scratch) const {
  const model& m = maker_.which();
  const values p = maker_.parameters();
  const horizon& ahead = maker_.ahead();
  outlook out;
  if (parts_.log_likelihood) out.log_likelihood = m.log_likelihood(p, o);
  if (parts_.p_alive) out.p_alive = m.p_alive(p, o);
  if (parts_.expected_purchases) {
    out.expected_purchases = m.expected_purchases(p, o, ahead.length);
    out.discounted = out.expected_purchases;
  }
  if (parts_.no_purchase) out.no_purchase = m.no_purchase(p, o, ahead.length);
  if (!ahead.distribution && !(ahead.discounted && ahead.delta > 0.0)) return out;
  out.given_purchase = future_of(o, scratch);
  if (ahead.delta > 0.0) out.discounted *= out.given_purchase.discount;
  if (!ahead.distribution) return out;
  const double zero = average_no_purchase(o, out.no_purchase);
  out.z10 = quantile_normal(0.1, zero);
  out.z50 = quantile_normal(0.5, zero);
  out.z90 = quantile_normal(0.9, zero);
  return out;
}

}  // namespace clv
