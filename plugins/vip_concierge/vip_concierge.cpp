// vip_concierge: a personal call to the most valuable customers, and a bounded priority for their
// tickets when they may leave. Who they are is a bar that each customer meets or misses alone. See
// README.md for the bars and for where the prior comes from.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct vip_concierge {
  struct settings {
    double threshold = 0, at_risk_from = 0, call_cost_minor = 400, agent_minutes = 10;
    double effect_mean = .05, effect_sd = .03, most_boost = 2, boost_per_severity = .5;
    double boost_cost_minor = 50, boost_effect_mean = .02, boost_effect_sd = .015;
    double horizon_days = 90;
  };
  static constexpr setting<settings> knobs[] = {
      {"threshold", &settings::threshold, 0, 1e12, "bar on clv_p10, major units; 0: none"},
      {"at_risk_from", &settings::at_risk_from, 0, 1e12, "bar on (1 - p_alive) clv; 0: none"},
      {"call_cost_minor", &settings::call_cost_minor, 0, 1e12, "cost of one call"},
      {"agent_minutes", &settings::agent_minutes, 0, 1e6, "staff time of one call"},
      {"effect_mean", &settings::effect_mean, -1, 1, "call: change of the chance of staying"},
      {"effect_sd", &settings::effect_sd, 0, 1, "its standard deviation"},
      {"most_boost", &settings::most_boost, 0, 10, "the most a ticket is moved up, in classes"},
      {"boost_per_severity", &settings::boost_per_severity, 0, 10, "classes per severity"},
      {"boost_cost_minor", &settings::boost_cost_minor, 0, 1e12, "what others' waiting costs"},
      {"boost_effect_mean", &settings::boost_effect_mean, -1, 1, "priority: the same effect"},
      {"boost_effect_sd", &settings::boost_effect_sd, 0, 1, "its standard deviation"},
      {"horizon_days", &settings::horizon_days, 1, 3650, "window of the response"}};
  static constexpr clv::plugin::about about{"clv.vip_concierge",
                                            "VIP concierge",
                                            "1.1.0",
                                            "libclv",
                                            "Apache-2.0",
                                            "Looks after the most valuable customers in person."};
  static constexpr const char* reads[] = {
      "segment", "p_alive", "clv", "clv_p10", "open_tickets", "ticket_severity"};
  static constexpr const char* actions[] = {"vip_concierge.call", "vip_concierge.priority"};
  struct columns {
    const clv_batch& in;
    texts segment{in, "segment"};
    numbers p_alive{in, "p_alive"};
    amounts clv{in, "clv"}, clv_p10{in, "clv_p10"};
    numbers open_tickets{in, "open_tickets"}, ticket_severity{in, "ticket_severity"};
  };
  settings set;

  // The response is staying a customer, and what that is worth is the customer's own value at its
  // careful end. Without it the core takes one order's profit.
  void stays(proposal& p, const columns& of, std::int64_t row) const {
    p.worth(of.clv_p10[row]).within_days(set.horizon_days);
  }

  void call(const columns& of, std::int64_t row, outbox& out) const {
    proposal p(row, "vip_concierge.call", "phone", "service");
    p.reason << "One of the most valuable customers";
    if (of.clv[row] >= 0 && of.clv_p10[row] >= 50) {
      p.reason << ": expected to bring " << of.clv.money(row) << ", at least "
               << of.clv_p10.money(row) << " in nine cases of ten";
    }
    p.reason << "; a personal call keeps the relationship.";
    p.effect(set.effect_mean, set.effect_sd).costs(set.call_cost_minor, set.agent_minutes);
    stays(p, of, row);
    out.emit(p);
  }

  // The boost is bounded, so that nobody else waits without end.
  void priority(const columns& of, std::int64_t row, double at_risk, outbox& out) const {
    const double severity = of.ticket_severity[row];
    const double boost =
        std::fmin(set.most_boost, 1 + (severity > 0 ? set.boost_per_severity * severity : 0));
    proposal p(row, "vip_concierge.priority", "desk", "service");
    p.reason << "Has " << of.open_tickets[row] << " open ticket(s)";
    if (severity > 0) p.reason << " of severity " << severity;
    p.reason << " and may leave";
    if (at_risk > 0) p.reason << " with " << of.clv.money_of(at_risk) << " at stake";
    p.reason << ": answer earlier, by at most " << set.most_boost << " classes.";
    p.effect(set.boost_effect_mean, set.boost_effect_sd).costs(set.boost_cost_minor);
    stays(p, of, row);
    p.message.add("priority_boost", boost).add("skill", "senior");
    p.message.add("open_tickets", of.open_tickets[row]).add("severity", severity);
    p.message.add("value_at_risk_minor", std::round(at_risk)).add("value_band", of.segment[row]);
    out.emit(p);
  }

  void propose(const columns& of, std::int64_t row, outbox& out) const {
    const double per_major = minor_per_major(of.clv_p10.unit());
    const bool high = of.segment[row] == "high";
    if (high || (set.threshold > 0 && of.clv_p10[row] >= set.threshold * per_major)) {
      call(of, row, out);
    }
    const double at_risk = (1 - of.p_alive[row]) * of.clv[row];
    const double bar = set.at_risk_from * minor_per_major(of.clv.unit());
    const bool valuable = set.at_risk_from > 0 ? at_risk >= bar : high;
    if (valuable && of.open_tickets[row] >= 1) priority(of, row, at_risk, out);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(vip_concierge)
