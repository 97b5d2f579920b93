#include "clv/score.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/limits.hpp"
#include "math/json.hpp"
#include "math/parallel.hpp"
#include "value/same_units.hpp"
#include "value/scoring/score_rows.hpp"
#include "value/scoring/valuation.hpp"

namespace clv {
namespace {

// Rows or histories of one step: a few milliseconds each.
constexpr std::size_t rows_per_step = 32'768;
constexpr std::size_t histories_per_step = 2'048;

constexpr std::size_t most_kept = 4;  // ways to ask one model; each takes some 100 kB

// Where customer_score keeps the f64 quantities, in the order of the enum.
constexpr std::array<double customer_score::*, q_clv_status> score_fields{
    &customer_score::log_likelihood,
    &customer_score::p_alive,
    &customer_score::expected_purchases,
    &customer_score::no_purchase,
    &customer_score::expected_spend,
    &customer_score::clv,
    &customer_score::clv_p10,
    &customer_score::clv_p50,
    &customer_score::clv_p90,
    &customer_score::clv_mu,
    &customer_score::clv_sigma,
    &customer_score::clv_skew};

bool belongs_to_value(unsigned q) {
  return q >= q_expected_spend;
}

// What the phases share.
struct score_work {
  std::shared_ptr<const valuation> prepared;
  std::shared_ptr<const fitted_model> model;
  std::shared_ptr<const table> summary;
  score_options asked;
  std::optional<row_index> index;  // of purchase models
  std::vector<outlook> ahead;      // of the distinct histories
  std::vector<double> beside;      // further quantities of them, row-major
  std::array<std::vector<double>, q_clv_status> columns;
  std::vector<std::vector<double>> beside_columns;
  std::vector<value_status> statuses;
  std::vector<std::uint8_t> without_value;  // rows whose value columns are absent
  std::size_t rows_done = 0;
  std::span<const double> x, mean_spend;  // of the summary; mean_spend is empty without a column
  std::shared_ptr<outcome> result = std::make_shared<outcome>();

  const score_plan& plan() const { return prepared->plan(); }
  double read_rows();
  double look_ahead();
  double value_rows();

 private:
  history_key key() const;
  void check_spend();
  void make_columns();
  void check_beside() const;
  void value_row(std::size_t row);
  void finish();
  void note_process_only();
  void copy_history(table& out) const;
  void add_columns(table& out);
  void add_beside(table& out);
};

history_key score_work::key() const {
  return {.key = model->purchase.which->key,
          .litt = plan().wanted[q_log_likelihood] && needs_litt(model->purchase),
          .covariates = prepared->covariates()};
}

double score_work::read_rows() {
  if (model->purchase.which == nullptr) {
    summary->get("x", type::f64);
  } else {
    if (!index) index.emplace(*summary, key());
    if (!index->read(rows_per_step * plan().threads, plan().threads)) {
      return static_cast<double>(index->rows_read()) / static_cast<double>(summary->rows());
    }
    ahead.reserve(index->found());
    beside.resize(index->found() * plan().beside.size());
  }
  if (model->spend) check_spend();
  make_columns();
  return 1.0;
}

void score_work::make_columns() {
  // Filling fresh memory takes longer than computing: one column a block.
  math::for_blocks(
      q_clv_status, plan().threads, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t q = first; q < last; ++q) {
          if (plan().wanted[q]) columns[q].assign(summary->rows(), 0.0);
        }
      });
  beside_columns.assign(plan().beside.size(), std::vector<double>(summary->rows()));
  statuses.assign(summary->rows(), value_status::ok);
  without_value.assign(summary->rows(), 0);
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
  if (!index || index->found() == 0) return 1.0;
  const std::size_t first = ahead.size();
  const std::size_t last = std::min(first + histories_per_step * plan().threads, index->found());
  ahead.resize(last);
  const std::size_t width = plan().beside.size();
  math::for_blocks(
      last - first, plan().threads, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<double> scratch;
        for (std::size_t i = first + begin; i < first + end; ++i) {
          const std::span<double> more = std::span(beside).subspan(i * width, width);
          ahead[i] = prepared->look(index->history(i), index->covariates_of(i), more, scratch);
        }
      });
  if (last == index->found()) check_beside();
  return static_cast<double>(last) / static_cast<double>(index->found());
}

