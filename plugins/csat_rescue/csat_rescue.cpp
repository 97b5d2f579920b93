// csat_rescue: someone was let down, by a low score or a promise not kept in time. Follow up, say
// sorry, and where it is allowed give a credit within what the case has cost. What is offered is
// the same for every score that is low, and nothing is asked in return: no score is bought.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct csat_rescue {
  struct settings {
    double csat_at_most = 2, nps_at_most = 6, fresh_days = 14, follow_up_hours = 8;
    double call_cost_minor = 300, agent_minutes = 12, email_cost_minor = 1;
    double follow_up_effect_mean = .04, follow_up_effect_sd = .03;
    double apology_effect_mean = .01, apology_effect_sd = .01;
    double credit_share = .5, most_credit_minor = 1000;
    double credit_effect_mean = .03, credit_effect_sd = .03, horizon_days = 90;
  };
  static constexpr setting<settings> knobs[] = {
      {"csat_at_most", &settings::csat_at_most, 1, 5, "a low satisfaction, of 5"},
      {"nps_at_most", &settings::nps_at_most, 0, 10, "a low recommendation, of 10"},
      {"fresh_days", &settings::fresh_days, 1, 90, "for so many days after it"},
      {"follow_up_hours", &settings::follow_up_hours, 1, 240, "business hours until the call"},
      {"call_cost_minor", &settings::call_cost_minor, 0, 1e12, "cost of one call"},
      {"agent_minutes", &settings::agent_minutes, 0, 1e6, "staff time of one call"},
      {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one e-mail"},
      {"follow_up_effect_mean", &settings::follow_up_effect_mean, -1, 1, "call: effect"},
      {"follow_up_effect_sd", &settings::follow_up_effect_sd, 0, 1, "its standard deviation"},
      {"apology_effect_mean", &settings::apology_effect_mean, -1, 1, "apology: effect"},
      {"apology_effect_sd", &settings::apology_effect_sd, 0, 1, "its standard deviation"},
      {"credit_share", &settings::credit_share, 0, 1, "of the ticket's cost; 0: no credit"},
      {"most_credit_minor", &settings::most_credit_minor, 0, 1e12, "the most it gives"},
      {"credit_effect_mean", &settings::credit_effect_mean, -1, 1, "credit: effect"},
      {"credit_effect_sd", &settings::credit_effect_sd, 0, 1, "its standard deviation"},
      {"horizon_days", &settings::horizon_days, 1, 3650, "window of the response"}};
  static constexpr clv::plugin::about about{"clv.csat_rescue",
                                            "Service recovery",
                                            "1.0.0",
                                            "libclv",
                                            "Apache-2.0",
                                            "Makes good on poor service while it is fresh."};
  static constexpr const char* reads[] = {"csat",
                                          "nps",
                                          "days_since_feedback",
                                          "sla_breached",
                                          "days_since_resolution",
                                          "ticket_cost",
                                          "clv_p10"};
  static constexpr const char* actions[] = {
      "csat_rescue.follow_up", "csat_rescue.apology", "csat_rescue.credit"};
  struct columns {
    const clv_batch& in;
    numbers csat{in, "csat"}, nps{in, "nps"}, days_since_feedback{in, "days_since_feedback"};
    numbers sla_breached{in, "sla_breached"}, days_since_resolution{in, "days_since_resolution"};
    amounts ticket_cost{in, "ticket_cost"}, clv_p10{in, "clv_p10"};
  };
  settings set;

  // What went wrong, with the facts; false when nothing did lately.
  bool let_down(const columns& of, std::int64_t row, line<200>& why) const {
    const double age = of.days_since_feedback[row];
    const bool fresh = age >= 0 && age <= set.fresh_days;
    if (fresh && of.csat[row] >= 1 && of.csat[row] <= set.csat_at_most) {
      why << "Rated our service " << of.csat[row] << " of 5, " << age << " days ago";
    } else if (fresh && of.nps[row] >= 0 && of.nps[row] <= set.nps_at_most) {
      why << "Would not recommend us (" << of.nps[row] << " of 10), " << age << " days ago";
    } else if (of.sla_breached.yes(row) && !(of.days_since_resolution[row] > set.fresh_days)) {
      why << "Waited longer than we promise";
    }
    return !why.empty();
  }

  void propose(const columns& of, std::int64_t row, outbox& out) const {
    line<200> why;
    if (!let_down(of, row, why)) return;
    const auto begin = [&](const char* action, const char* channel) {
      proposal p(row, action, channel, "service");
      p.worth(of.clv_p10[row]).within_days(set.horizon_days);
      p.reason << why.view();
      return p;
    };
    proposal call = begin("csat_rescue.follow_up", "phone");
    call.reason << ": call within " << set.follow_up_hours << " business hours.";
    call.effect(set.follow_up_effect_mean, set.follow_up_effect_sd);
    call.costs(set.call_cost_minor, set.agent_minutes);
    call.message.add("within_business_hours", set.follow_up_hours);
    out.emit(call);

    proposal apology = begin("csat_rescue.apology", "email");
    apology.reason << ": say sorry and what was done about it.";
    apology.effect(set.apology_effect_mean, set.apology_effect_sd).costs(set.email_cost_minor);
    out.emit(apology);

    const double most = set.credit_share * of.ticket_cost[row];
    const double given = std::floor(most > 0 ? std::fmin(most, set.most_credit_minor) : 0);
    if (!(given >= 1)) return;
    proposal credit = begin("csat_rescue.credit", "email");
    credit.reason << ": say sorry with a credit of " << of.ticket_cost.money_of(given)
                  << " on the next order; the case cost " << of.ticket_cost.money(row) << ".";
    credit.effect(set.credit_effect_mean, set.credit_effect_sd).costs(set.email_cost_minor);
    credit.benefit("gift", given);
    credit.message.add("credit_minor", given).add("currency", of.ticket_cost.unit());
    out.emit(credit);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(csat_rescue)
