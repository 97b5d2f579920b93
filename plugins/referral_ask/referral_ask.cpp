// referral_ask: asks those who would recommend us to do it, when all is well: nothing open, the
// last order delivered. Both sides are rewarded, after the friend's second paid order and not
// before.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct referral_ask {
  struct settings {
    double nps_from = 9, fresh_days = 180, least_value_minor = 2000, most_pending = 2;
    double reward_minor = 1000, reward_share = .3, email_cost_minor = 1;
    double effect_mean = .01, effect_sd = .008, chance_anyway = .002, horizon_days = 180;
  };
  static constexpr setting<settings> knobs[] = {
      {"nps_from", &settings::nps_from, 0, 10, "who would recommend us, of 10"},
      {"fresh_days", &settings::fresh_days, 1, 3650, "said in so many days"},
      {"least_value_minor", &settings::least_value_minor, 0, 1e12, "bar on referral_value"},
      {"most_pending", &settings::most_pending, 0, 1e6, "referrals that wait for their reward"},
      {"reward_minor", &settings::reward_minor, 0, 1e12, "the most for each side"},
      {"reward_share", &settings::reward_share, 0, 1, "of referral_value, for both together"},
      {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one e-mail"},
      {"effect_mean", &settings::effect_mean, -1, 1, "chance of a friend who buys twice"},
      {"effect_sd", &settings::effect_sd, 0, 1, "its standard deviation"},
      {"chance_anyway", &settings::chance_anyway, 0, 1, "the same of who is not asked"},
      {"horizon_days", &settings::horizon_days, 1, 3650, "window of the response"}};
  static constexpr clv::plugin::about about{"clv.referral_ask",
                                            "Referral",
                                            "1.0.0",
                                            "libclv",
                                            "Apache-2.0",
                                            "Asks promoters to bring a friend when all is well."};
  static constexpr const char* reads[] = {"nps",
                                          "days_since_feedback",
                                          "open_tickets",
                                          "complaint_open",
                                          "last_order_delivered",
                                          "referral_value",
                                          "referrals_pending"};
  static constexpr const char* actions[] = {"referral_ask.ask"};
  struct columns {
    const clv_batch& in;
    numbers nps{in, "nps"}, days_since_feedback{in, "days_since_feedback"};
    numbers open_tickets{in, "open_tickets"}, complaint_open{in, "complaint_open"};
    numbers last_order_delivered{in, "last_order_delivered"};
    numbers referrals_pending{in, "referrals_pending"};
    amounts referral_value{in, "referral_value"};
  };
  settings set;

  bool all_is_well(const columns& of, std::int64_t row) const {
    return of.last_order_delivered.yes(row) && !(of.open_tickets[row] > 0) &&
           !of.complaint_open.yes(row) && !(of.referrals_pending[row] > set.most_pending);
  }

  void propose(const columns& of, std::int64_t row, outbox& out) const {
    const double nps = of.nps[row], age = of.days_since_feedback[row];
    const double value = of.referral_value[row];
    if (!(nps >= set.nps_from && nps <= 10) || !(age >= 0 && age <= set.fresh_days)) return;
    if (!all_is_well(of, row) || !(value > 0 && value >= set.least_value_minor)) return;
    const double each = std::floor(std::fmin(set.reward_minor, set.reward_share * value / 2));
    proposal p(row, "referral_ask.ask", "email");
    p.reason << "Would recommend us (" << nps << " of 10), the last order has arrived and a friend "
             << "is worth " << of.referral_value.money(row) << ": ask.";
    // The response is a friend who buys twice, not a purchase of the customer: both rewards are
    // paid for it, also to those who would have brought the friend unasked.
    p.effect(set.effect_mean, set.effect_sd).chance_anyway(set.chance_anyway);
    p.worth(value).benefit("gift", 2 * each).costs(set.email_cost_minor);
    p.within_days(set.horizon_days);
    p.terms.worst_case_minor = minor_units(2 * each + set.email_cost_minor);
    p.message.add("reward_each_minor", each).add("currency", of.referral_value.unit());
    p.message.add("paid_after", "the friend's second paid order");
    out.emit(p);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(referral_ask)
