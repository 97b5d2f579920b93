// loyalty_tier: what a tier review comes to, and a nudge towards the next tier. A perk costs at
// most what the tier is carefully expected to earn; where that is a loss, a person decides about a
// lower tier. The programme's own rules move the tiers; this says whom to tell, and with what.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct loyalty_tier {
  struct settings {
    double near_share = .2, perk_minor = 500, perk_share = .5, email_cost_minor = 1;
    double perk_effect_mean = .02, perk_effect_sd = .015;
    double tell_effect_mean = .005, tell_effect_sd = .004;
    double lower_effect_mean = .3, lower_effect_sd = .2, lower_minutes = 3, horizon_days = 60;
  };
  static constexpr setting<settings> knobs[] = {
      {"near_share", &settings::near_share, 0, 1, "points missing, of those needed, for a perk"},
      {"perk_minor", &settings::perk_minor, 0, 1e12, "the most a perk costs"},
      {"perk_share", &settings::perk_share, 0, 1, "of tier_margin_gain, what a perk may cost"},
      {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one e-mail"},
      {"perk_effect_mean", &settings::perk_effect_mean, -1, 1, "perk: effect"},
      {"perk_effect_sd", &settings::perk_effect_sd, 0, 1, "its standard deviation"},
      {"tell_effect_mean", &settings::tell_effect_mean, -1, 1, "upgrade or keep: effect"},
      {"tell_effect_sd", &settings::tell_effect_sd, 0, 1, "its standard deviation"},
      {"lower_effect_mean", &settings::lower_effect_mean, -1, 1, "share of the loss avoided"},
      {"lower_effect_sd", &settings::lower_effect_sd, 0, 1, "its standard deviation"},
      {"lower_minutes", &settings::lower_minutes, 0, 1e6, "staff time of the approval"},
      {"horizon_days", &settings::horizon_days, 1, 3650, "window of the response"}};
  static constexpr clv::plugin::about about{"clv.loyalty_tier",
                                            "Loyalty tier",
                                            "1.0.0",
                                            "libclv",
                                            "Apache-2.0",
                                            "Weighs tiers and perks against what they earn."};
  static constexpr const char* reads[] = {
      "tier", "tier_points", "tier_gap", "tier_review", "tier_margin_gain"};
  static constexpr const char* actions[] = {
      "loyalty_tier.upgrade", "loyalty_tier.keep", "loyalty_tier.perk", "loyalty_tier.downgrade"};
  struct columns {
    const clv_batch& in;
    texts tier{in, "tier"};
    numbers tier_points{in, "tier_points"}, tier_gap{in, "tier_gap"};
    numbers tier_review{in, "tier_review"};
    amounts gain{in, "tier_margin_gain"};
  };
  settings set;

  proposal begin(const columns& of, std::int64_t row, const char* action) const {
    proposal p(row, action, "email");
    p.costs(set.email_cost_minor).within_days(set.horizon_days);
    p.message.add("tier", of.tier[row]).add("points", of.tier_points[row]);
    return p;
  }

  // At a review: up, or stay, or, where the tier loses money, a person looks at it.
  void review(const columns& of, std::int64_t row, outbox& out) const {
    const double gain = of.gain[row];
    if (gain < 0) {
      proposal p = begin(of, row, "loyalty_tier.downgrade").needs_approval();
      p.terms.channel = "none";
      p.terms.category = "service";
      p.reason << "Tier '" << of.tier[row] << "' costs " << of.gain.money_of(-gain)
               << " more than it earns with this member: consider a lower one.";
      p.effect(set.lower_effect_mean, set.lower_effect_sd).worth(-gain);
      p.costs(0, set.lower_minutes);
      return out.emit(p);
    }
    const bool up = of.tier_gap[row] <= 0;
    proposal p = begin(of, row, up ? "loyalty_tier.upgrade" : "loyalty_tier.keep");
    p.reason << "At the review of tier '" << of.tier[row] << "' the member has "
             << of.tier_points[row] << " points, "
             << (up ? "enough for the next: say so." : "and stays: say thank you.");
    p.effect(set.tell_effect_mean, set.tell_effect_sd);
    out.emit(p);
  }

  void perk(const columns& of, std::int64_t row, outbox& out) const {
    const double gap = of.tier_gap[row], needed = of.tier_points[row] + gap;
    if (!(gap > 0 && gap <= set.near_share * needed)) return;
    const double most = set.perk_share * of.gain[row];
    const double given = std::floor(most > 0 ? std::fmin(most, set.perk_minor) : 0);
    if (!(given >= 1)) return;
    proposal p = begin(of, row, "loyalty_tier.perk");
    p.reason << "Misses " << gap << " of " << needed
             << " points for the next tier; membership earns " << of.gain.money(row)
             << " a year: help with " << of.gain.money_of(given) << " in points.";
    p.effect(set.perk_effect_mean, set.perk_effect_sd).benefit("points", given);
    out.emit(p);
  }

  void propose(const columns& of, std::int64_t row, outbox& out) const {
    if (of.tier[row].empty() || !(of.tier_points[row] >= 0)) return;
    if (of.tier_review.yes(row) && of.tier_gap.known(row) && of.gain.known(row)) {
      review(of, row, out);
    }
    perk(of, row, out);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(loyalty_tier)
