// winback: customers who have probably left and are silent for longer than their own rhythm
// explains. First a plain reminder; a discount only when the silence has gone on so long that a
// reminder would have worked, from what the order earns, and not to those who buy on discount only.
// The core prices both and takes at most one. See README.md for where the effect priors come from.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct winback {
  struct settings {
    double alive_below = .5, overdue_chance = .2, discount_chance = .05;
    double email_cost_minor = 1, nudge_effect_mean = .005, nudge_effect_sd = .004;
    double discount_minor = 500, discount_effect_mean = .02, discount_effect_sd = .015;
    double margin = .3, gain_share = .5, deal_share = .8, deal_orders = 3;
    double pull_forward = .2, horizon_days = 30;
  };
  static constexpr setting<settings> knobs[] = {
      {"alive_below", &settings::alive_below, 0, 1, "upper limit of p_alive"},
      {"overdue_chance", &settings::overdue_chance, 0, 1, "upper limit of (t_x / T)^x"},
      {"discount_chance", &settings::discount_chance, 0, 1, "the same for the discount"},
      {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one e-mail"},
      {"nudge_effect_mean", &settings::nudge_effect_mean, -1, 1, "reminder: effect"},
      {"nudge_effect_sd", &settings::nudge_effect_sd, 0, 1, "its standard deviation"},
      {"discount_minor", &settings::discount_minor, 0, 1e12, "the most it gives; 0: none"},
      {"discount_effect_mean", &settings::discount_effect_mean, -1, 1, "discount: effect"},
      {"discount_effect_sd", &settings::discount_effect_sd, 0, 1, "its standard deviation"},
      {"margin", &settings::margin, 0, 1, "profit per unit of revenue"},
      {"gain_share", &settings::gain_share, 0, 1, "of an order's profit, what may be given"},
      {"deal_share", &settings::deal_share, 0, 1, "discounted orders that make a deal seeker"},
      {"deal_orders", &settings::deal_orders, 1, 1e6, "from this many orders on"},
      {"pull_forward", &settings::pull_forward, 0, 1, "share of the effect that is only earlier"},
      {"horizon_days", &settings::horizon_days, 1, 3650, "window of the response"}};
  static constexpr clv::plugin::about about{
      "clv.winback",
      "Win back",
      "1.1.0",
      "libclv",
      "Apache-2.0",
      "Reminds customers who fell silent against their own rhythm."};
  static constexpr const char* reads[] = {"p_alive",
                                          "x",
                                          "t_x",
                                          "T",
                                          "clv",
                                          "mean_spend",
                                          "expected_spend",
                                          "orders",
                                          "discounted_orders"};
  static constexpr const char* actions[] = {"winback.nudge", "winback.discount"};
  struct columns {
    const clv_batch& in;
    numbers p_alive{in, "p_alive"}, x{in, "x"}, t_x{in, "t_x"}, T{in, "T"};
    amounts clv{in, "clv"}, mean_spend{in, "mean_spend"}, expected_spend{in, "expected_spend"};
    numbers orders{in, "orders"}, discounted_orders{in, "discounted_orders"};
  };
  settings set;

  // Chance that someone who bought x more times in t_x stays silent until T and still buys at the
  // old rhythm: (t_x / T)^x. Purchase intervals exponential with an unknown rate whose posterior
  // after x of them (prior 1/rate) is gamma(x, t_x), integrated over that rate. A weekly buyer of
  // ten weeks who is three weeks late: (10 / 14)^10 = .03. A yearly one: (3 / (4 + 3/52))^3 = .40.
  static double chance_of_silence(double x, double t_x, double T) {
    return x >= 1 && t_x > 0 && T > t_x ? std::pow(t_x / T, x) : 1;
  }

  // The smaller of usual and expected order, in minor units; NaN where neither is known.
  static double careful_order(const columns& of, std::int64_t row) {
    return std::fmin(of.expected_spend[row], of.mean_spend[row]);
  }

  // A share of what that order earns; 0 for those who buy on discount only.
  double discount_of(const columns& of, std::int64_t row) const {
    const double most = set.gain_share * set.margin * careful_order(of, row);
    const double orders = of.orders[row];
    const bool deals_only =
        orders >= set.deal_orders && of.discounted_orders[row] >= set.deal_share * orders;
    return most > 0 && !deals_only ? std::floor(std::fmin(set.discount_minor, most)) : 0;
  }

  // "Bought every 9 days, silent for 41; expected to bring EUR 120 more."
  static void say(proposal& p, const columns& of, std::int64_t row) {
    const double days = of.T.days(row) / of.T[row];
    const double scale = days > 0 ? days : 1;
    const char* unit = days > 0 ? "day" : "period";
    const double rhythm = std::round(scale * of.t_x[row] / of.x[row]);
    p.reason << "Bought every ";
    if (rhythm > 1) p.reason << rhythm << " ";
    p.reason << unit << (rhythm > 1 ? "s" : "") << ", silent for "
             << scale * (of.T[row] - of.t_x[row]);
    if (of.clv[row] >= 0) p.reason << "; expected to bring " << of.clv.money(row) << " more";
    p.reason << ".";
  }

  void propose(const columns& of, std::int64_t row, outbox& out) const {
    const double chance = chance_of_silence(of.x[row], of.t_x[row], of.T[row]);
    if (!(of.p_alive[row] < set.alive_below) || !(chance < set.overdue_chance)) return;
    proposal nudge(row, "winback.nudge", "email");
    say(nudge, of, row);
    nudge.effect(set.nudge_effect_mean, set.nudge_effect_sd).costs(set.email_cost_minor);
    nudge.within_days(set.horizon_days).terms.pull_forward = set.pull_forward;
    out.emit(nudge);
    const double given = discount_of(of, row);
    if (!(chance < set.discount_chance) || !(given >= 1)) return;
    proposal discount = nudge;
    discount.terms.action = "winback.discount";
    discount.effect(set.discount_effect_mean, set.discount_effect_sd).benefit("discount", given);
    discount.terms.discount_share = given / careful_order(of, row);
    out.emit(discount);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(winback)
