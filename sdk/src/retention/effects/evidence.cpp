#include "retention/effects/evidence.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "clv/error.hpp"
#include "retention/number_text.hpp"

namespace clv::retention {
namespace {

constexpr std::array<std::string_view, 4> level_names{
    "own_kind", "own_overall", "plugin_prior", "unknown"};

enum class measured { targeted, blanket, none };

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

// Row numbers by a text that the table holds.
using rows_by_text = std::unordered_map<std::string_view, std::size_t, text_hash, std::equal_to<>>;

struct action_evidence {
  rows_by_text customers, segments;
  std::optional<std::size_t> overall;
  std::optional<measured> policy;
};

std::string_view text_at(const column* c, std::size_t row) {
  return c != nullptr && c->present(row) ? c->text(row) : std::string_view();
}

}  // namespace

std::string_view name_of(evidence_level level) {
  return level_names[static_cast<std::size_t>(level)];
}

struct evidence_ladder::impl {
  explicit impl(std::shared_ptr<const table> evidence);
  effect_estimate of(std::string_view action,
                     std::string_view customer,
                     std::string_view segment,
                     const stated_effect& prior) const;

 private:
  [[noreturn]] void refuse(std::string_view column,
                           std::size_t row,
                           const std::string& what,
                           const std::string& hint) const;
  void check_numbers(std::size_t row) const;
  evidence_level level_at(std::size_t row, bool particular) const;
  std::optional<measured> policy_at(std::size_t row) const;
  void add(std::size_t row);
  void check_blankets() const;
  std::optional<std::size_t> row_for(const action_evidence& of,
                                     std::string_view customer,
                                     std::string_view segment) const;

