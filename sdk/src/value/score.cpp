#include "clv/score.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/limits.hpp"
#include "math/json.hpp"
#include "math/parallel.hpp"
#include "value/interval.hpp"
#include "value/same_units.hpp"
#include "value/score_plan.hpp"
#include "value/score_rows.hpp"

namespace clv {
namespace {

// Rows or tuples of one step: a few milliseconds each.
constexpr std::size_t rows_per_step = 32'768;
constexpr std::size_t tuples_per_step = 2'048;

enum class value_status : std::uint8_t { ok, prior_only, insufficient, not_converged };
constexpr std::array<std::string_view, 4> status_names{
    "OK", "PRIOR_ONLY", "INSUFFICIENT", "NOT_CONVERGED"};

bool usable(const estimates& e) {
  return e.status != fit_status::not_converged && e.status != fit_status::not_identified;
}

// What the phases share.
struct score_work {
  std::shared_ptr<const fitted_model> model;
  std::shared_ptr<const table> summary;
  score_plan plan;
  score_options asked;
  std::optional<row_index> index;  // of purchase models
  std::optional<count_terms> counts;
  std::vector<outlook> ahead;  // of the distinct tuples
  std::array<std::vector<double>, quantity_count> columns;
  std::vector<value_status> statuses;
  std::vector<std::uint8_t> without_value;  // rows whose value columns are absent
  std::size_t rows_done = 0;
  std::span<const double> x, mean_spend;  // of the summary; mean_spend is empty without a column
  std::shared_ptr<outcome> result = std::make_shared<outcome>();

  double read_rows();
  double look_ahead();
  double value_rows();

 private:
  void check_spend();
  observation own_spend(std::size_t row) const;
  void value_row(std::size_t row);
  void value_with_spend(std::size_t row, const outlook* o, bool own, const observation& seen);
  value_status status_of(bool own, bool finite) const;
  void set(quantity q, std::size_t row, double v) {
    if (plan.wanted[q]) columns[q][row] = v;
  }
  void finish();
  void add_columns(table& out);
};

double score_work::read_rows() {
  if (model->purchase.which == nullptr) {
    summary->get("x", type::f64);
  } else {
    if (!index) index.emplace(*summary);
    if (!index->read(rows_per_step)) {
      return static_cast<double>(index->rows_read()) / static_cast<double>(summary->rows());
    }
    ahead.reserve(index->found().size());
    if (model->spend && plan.interval())
      counts.emplace(*model->spend->which, model->spend->parameters);
  }
  if (model->spend) check_spend();
  for (unsigned q = 0; q < q_clv_status; ++q) {
    if (plan.wanted[q]) columns[q].assign(summary->rows(), 0.0);
  }
  statuses.assign(summary->rows(), value_status::ok);
  without_value.assign(summary->rows(), 0);
  return 1.0;
}

// Looks for an impossible spend or x; only when there is one does distinct() read all rows, to name
// row, column and value.
void score_work::check_spend() {
  x = summary->numbers("x");
  const column* spend = summary->find("mean_spend");
  if (spend == nullptr) return;
  mean_spend = summary->numbers("mean_spend");
  bool good = true;
  for (std::size_t row = 0; row < summary->rows(); ++row) {
    good = good && (mean_spend[row] == 0.0 || data::is_scale(mean_spend[row])) && x[row] >= 0.0 &&
           x[row] <= data::largest_count && x[row] == std::floor(x[row]);
  }
  if (!good) distinct(*summary, tuple_key::spend);
}

double score_work::look_ahead() {
  if (!index || index->found().size() == 0) return 1.0;
  const tuples& t = index->found();
  const std::size_t first = ahead.size();
  const std::size_t last = std::min(first + tuples_per_step * plan.threads, t.size());
  ahead.resize(last);
  const outlooks of(
      *model->purchase.which, model->purchase.parameters, counts ? &*counts : nullptr, plan.ahead);
  math::for_blocks(
      last - first, plan.threads, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<double> scratch;
        for (std::size_t i = first + begin; i < first + end; ++i) {
          ahead[i] = of.of({.x = t.x[i], .t_x = t.t_x[i], .T = t.T[i]}, scratch);
        }
      });
  return static_cast<double>(last) / static_cast<double>(t.size());
}

// x and mean_spend where there is spend of the customer's own, else all zero. (An absent spend is
// stored as 0.)
observation score_work::own_spend(std::size_t row) const {
  if (mean_spend.empty() || !(x[row] >= 1.0 && mean_spend[row] > 0.0)) return {};
  return {.x = x[row], .mean_spend = mean_spend[row]};
}

value_status score_work::status_of(bool own, bool finite) const {
  if (!model->spend || !finite) return value_status::insufficient;
  if (!usable(model->purchase) || !usable(*model->spend)) return value_status::not_converged;
  return own ? value_status::ok : value_status::prior_only;
}

void score_work::value_with_spend(std::size_t row,
                                  const outlook* o,
                                  bool own,
                                  const observation& seen) {
  const estimates& spend = *model->spend;
  const double mean = spend.which->expected_spend(spend.parameters, seen);
  const double value = o == nullptr ? 0.0 : mean * plan.margin * o->discounted;
  const bool finite = std::isfinite(mean) && std::isfinite(value);
  if (finite) set(q_expected_spend, row, mean);
  without_value[row] = finite ? 0 : 1;
  statuses[row] = status_of(own, finite);
  if (o == nullptr) {
    set(q_log_likelihood, row, spend.which->log_likelihood(spend.parameters, seen));
    return;
  }
  if (!finite) return;
  set(q_clv, row, value);
  if (!plan.interval()) return;
  // Discounting scales the total by the mean discount factor of this customer's purchases.
  const double factor =
      o->expected_purchases > 0.0 ? plan.margin * (o->discounted / o->expected_purchases) : 1.0;
  double mu = 0.0;
  double variance = 0.0;
  spend.which->log_total_spend(spend.parameters, seen, 1.0, mu, variance);
  mu += o->count_mean + std::log(factor);
  const double sigma = std::sqrt(std::max(0.0, variance + o->count_variance));
  set(q_clv_mu, row, mu);
  set(q_clv_sigma, row, sigma);
  set(q_clv_p10, row, value_at(o->z10, mu, sigma));
  set(q_clv_p50, row, value_at(o->z50, mu, sigma));
  set(q_clv_p90, row, value_at(o->z90, mu, sigma));
}

void score_work::value_row(std::size_t row) {
  const outlook* o = index ? &ahead[index->tuple_of(row)] : nullptr;
  if (o != nullptr) {
    set(q_log_likelihood, row, o->log_likelihood);
    set(q_p_alive, row, o->p_alive);
    set(q_expected_purchases, row, o->expected_purchases);
    set(q_no_purchase, row, o->no_purchase);
  }
  if (!model->spend) {
    statuses[row] = value_status::insufficient;
    return;
  }
  const observation seen = own_spend(row);
  value_with_spend(row, o, seen.x > 0.0, seen);
}

double score_work::value_rows() {
  const std::size_t first = rows_done;
  rows_done = std::min(first + rows_per_step, summary->rows());
  math::for_blocks(
      rows_done - first, plan.threads, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t row = first + begin; row < first + end; ++row) value_row(row);
      });
  if (rows_done < summary->rows()) {
    return static_cast<double>(rows_done) / static_cast<double>(summary->rows());
  }
  finish();
  return 1.0;
}