// With covariates each customer has parameters of their own, and a dert:D can be infinite for some.
void score_work::check_beside() const {
  const std::size_t width = plan().beside.size();
  for (std::size_t row = 0; width > 0 && row < summary->rows(); ++row) {
    for (std::size_t i = 0; i < width; ++i) {
      const double v = beside[index->history_of(row) * width + i];
      if (std::isfinite(v)) continue;
      const std::string& name = plan().beside[i].name;
      throw error({.code = status::numeric,
                   .row = static_cast<std::int64_t>(row),
                   .column = name,
                   .message = "row " + std::to_string(row + 1) + ": '" + name + "' is " +
                              math::to_text(v) + " for this customer",
                   .hint = "ask with a higher discount rate after the colon"});
    }
  }
}

// An absent spend is stored as 0.
void score_work::value_row(std::size_t row) {
  const outlook* o = index ? &ahead[index->history_of(row)] : nullptr;
  const observation seen =
      mean_spend.empty() ? observation{} : valuation::own_spend(x[row], mean_spend[row]);
  const customer_score s = prepared->value(o, seen);
  statuses[row] = s.status;
  without_value[row] = model->spend && std::isnan(s.expected_spend) ? 1 : 0;
  for (unsigned q = 0; q < q_clv_status; ++q) {
    if (!plan().wanted[q]) continue;
    const double v = s.*score_fields[q];
    columns[q][row] = belongs_to_value(q) && without_value[row] != 0 ? 0.0 : v;
  }
  for (std::size_t i = 0; i < beside_columns.size(); ++i) {
    beside_columns[i][row] = beside[index->history_of(row) * beside_columns.size() + i];
  }
}

double score_work::value_rows() {
  const std::size_t first = rows_done;
  rows_done = std::min(first + rows_per_step * plan().threads, summary->rows());
  math::for_blocks(
      rows_done - first, plan().threads, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t row = first + begin; row < first + end; ++row) value_row(row);
      });
  if (rows_done < summary->rows()) {
    return static_cast<double>(rows_done) / static_cast<double>(summary->rows());
  }
  finish();
  return 1.0;
}

void score_work::copy_history(table& out) const {
  std::vector<const column*> from;
  for (const char* name : {"customer", "x", "t_x", "T", "n", "mean_spend"}) {
    const column* c = summary->find(name);
    if (c == nullptr) continue;
    from.push_back(c);
    out.add(name, c->kind(), c->unit());
  }
  math::for_blocks(
      from.size(), plan().threads, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) out.columns()[i] = *from[i];
      });
}

void score_work::add_columns(table& out) {
  copy_history(out);
  const column* spend = summary->find("mean_spend");
  const std::string currency =
      !model->currency.empty() ? model->currency : (spend == nullptr ? "" : spend->unit());
  for (unsigned q = 0; q < q_clv_status; ++q) {
    if (!plan().wanted[q]) continue;
    const bool money = q >= q_expected_spend && q <= q_clv_p90;
    column& c = out.add(std::string(quantity_names[q]), type::f64, money ? currency : "");
    c.adopt(std::move(columns[q]));
    if (!belongs_to_value(q)) continue;
    for (std::size_t row = 0; row < without_value.size(); ++row) {
      if (without_value[row] != 0) c.mark_absent(row);
    }
  }
  if (!plan().wanted[q_clv_status]) return;
  column& c = out.add("clv_status", type::utf8);
  c.reserve(statuses.size());
  for (const value_status s : statuses) c.push(name_of(s));
}

void score_work::add_beside(table& out) {
  for (std::size_t i = 0; i < beside_columns.size(); ++i) {
    out.add(plan().beside[i].name, type::f64).adopt(std::move(beside_columns[i]));
  }
}

