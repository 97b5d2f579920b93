// cross_sell: some days after a purchase, the category that goes with it; only where enough
// customers bought both, more often than chance explains, and nothing is open at the desk.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct cross_sell {
  struct settings {
    double days_from = 7, days_to = 45, least_support = 30, email_cost_minor = 1;
    double relative_effect = .1, relative_sd = .08, unsubscribe_effect = .0005, horizon_days = 30;
  };
  static constexpr setting<settings> knobs[] = {
      {"days_from", &settings::days_from, 0, 3650, "days after the last order, from"},
      {"days_to", &settings::days_to, 0, 3650, "and to"},
      {"least_support", &settings::least_support, 1, 1e12, "customers who bought both"},
      {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one e-mail"},
      {"relative_effect", &settings::relative_effect, -1, 1, "share added to next_category_p"},
      {"relative_sd", &settings::relative_sd, 0, 1, "its standard deviation"},
      {"unsubscribe_effect", &settings::unsubscribe_effect, 0, 1, "chance to lose the channel"},
      {"horizon_days", &settings::horizon_days, 1, 3650, "window of the response"}};
  static constexpr clv::plugin::about about{"clv.cross_sell",
                                            "Cross-sell",
                                            "1.0.0",
                                            "libclv",
                                            "Apache-2.0",
                                            "Shows the category that goes with the last purchase."};
  static constexpr const char* reads[] = {"next_category",
                                          "next_category_p",
                                          "next_category_margin",
                                          "next_category_support",
                                          "next_category_lift_low",
                                          "days_since_order",
                                          "open_tickets",
                                          "complaint_open"};
  static constexpr const char* actions[] = {"cross_sell.category"};
  struct columns {
    const clv_batch& in;
    texts next_category{in, "next_category"};
    numbers p{in, "next_category_p"}, support{in, "next_category_support"};
    numbers lift_low{in, "next_category_lift_low"}, days_since_order{in, "days_since_order"};
    numbers open_tickets{in, "open_tickets"}, complaint_open{in, "complaint_open"};
    amounts margin{in, "next_category_margin"};
  };
  settings set;

  bool is_time(const columns& of, std::int64_t row) const {
    const double days = of.days_since_order[row];
    const bool quiet = !(of.open_tickets[row] > 0) && !of.complaint_open.yes(row);
    return quiet && days >= set.days_from && days <= set.days_to;
  }

  void propose(const columns& of, std::int64_t row, outbox& out) const {
    const double p = of.p[row], lift = of.lift_low[row], support = of.support[row];
    if (!is_time(of, row) || of.next_category[row].empty()) return;
    if (!(p > 0 && p <= 1) || !(support >= set.least_support) || !(lift > 1)) return;
    if (!(of.margin[row] > 0)) return;
    proposal mail(row, "cross_sell.category", "email");
    mail.reason << "Ordered " << of.days_since_order[row] << " days ago; " << support
                << " customers with the same purchases also bought '" << of.next_category[row]
                << "', which earns " << of.margin.money(row) << ".";
    mail.effect(set.relative_effect * p, set.relative_sd * p).worth(of.margin[row]);
    mail.costs(set.email_cost_minor).within_days(set.horizon_days);
    mail.terms.unsubscribe_effect = set.unsubscribe_effect;
    mail.message.add("category", of.next_category[row]);
    out.emit(mail);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(cross_sell)