  std::shared_ptr<const table> rows_;
  const column *action_ = nullptr, *customer_ = nullptr, *segment_ = nullptr, *policy_ = nullptr;
  const column *mean_ = nullptr, *sd_ = nullptr, *level_ = nullptr;
  std::vector<evidence_level> levels_;
  std::map<std::string_view, action_evidence> actions_;
};

evidence_ladder::impl::impl(std::shared_ptr<const table> evidence) : rows_(std::move(evidence)) {
  if (rows_ == nullptr) return;
  action_ = &rows_->get("action", type::utf8);
  mean_ = &rows_->get("effect_mean", type::f64);
  sd_ = &rows_->get("effect_sd", type::f64);
  level_ = &rows_->get("level", type::utf8);
  customer_ = rows_->find("customer");
  segment_ = rows_->find("segment");
  policy_ = rows_->find("policy");
  for (std::size_t row = 0; row < rows_->rows(); ++row) add(row);
  check_blankets();
}

void evidence_ladder::impl::refuse(std::string_view column,
                                   std::size_t row,
                                   const std::string& what,
                                   const std::string& hint) const {
  throw error(issue{.code = status::data,
                    .row = static_cast<std::int64_t>(row),
                    .column = std::string(column),
                    .message = "table 'evidence', row " + std::to_string(row + 1) + ", column '" +
                               std::string(column) + "': " + what,
                    .hint = hint});
}

void evidence_ladder::impl::check_numbers(std::size_t row) const {
  const double mean = mean_->present(row) ? mean_->numbers()[row] : std::nan("");
  if (!(mean >= -1 && mean <= 1)) {
    refuse("effect_mean",
           row,
           number_text(mean) + " is not a change of a probability, from -1 to 1",
           "correct the row or leave it out");
  }
  const double sd = sd_->present(row) ? sd_->numbers()[row] : std::nan("");
  if (!(sd > 0 && sd <= 1e9)) {
    refuse("effect_sd",
           row,
           number_text(sd) + " is not a standard deviation above 0 and at most 1e9",
           "what was measured has an uncertainty; leave out what was not");
  }
}

evidence_level evidence_ladder::impl::level_at(std::size_t row, bool particular) const {
  const std::string_view level = text_at(level_, row);
  if (level == "own_overall") return evidence_level::own_overall;
  if (level == not_a_chance) {
    refuse("level",
           row,
           "the effect is not a change of the chance to respond",
           "measure with an outcome that is 0 or 1, such as whether the customer bought");
  }
  if (level != "own_kind") {
    refuse("level",
           row,
           "'" + std::string(level) + "' is not a level of evidence",
           "use own_kind or own_overall");
  }
  if (!particular) {
    refuse("level",
           row,
           "'own_kind' of neither a customer nor a segment",
           "name one of the two, or say own_overall");
  }
  return evidence_level::own_kind;
}

std::optional<measured> evidence_ladder::impl::policy_at(std::size_t row) const {
  const std::string_view policy = text_at(policy_, row);
  if (policy.empty()) return std::nullopt;
  if (policy == "targeted") return measured::targeted;
  if (policy == "blanket") return measured::blanket;
  if (policy == "none") return measured::none;
  refuse("policy",
         row,
         "'" + std::string(policy) + "' is not a policy",
         "use targeted, blanket or none");
}

void evidence_ladder::impl::add(std::size_t row) {
  check_numbers(row);
  const std::string_view action = text_at(action_, row);
  if (action.empty()) refuse("action", row, "is empty", "name the action that was measured");
  const std::string_view customer = text_at(customer_, row), segment = text_at(segment_, row);
  levels_.push_back(level_at(row, !customer.empty() || !segment.empty()));
  action_evidence& of = actions_[action];
  const auto policy = policy_at(row);
  if (policy && of.policy && *policy != *of.policy) {
    refuse("policy",
           row,
           "action '" + std::string(action) + "' has another policy in a row before",
           "one action has one policy");
  }
  if (policy) of.policy = policy;
  const auto twice = [&](std::string_view column, std::string_view value) {
    refuse(column,
           row,
           "'" + std::string(value) + "' is there twice for action '" + std::string(action) + "'",
           "keep one row");
  };
  if (!customer.empty()) {
    if (!of.customers.emplace(customer, row).second) twice("customer", customer);
  } else if (!segment.empty()) {
    if (!of.segments.emplace(segment, row).second) twice("segment", segment);
  } else {
    if (of.overall) twice("action", action);
    of.overall = row;
  }
}

void evidence_ladder::impl::check_blankets() const {
  for (const auto& [action, of] : actions_) {
    if (of.policy != measured::blanket || of.overall) continue;
    throw error(issue{.code = status::data,
                      .column = "policy",
                      .message = "table 'evidence': action '" + std::string(action) +
                                 "' has policy 'blanket' and no row of the action as a whole",
                      .hint = "add the row without customer and segment"});
  }
}

std::optional<std::size_t> evidence_ladder::impl::row_for(const action_evidence& of,
                                                          std::string_view customer,
                                                          std::string_view segment) const {
  if (of.policy == measured::blanket) return of.overall;
  if (const auto found = of.customers.find(customer); found != of.customers.end()) {
    return found->second;
  }
  if (const auto found = of.segments.find(segment); found != of.segments.end()) {
    return found->second;
  }
  return of.overall;
}

effect_estimate evidence_ladder::impl::of(std::string_view action,
                                          std::string_view customer,
                                          std::string_view segment,
                                          const stated_effect& prior) const {
  effect_estimate out{.mean = prior.mean, .sd = 0, .level = evidence_level::unknown};
  if (prior.sd > 0) {
    out.sd = prior.sd;
    out.level = evidence_level::plugin_prior;
  }
  const auto found = actions_.find(action);
  if (found == actions_.end()) return out;
  out.refused = found->second.policy == measured::none;
  if (const auto row = row_for(found->second, customer, segment)) {
    out.mean = mean_->numbers()[*row];
    out.sd = sd_->numbers()[*row];
    out.level = levels_[*row];
  }
  return out;
}

evidence_ladder::evidence_ladder(std::shared_ptr<const table> evidence)
    : impl_(std::make_unique<impl>(std::move(evidence))) {}

evidence_ladder::~evidence_ladder() = default;

effect_estimate evidence_ladder::of(std::string_view action,
                                    std::string_view customer,
                                    std::string_view segment,
                                    const stated_effect& prior) const {
  return impl_->of(action, customer, segment, prior);
}

}  // namespace clv::retention