void score_work::note_process_only() {
  const estimates& e = model->purchase;
  if (!plan().interval() || plan().process_only || e.status == fit_status::given) return;
  if (!e.covariance.empty() && !model->spend->covariance.empty()) return;
  result->notes.push_back(
      {.code = status::numeric,
       .level = log_level::info,
       .column = "clv_p10",
       .message = "the model has no covariance of its estimates (" +
                  std::string(name_of(e.covariance.empty() ? e.status : model->spend->status)) +
                  "): the intervals lack their uncertainty and are too narrow",
       .hint = "see the status and reason of the fit"});
}

void score_work::finish() {
  auto out = std::make_shared<table>();
  add_columns(*out);
  add_beside(*out);
  note_process_only();
  out->seal("score|" + prepared->saved_model() + "|" + summary->fingerprint() + "|" +
            math::to_text(plan().ahead.length) + "|" + math::to_text(asked.annual_discount) + "|" +
            math::to_text(plan().margin) + (asked.process_only ? "|process_only" : ""));
  result->tables[""] = std::move(out);
  result->model = model;
}

// Asked for all, a model with k > 1 leaves log_likelihood out where it cannot be had.
score_plan plan_for(const fitted_model& m, const table& summary, const score_options& o) {
  score_plan plan = plan_score(m, o);
  const column* litt = summary.find("litt");
  const bool has_litt = litt != nullptr && litt->all_present();
  if (!plan.litt_asked && !has_litt && needs_litt(m.purchase)) plan.wanted.reset(q_log_likelihood);
  return plan;
}

}  // namespace

std::string_view name_of(value_status s) {
  constexpr std::array<std::string_view, 4> names{
      "OK", "PRIOR_ONLY", "INSUFFICIENT", "NOT_CONVERGED"};
  return names[static_cast<std::size_t>(s)];
}

job score(std::shared_ptr<const fitted_model> m,
          std::shared_ptr<const table> summary,
          score_options o) {
  return prepared_models().score(std::move(m), std::move(summary), std::move(o));
}

// ---- prepared models

struct prepared_models::impl {
  std::mutex mutex;
  std::deque<std::shared_ptr<const valuation>> kept;  // the one used last comes last

  std::shared_ptr<const valuation> find(const fitted_model& m, const score_plan& plan);
  void keep(std::shared_ptr<const valuation> v);
};

std::shared_ptr<const valuation> prepared_models::impl::find(const fitted_model& m,
                                                             const score_plan& plan) {
  const std::lock_guard lock(mutex);
  const auto found = std::ranges::find_if(
      kept, [&](const auto& v) { return &v->model() == &m && v->plan() == plan; });
  if (found == kept.end()) return nullptr;
  std::rotate(found, found + 1, kept.end());
  return kept.back();
}

void prepared_models::impl::keep(std::shared_ptr<const valuation> v) {
  const std::lock_guard lock(mutex);
  kept.push_back(std::move(v));
  if (kept.size() > most_kept) kept.pop_front();
}

prepared_models::prepared_models() : impl_(std::make_unique<impl>()) {}
prepared_models::~prepared_models() = default;

job prepared_models::score(std::shared_ptr<const fitted_model> m,
                           std::shared_ptr<const table> summary,
                           score_options o) {
  score_plan plan = plan_for(*m, *summary, o);
  require_same_units(*summary, {.unit = m->unit, .currency = m->currency, .who = "the model is"});
  auto prepared = impl_->find(*m, plan);
  if (prepared == nullptr) {
    prepared = std::make_shared<const valuation>(m, std::move(plan));
    impl_->keep(prepared);
  }
  auto work = std::make_shared<score_work>(score_work{.prepared = std::move(prepared),
                                                      .model = m,
                                                      .summary = std::move(summary),
                                                      .asked = std::move(o)});
  return job({{"rows", [work] { return work->read_rows(); }},
              {"outlook", [work] { return work->look_ahead(); }},
              {"value", [work] { return work->value_rows(); }}},
             work->result);
}

}  // namespace clv
