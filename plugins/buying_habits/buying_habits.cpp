// buying_habits: two numbers about how a customer buys, for other plugins to read as
// "feature.overdue" and "feature.deal_share".
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct buying_habits {
  struct settings {
    double least_orders = 3, most_overdue = 20;
  };
  static constexpr setting<settings> knobs[] = {
      {"least_orders", &settings::least_orders, 1, 1000, "orders that a share of deals needs"},
      {"most_overdue", &settings::most_overdue, 1, 1000, "a longer silence counts as this"}};
  static constexpr clv::plugin::about about{
      "clv.buying_habits",
      "Buying habits",
      "1.0.0",
      "libclv",
      "Apache-2.0",
      "Measures silence against a customer's own rhythm, and how often a discount was used."};
  static constexpr const char* reads[] = {"x", "t_x", "T", "orders", "discounted_orders"};
  static constexpr const char* features[] = {"overdue", "deal_share"};
  struct columns {
    const clv_batch& in;
    numbers x{in, "x"}, t_x{in, "t_x"}, T{in, "T"};
    numbers orders{in, "orders"}, discounted_orders{in, "discounted_orders"};
  };
  settings set;

  // The silence so far, in intervals between this customer's purchases.
  void overdue(const columns& of, std::int64_t row, feature_values& out) const {
    const double x = of.x[row], t_x = of.t_x[row], silence = of.T[row] - t_x;
    if (!(x >= 1 && t_x > 0 && silence >= 0 && std::isfinite(x) && std::isfinite(t_x))) return;
    out.set(row, "overdue", std::fmin(silence / (t_x / x), set.most_overdue));
  }

  void deal_share(const columns& of, std::int64_t row, feature_values& out) const {
    const double orders = of.orders[row], deals = of.discounted_orders[row];
    if (!(orders >= set.least_orders && deals >= 0 && deals <= orders)) return;
    out.set(row, "deal_share", deals / orders);
  }

  void compute(const columns& of, std::int64_t row, feature_values& out) const {
    overdue(of, row, out);
    deal_share(of, row, out);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(buying_habits)
