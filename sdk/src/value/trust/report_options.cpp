#include "value/trust/report_options.hpp"

#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"

namespace clv {

settings settings_of(const report& r, std::string_view options_json) {
  return {"report '" + std::string(r.name) + "'", options_json, r.options};
}

std::int64_t instant_option(const settings& s,
                            std::string_view name,
                            const std::string& time_zone) {
  const std::string text = s.text(name, "");
  if (text.empty()) return 0;
  const auto found = parse_time(text, zone(time_zone));
  if (!found) s.refuse(name, "a date such as \"2026-01-31\"");
  return *found;
}

summarize_options log_options(const settings& s, summarize_options defaults) {
  summarize_options o = std::move(defaults);
  o.unit = s.text("unit", o.unit);
  o.time_zone = s.text("time_zone", o.time_zone);
  o.currency = s.text("currency", o.currency);
  o.drop_zero_value = s.flag("drop_zero_value", o.drop_zero_value);
  days_per_unit(o.unit);  // throws for an unknown unit
  if (s.has("as_of")) o.as_of_us = instant_option(s, "as_of", o.time_zone);
  return o;
}

void require_continuous(const fitted_model& m, std::string_view report) {
  const std::string who = "report '" + std::string(report) + "': ";
  if (m.purchase.which == nullptr || m.purchase.which->key != tuple_key::purchases) {
    throw error(status::invalid,
                who + "the model '" + m.name() + "' does not count purchases in continuous time",
                "give a purchase model such as bg_nbd");
  }
  if (!m.purchase.coefficients.empty()) {
    throw error(status::unsupported,
                who + "the model has covariates, which its inputs do not carry",
                "fit without covariates for this report");
  }
}

}  // namespace clv