void score_work::add_columns(table& out) {
  for (const char* name : {"customer", "x", "t_x", "T", "mean_spend"}) {
    if (const column* c = summary->find(name); c != nullptr) {
      out.add(name, c->kind(), c->unit()) = *c;
    }
  }
  const column* spend = summary->find("mean_spend");
  const std::string currency =
      !model->currency.empty() ? model->currency : (spend == nullptr ? "" : spend->unit());
  for (unsigned q = 0; q < q_clv_status; ++q) {
    if (!plan.wanted[q]) continue;
    const bool money = q >= q_expected_spend && q <= q_clv_p90;
    column& c = out.add(std::string(quantity_names[q]), type::f64, money ? currency : "");
    c.adopt(std::move(columns[q]));
    if (q < q_expected_spend) continue;
    for (std::size_t row = 0; row < without_value.size(); ++row) {
      if (without_value[row] != 0) c.mark_absent(row);
    }
  }
  if (!plan.wanted[q_clv_status]) return;
  column& c = out.add("clv_status", type::utf8);
  c.reserve(statuses.size());
  for (const value_status s : statuses) c.push(status_names[static_cast<std::size_t>(s)]);
}

void score_work::finish() {
  auto out = std::make_shared<table>();
  add_columns(*out);
  out->seal("score|" + save_model(*model) + "|" + summary->fingerprint() + "|" +
            math::to_text(plan.ahead.length) + "|" + math::to_text(asked.annual_discount) + "|" +
            math::to_text(plan.margin));
  result->tables[""] = std::move(out);
  result->model = model;
}

}  // namespace

job score(std::shared_ptr<const fitted_model> m,
          std::shared_ptr<const table> summary,
          score_options o) {
  auto work = std::make_shared<score_work>();
  work->plan = plan_score(*m, o);
  require_same_units(*summary, {.unit = m->unit, .currency = m->currency, .who = "the model is"});
  work->plan.threads = std::max(1U, work->plan.threads);
  work->model = std::move(m);
  work->summary = std::move(summary);
  work->asked = std::move(o);
  return job({{"rows", [work] { return work->read_rows(); }},
              {"outlook", [work] { return work->look_ahead(); }},
              {"value", [work] { return work->value_rows(); }}},
             work->result);
}

}  // namespace clv
