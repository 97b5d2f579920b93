// early_access: a launch with a number of seats. The most valuable customers are invited, and a few
// of the others drawn by lot: without them nobody would ever learn whether the seats are wasted on
// those who buy anyway. The core counts the seats.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct early_access {
  struct settings {
    double threshold = 0, draw_share = .1, email_cost_minor = 1;
    double effect_mean = .02, effect_sd = .015, unsubscribe_effect = .0005, horizon_days = 30;
  };
  static constexpr setting<settings> knobs[] = {
      {"threshold", &settings::threshold, 0, 1e12, "bar on clv_p10, major units; 0: none"},
      {"draw_share", &settings::draw_share, 0, 1, "of the others, those drawn by lot"},
      {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one invitation"},
      {"effect_mean", &settings::effect_mean, -1, 1, "change of the chance of a purchase"},
      {"effect_sd", &settings::effect_sd, 0, 1, "its standard deviation"},
      {"unsubscribe_effect", &settings::unsubscribe_effect, 0, 1, "chance to lose the channel"},
      {"horizon_days", &settings::horizon_days, 1, 3650, "window of the response"}};
  static constexpr clv::plugin::about about{"clv.early_access",
                                            "Early access",
                                            "1.0.0",
                                            "libclv",
                                            "Apache-2.0",
                                            "Invites valuable customers, and some by lot, first."};
  static constexpr const char* reads[] = {"launch", "segment", "clv", "clv_p10"};
  static constexpr const char* actions[] = {"early_access.invite", "early_access.draw"};
  static constexpr std::size_t longest_launch = 100;  // a cut name would be another launch's seats
  struct columns {
    const clv_batch& in;
    texts launch{in, "launch"}, segment{in, "segment"};
    amounts clv{in, "clv"}, clv_p10{in, "clv_p10"};
  };
  settings set;

  void propose(const columns& of, std::int64_t row, outbox& out) const {
    const std::string_view launch = of.launch[row];
    if (launch.empty() || launch.size() > longest_launch) return;
    const double bar = set.threshold * minor_per_major(of.clv_p10.unit());
    const bool ranked = set.threshold > 0 ? of.clv_p10[row] >= bar : of.segment[row] == "high";
    if (!ranked && !(out.draw(row, 1) < set.draw_share)) return;
    proposal p(row, ranked ? "early_access.invite" : "early_access.draw", "email");
    p.reason << "Invite to '" << launch << "' before others: ";
    if (!ranked) {
      p.reason << "drawn by lot, to learn who comes for it.";
    } else if (of.clv[row] >= 0) {
      p.reason << "one of our best customers, expected to bring " << of.clv.money(row) << ".";
    } else {
      p.reason << "one of our best customers.";
    }
    // What the draw does is what it is to find out: the effect is unknown, and only exploration
    // takes it.
    if (ranked) p.effect(set.effect_mean, set.effect_sd);
    p.costs(set.email_cost_minor).benefit("early_access", 0).within_days(set.horizon_days);
    p.terms.unsubscribe_effect = set.unsubscribe_effect;
    p.resource << "seats." << launch;
    p.terms.resource_units = 1;
    p.message.add("launch", launch);
    out.emit(p);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(early_access)
