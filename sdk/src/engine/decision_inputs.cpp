#include "engine/decision_inputs.hpp"

#include <algorithm>
#include <array>

#include "engine/memory_need.hpp"
#include "math/hash.hpp"

namespace clv::detail {
namespace {

constexpr std::array<std::string_view, 4> fact_names{
    "customers", "consent", "contacts", "evidence"};

// The same in every row.
std::string sources_of(const table& segments) {
  const column* reads = segments.find("reads");
  const bool known = reads != nullptr && reads->size() > 0 && reads->present(0);
  return known ? std::string(reads->text(0)) : std::string();
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

void require_decidable(core& c, issues& notes) {
  if (store::is_stored(c.sql(), "segments")) {
    require_fresh(c, {"ingest", "fit", "score", "segment"}, notes);
  } else {
    require_fresh(c, {"ingest", "fit", "score"}, notes);
  }
}

decision_inputs::decision_inputs(core& c, decision_facts given, facts_wanted wanted)
    : core_(&c),
      segmented_(wanted != facts_wanted::unsegmented && store::is_stored(c.sql(), "segments")),
      last_fact_(wanted == facts_wanted::all ? fact_names.size() : 1),
      facts_(std::move(given)) {}

std::int64_t decision_inputs::rows_of_facts() {
  std::int64_t rows = 0;
  for (const auto& [name, given] : facts_) rows += static_cast<std::int64_t>(given->rows());
  for (std::size_t i = 0; i < last_fact_; ++i) {
    if (facts_.find(fact_names[i]) == facts_.end()) rows += rows_of_table(*core_, fact_names[i]);
  }
  return rows;
}

double decision_inputs::load_segments() {
  if (segmented_) {
    const double done = segments_.step(*core_, "segments");
    if (done < 1.0) return done;
  }
  customers_ = segmented_ ? with_segments(scores_.rows(), *segments_.rows(), core_->any_age)
                          : scores_.rows();
  if (segmented_) segment_sources_ = sources_of(*segments_.rows());
  scores_.clear();
  segments_.clear();
  return 1.0;
}

double decision_inputs::load_facts() {
  if (next_fact_ < last_fact_) {
    const std::string_view name = fact_names[next_fact_];
    const bool given = facts_.find(name) != facts_.end();
    if (given || !can_read(*core_, name)) {
      ++next_fact_;
    } else if (fact_.step(*core_, name) >= 1.0) {
      facts_.emplace(name, fact_.rows());
      fact_.clear();
      ++next_fact_;
    }
    return static_cast<double>(next_fact_) / static_cast<double>(last_fact_ + 1);
  }
  if (const auto known = facts_.find("customers"); known != facts_.end()) {
    customers_ = with_customers(customers_, *known->second);
  }
  return 1.0;
}

std::string fingerprints_of(const decision_inputs& in,
                            const table& proposals,
                            const fitted_model& model) {
  math::fingerprint_builder of_model;
  of_model.add(save_model(model));
  std::string lines = "scores " + in.customers()->fingerprint() + "\nproposals " +
                      proposals.fingerprint() + "\nmodel " + of_model.hex() + "\n";
  for (const auto& [name, rows] : in.facts()) lines += name + " " + rows->fingerprint() + "\n";
  return lines;
}

std::string first_change(std::string_view before, std::string_view now) {
  while (!before.empty() || !now.empty()) {
    const std::string_view a = next_line(before), b = next_line(now);
    if (a == b) continue;
    const std::string_view named = a.empty() ? b : a;
    return std::string(named.substr(0, named.find(' ')));
  }
  return {};
}

}  // namespace clv::detail
