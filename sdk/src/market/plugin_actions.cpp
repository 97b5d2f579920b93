// What the actions of the sample plugins do to simulated customers. Made up, to be plausible: an
// effect follows what the plugin's README knows of experiments where there are any, and nothing
// here was set so that a plugin does well. README.md says what the numbers mean.
#include "market/action.hpp"

namespace clv::market {
namespace {

// By kind: top, heavy, light, lapsing, lost, complaint.

void add_service(std::vector<action>& to) {
  to.push_back({.name = "vip_concierge.priority",
                .plugin = "clv.vip_concierge",
                .channel = "desk",
                .contact_cost = .5,
                .keeps_days = 365,
                .effect = {.08, .03, .01, 0, 0, .25}});
  to.push_back({.name = "csat_rescue.follow_up",
                .plugin = "clv.csat_rescue",
                .channel = "phone",
                .contact_cost = 3,
                .agent_minutes = 12,
                .unsubscribe = .001,
                .keeps_days = 365,
                .effect = {.15, .08, .04, .02, 0, .3}});
  to.push_back({.name = "csat_rescue.apology",
                .plugin = "clv.csat_rescue",
                .channel = "email",
                .contact_cost = .01,
                .keeps_days = 365,
                .effect = {.01, .01, .01, .01, 0, .06}});
  to.push_back({.name = "csat_rescue.credit",
                .plugin = "clv.csat_rescue",
                .channel = "email",
                .benefit = 5,
                .contact_cost = .01,
                .keeps_days = 365,
                .effect = {-.01, 0, .03, .02, 0, .1}});
  to.push_back({.name = "right_size.cheaper_channel",
                .plugin = "clv.right_size",
                .channel = "letter",
                .contact_cost = .05,
                .agent_minutes = 2,
                .unsubscribe = .01,
                .response = response::service_cost,
                .effect = {.3, .3, .3, .1, 0, 0}});
  to.push_back({.name = "right_size.fewer_promotions",
                .plugin = "clv.right_size",
                .channel = "none",
                .agent_minutes = 2,
                .response = response::promotion,
                .effect = {.2, .2, .4, .4, .4, .2}});
}

void add_loyalty(std::vector<action>& to) {
  const action mail{.name = "",
                    .plugin = "clv.loyalty_tier",
                    .channel = "email",
                    .contact_cost = .01,
                    .unsubscribe = .0005};
  action upgrade = mail, keep = mail, perk = mail, downgrade = mail;
  upgrade.name = "loyalty_tier.upgrade";
  upgrade.effect = {.02, .02, .02, .01, 0, -.02};
  keep.name = "loyalty_tier.keep";
  keep.effect = {.01, .01, .01, .002, 0, -.02};
  perk.name = "loyalty_tier.perk";
  perk.benefit = 3;
  perk.pull_forward = .2;
  perk.effect = {.02, .03, .06, .03, 0, -.02};
  downgrade.name = "loyalty_tier.downgrade";
  downgrade.channel = "none";
  downgrade.contact_cost = 0;
  downgrade.agent_minutes = 3;
  downgrade.unsubscribe = .002;  // some are offended
  downgrade.response = response::tier_loss;
  downgrade.effect = {.4, .4, .4, .4, .4, .2};
  to.insert(to.end(), {upgrade, keep, perk, downgrade});
  to.push_back({.name = "early_access.invite",
                .plugin = "clv.early_access",
                .channel = "email",
                .contact_cost = .01,
                .unsubscribe = .0005,
                .effect = {.06, .04, .02, .01, 0, -.05}});
  to.push_back(to.back());
  to.back().name = "early_access.draw";
}

// A plan that fits makes some leave: Ascarza, Iyengar & Schleicher 2016 (renewal_guard/README.md).
void add_renewals(std::vector<action>& to) {
  to.push_back({.name = "renewal_guard.review",
                .plugin = "clv.renewal_guard",
                .channel = "phone",
                .contact_cost = 5,
                .agent_minutes = 20,
                .response = response::renewal,
                .effect = {.12, .1, .08, .05, 0, .15}});
  to.push_back({.name = "renewal_guard.plan_fit",
                .plugin = "clv.renewal_guard",
                .channel = "email",
                .contact_cost = .01,
                .response = response::renewal,
                .effect = {-.02, -.02, -.04, -.04, -.04, -.04}});
  to.push_back({.name = "renewal_guard.term_offer",
                .plugin = "clv.renewal_guard",
                .channel = "email",
                .discount_share = .05,
                .contact_cost = .01,
                .unsubscribe = .0005,
                .response = response::renewal,
                .effect = {.02, .05, .1, .08, .02, 0}});
}

void add_sales(std::vector<action>& to) {
  to.push_back({.name = "free_shipping.threshold",
                .plugin = "clv.free_shipping",
                .channel = "web",
                .benefit = 4.9,
                .pull_forward = .3,
                .valid_days = 2,
                .effect = {.01, .03, .08, .05, 0, 0}});
  to.push_back({.name = "referral_ask.ask",
                .plugin = "clv.referral_ask",
                .channel = "email",
                .discount_share = .3,
                .contact_cost = .01,
                .unsubscribe = .0005,
                .response = response::referral,
                .effect = {.02, .015, .01, .003, 0, -.02}});
  to.push_back({.name = "feedback_reward.thank_you",
                .plugin = "clv.feedback_reward",
                .channel = "email",
                .contact_cost = .26,
                .response = response::answer,
                .effect = {.1, .1, .1, .08, .05, .08}});
  to.push_back({.name = "second_order.nudge",
                .plugin = "clv.second_order",
                .channel = "email",
                .contact_cost = .01,
                .pull_forward = .3,
                .unsubscribe = .0005,
                .effect = {.01, .01, .03, .02, 0, -.05}});
  to.push_back({.name = "second_order.benefit",
                .plugin = "clv.second_order",
                .channel = "email",
                .benefit = 3,
                .contact_cost = .01,
                .pull_forward = .3,
                .unsubscribe = .0005,
                .effect = {-.02, -.01, .05, .03, 0, -.05}});
}

void add_others(std::vector<action>& to) {
  to.push_back({.name = "template.ask",
                .plugin = "clv.template",
                .channel = "email",
                .contact_cost = .01,
                .unsubscribe = .0005,
                .effect = {0, 0, .002, .02, .001, 0}});
  to.push_back({.name = "smallest.ask",
                .plugin = "clv.smallest",
                .channel = "email",
                .contact_cost = .01,
                .unsubscribe = .0005,
                .effect = {0, 0, .002, .02, .001, 0}});
  to.push_back({.name = "template_cpp.thanks",
                .plugin = "clv.template_cpp",
                .channel = "email",
                .contact_cost = .01,
                .unsubscribe = .0005,
                .effect = {.004, .003, .002, 0, 0, -.02}});
  to.push_back({.name = "holiday_hold.hold", .plugin = "clv.holiday_hold", .channel = "none"});
}

}  // namespace

std::vector<action> plugin_actions() {
  std::vector<action> all = default_actions();
  add_service(all);
  add_loyalty(all);
  add_renewals(all);
  add_sales(all);
  add_others(all);
  return all;
}

}  // namespace clv::market
