// clv_scorer: a prepared model for one customer at a time. clv_history: the host's own row.
#include "clv/scorer.hpp"

#include <limits>

#include "clv/state.hpp"
#include "guard.hpp"
#include "handle.hpp"
#include "model.hpp"
#include "options.hpp"
#include "sized.hpp"

struct clv_scorer : clv::abi::handle<clv::abi::handle_kind::scorer> {
  explicit clv_scorer(clv::scorer made) : core(std::move(made)) {}

  clv::scorer core;
};

namespace clv::abi {
namespace {

constexpr unsigned one_thread = 1;

void prepare(const clv_score_options* options, const clv_model* model, clv_scorer** out) {
  required(out, "out");
  required(model, "model");
  require_to_nearest();
  score_options core = to_core(options, one_thread);
  *out = new clv_scorer{scorer(model->core, core)};
}

customer_state to_core(const clv_history& in) {
  return {.purchases = in.purchases,
          .first_day = in.first_day,
          .last_day = in.last_day,
          .spend_days = in.spend_days,
          .spend_minor = in.spend_minor,
          .last_day_minor = in.last_day_minor,
          .first_day_minor = in.first_day_minor,
          .refund_minor = in.refund_minor,
          .litt_days = in.litt_days};
}

clv_history read_history(const clv_history* history) {
  const clv_history in = read_sized(required(history, "history"), "history");
  check_flags(in.flags, 0);
  return in;
}

void add(clv_history* history, std::int64_t day, std::int64_t amount_minor) {
  clv_history next = read_history(history);
  customer_state core = to_core(next);
  core.add(day, amount_minor);
  next.purchases = core.purchases;
  next.first_day = core.first_day;
  next.last_day = core.last_day;
  next.spend_days = core.spend_days;
  next.spend_minor = core.spend_minor;
  next.last_day_minor = core.last_day_minor;
  next.first_day_minor = core.first_day_minor;
  next.refund_minor = core.refund_minor;
  next.litt_days = core.litt_days;
  write_sized(history, next, "history");
}

void score_one(const clv_scorer& scorer, const observation& o, clv_score* out) {
  require_to_nearest();
  const customer_score s = scorer.core.of(o);
  clv_score row{};
  row.score_status = static_cast<std::int32_t>(s.status);
  row.x = o.x;
  row.t_x = o.t_x;
  row.T = o.T;
  row.mean_spend = o.mean_spend;
  row.log_likelihood = s.log_likelihood;
  row.p_alive = s.p_alive;
  row.expected_purchases = s.expected_purchases;
  row.no_purchase = s.no_purchase;
  row.expected_spend = s.expected_spend;
  row.clv = s.clv;
  row.clv_p10 = s.clv_p10;
  row.clv_p50 = s.clv_p50;
  row.clv_p90 = s.clv_p90;
  row.clv_mu = s.clv_mu;
  row.clv_sigma = s.clv_sigma;
  row.clv_skew = s.clv_skew;
  write_sized(out, row, "out");
}

void score_history(const clv_scorer* scorer,
                   const clv_history* history,
                   std::int64_t as_of_day,
                   clv_score* out) {
  required(scorer, "scorer");
  required(out, "out");
  const fitted_model& m = scorer->core.model();
  const observation o =
      to_core(read_history(history)).observation_at(as_of_day, m.unit, m.currency);
  score_one(*scorer, o, out);
}

void score_row(const clv_scorer* scorer, clv_score* out) {
  required(scorer, "scorer");
  const clv_score given = read_sized(required(out, "out"), "out");
  const observation o{.x = given.x,
                      .t_x = given.t_x,
                      .T = given.T,
                      .mean_spend = given.mean_spend,
                      .litt = std::numeric_limits<double>::quiet_NaN()};
  score_one(*scorer, o, out);
}

}  // namespace
}  // namespace clv::abi

clv_status clv_scorer_new(const clv_score_options* options,
                          const clv_model* model,
                          clv_scorer** out,
                          clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::prepare(options, model, out); });
}

void clv_scorer_free(clv_scorer* scorer) noexcept {
  clv::abi::release(scorer);
}

clv_status clv_history_add(clv_history* history,
                           int64_t day,
                           int64_t amount_minor,
                           clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::add(history, day, amount_minor); });
}

clv_status clv_scorer_history(const clv_scorer* scorer,
                              const clv_history* history,
                              int64_t as_of_day,
                              clv_score* out,
                              clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::score_history(scorer, history, as_of_day, out); });
}

clv_status clv_scorer_row(const clv_scorer* scorer, clv_score* out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::score_row(scorer, out); });
}
