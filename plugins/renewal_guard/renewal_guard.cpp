// renewal_guard: contracts that end in one to two months. A person reviews them, the plan is fitted
// to what is used, and a better price for a longer term is offered; but not to those who renew
// anyway, to whom it would only be given away.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct renewal_guard {
  struct settings {
    double days_from = 30, days_to = 60, margin = .5, little_used = .4, much_used = 1;
    double review_cost_minor = 500, review_minutes = 20, email_cost_minor = 1;
    double review_effect_mean = .03, review_effect_sd = .02;
    double fit_effect_mean = 0, fit_effect_sd = 0;  // unknown: README.md
    double term_discount = .05, term_years = 2, term_effect_mean = .05, term_effect_sd = .03;
    double certain_above = .9;
  };
  static constexpr setting<settings> knobs[] = {
      {"days_from", &settings::days_from, 0, 3650, "days to the renewal, from"},
      {"days_to", &settings::days_to, 0, 3650, "and to"},
      {"margin", &settings::margin, 0, 1, "profit per unit of contract_value"},
      {"little_used", &settings::little_used, 0, 10, "plan_use below it: a smaller plan"},
      {"much_used", &settings::much_used, 0, 10, "plan_use above it: a larger plan"},
      {"review_cost_minor", &settings::review_cost_minor, 0, 1e12, "cost of one review"},
      {"review_minutes", &settings::review_minutes, 0, 1e6, "staff time of one review"},
      {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one e-mail"},
      {"review_effect_mean", &settings::review_effect_mean, -1, 1, "review: effect"},
      {"review_effect_sd", &settings::review_effect_sd, 0, 1, "its standard deviation"},
      {"fit_effect_mean", &settings::fit_effect_mean, -1, 1, "plan fit: effect"},
      {"fit_effect_sd", &settings::fit_effect_sd, 0, 1, "its standard deviation; 0: unknown"},
      {"term_discount", &settings::term_discount, 0, 1, "share of the price; 0: no offer"},
      {"term_years", &settings::term_years, 1, 100, "the longest term, for the worst case"},
      {"term_effect_mean", &settings::term_effect_mean, -1, 1, "term offer: effect"},
      {"term_effect_sd", &settings::term_effect_sd, 0, 1, "its standard deviation"},
      {"certain_above", &settings::certain_above, 0, 1, "p_renew above it: no discount"}};
  static constexpr clv::plugin::about about{"clv.renewal_guard",
                                            "Renewal guard",
                                            "1.0.0",
                                            "libclv",
                                            "Apache-2.0",
                                            "Looks after contracts that are soon to be renewed."};
  static constexpr const char* reads[] = {"renewal_days", "p_renew", "contract_value", "plan_use"};
  static constexpr const char* actions[] = {
      "renewal_guard.review", "renewal_guard.plan_fit", "renewal_guard.term_offer"};
  struct columns {
    const clv_batch& in;
    numbers renewal_days{in, "renewal_days"}, p_renew{in, "p_renew"}, plan_use{in, "plan_use"};
    amounts contract_value{in, "contract_value"};
  };
  settings set;

  proposal begin(const columns& of,
                 std::int64_t row,
                 const char* action,
                 const char* channel,
                 const char* category) const {
    proposal p(row, action, channel, category);
    p.reason << "A contract of " << of.contract_value.money(row) << " ends in "
             << of.renewal_days[row] << " days";
    p.worth(set.margin * of.contract_value[row]).within_days(of.renewal_days[row]);
    // A renewal is no purchase: the core's chance of one says nothing about it.
    if (of.p_renew[row] >= 0 && of.p_renew[row] <= 1) p.chance_anyway(of.p_renew[row]);
    return p;
  }

  void review(const columns& of, std::int64_t row, outbox& out) const {
    proposal p = begin(of, row, "renewal_guard.review", "phone", "service");
    if (of.p_renew[row] >= 0) p.reason << ", renewed with a chance of " << percent{of.p_renew[row]};
    p.reason << ": go through it together.";
    p.effect(set.review_effect_mean, set.review_effect_sd);
    p.costs(set.review_cost_minor, set.review_minutes);
    out.emit(p);
  }

  void plan_fit(const columns& of, std::int64_t row, outbox& out) const {
    const double use = of.plan_use[row];
    const bool little = use >= 0 && use < set.little_used;
    if (!little && !(use > set.much_used)) return;
    proposal p = begin(of, row, "renewal_guard.plan_fit", "email", "service");
    p.reason << " and is used to " << percent{use} << ": offer a "
             << (little ? "smaller" : "larger") << " plan.";
    p.effect(set.fit_effect_mean, set.fit_effect_sd).costs(set.email_cost_minor);
    p.message.add("plan", little ? "smaller" : "larger").add("plan_use", use);
    out.emit(p);
  }

  // Only where renewing is known to be open.
  void term_offer(const columns& of, std::int64_t row, outbox& out) const {
    const double given = set.term_discount * of.contract_value[row];
    if (!(of.p_renew[row] >= 0 && of.p_renew[row] <= set.certain_above) || !(given >= 1)) return;
    proposal p = begin(of, row, "renewal_guard.term_offer", "email", "marketing");
    p.reason << ", renewed with a chance of " << percent{of.p_renew[row]} << ": offer "
             << percent{set.term_discount} << " off for a longer term.";
    p.effect(set.term_effect_mean, set.term_effect_sd).costs(set.email_cost_minor);
    p.benefit("discount", given).terms.discount_share = set.term_discount;
    p.terms.worst_case_minor = minor_units(set.term_years * given + set.email_cost_minor);
    out.emit(p);
  }

  void propose(const columns& of, std::int64_t row, outbox& out) const {
    const double days = of.renewal_days[row];
    if (!(days >= set.days_from && days <= set.days_to && days > 0)) return;
    if (!(of.contract_value[row] > 0)) return;
    review(of, row, out);
    plan_fit(of, row, out);
    term_offer(of, row, out);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(renewal_guard)
