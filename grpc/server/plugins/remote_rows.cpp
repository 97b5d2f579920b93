#include "plugins/remote_rows.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "plugins/proposals.hpp"
#include "plugins/text.hpp"

namespace clvd::plugins {
namespace {

namespace v1 = clv::plugin::v1;
using namespace clv::worker;

void add_column(const clv_column& from, std::int64_t rows, v1::Column& to) {
  to.set_name(from.name);
  if (from.unit != nullptr) to.set_unit(from.unit);
  for (std::int64_t row = 0; row < rows; ++row) {
    if (from.type == CLV_T_UTF8) {
      to.add_texts(std::string(text_at(from, row)));
    } else if (from.type == CLV_T_F64) {
      to.add_numbers(present(from, row) ? number_at(from, row) : 0);
    } else {
      to.add_integers(present(from, row) ? integer_at(from, row) : 0);
    }
  }
  if (from.validity == nullptr) return;
  const auto size = static_cast<std::size_t>((rows + 7) / 8);
  to.set_present(std::string(reinterpret_cast<const char*>(from.validity), size));
}

// One column of schema "proposals", from proposals in a given order.
class column_writer {
 public:
  column_writer(owned_table& to, const std::vector<const v1::Proposal*>& from)
      : to_(to), from_(from) {}

  void number(const char* name, double (v1::Proposal::*get)() const, bool zero_is_absent = false) {
    auto& column = to_.add(name, CLV_T_F64);
    for (const v1::Proposal* p : from_) {
      const double v = (p->*get)();
      zero_is_absent&& v == 0 ? column.push_absent() : column.push(v);
    }
  }
  void stated(const char* name,
              bool (v1::Proposal::*is_stated)() const,
              double (v1::Proposal::*get)() const) {
    auto& column = to_.add(name, CLV_T_F64);
    for (const v1::Proposal* p : from_) {
      (p->*is_stated)() ? column.push((p->*get)()) : column.push_absent();
    }
  }
  void integer(const char* name,
               clv_type type,
               std::int64_t (v1::Proposal::*get)() const,
               bool zero_is_absent = false) {
    auto& column = to_.add(name, type);
    for (const v1::Proposal* p : from_) {
      const std::int64_t v = (p->*get)();
      zero_is_absent&& v == 0 ? column.push_absent() : column.push(v);
    }
  }
  void flag(const char* name, bool (v1::Proposal::*get)() const) {
    auto& column = to_.add(name, CLV_T_I64);
    for (const v1::Proposal* p : from_) {
      (p->*get)() ? column.push(std::int64_t{1}) : column.push_absent();
    }
  }
  void text(const char* name, const std::string& (v1::Proposal::*get)() const) {
    auto& column = to_.add(name, CLV_T_UTF8);
    for (const v1::Proposal* p : from_) {
      const std::string& v = (p->*get)();
      v.empty() ? column.push_absent() : column.push(std::string_view(v));
    }
  }

 private:
  owned_table& to_;
  const std::vector<const v1::Proposal*>& from_;
};

void write_columns(owned_table& to, const std::vector<const v1::Proposal*>& from) {
  using p = v1::Proposal;
  constexpr bool optional = true;
  column_writer w(to, from);
  w.integer("row", CLV_T_I64, &p::row);
  w.text("action", &p::action);
  w.text("channel", &p::channel);
  w.text("reason", &p::reason);
  w.number("effect_mean", &p::effect_mean);
  w.number("effect_sd", &p::effect_sd);
  w.number("effect_n", &p::effect_n);
  w.integer("response_value", CLV_T_MONEY, &p::response_value_minor, optional);
  w.integer("benefit", CLV_T_MONEY, &p::benefit_minor);
  w.integer("contact_cost", CLV_T_MONEY, &p::contact_cost_minor);
  w.integer("horizon_us", CLV_T_I64, &p::horizon_us, optional);
  w.integer("expires_us", CLV_T_TIME, &p::expires_us, optional);
  w.number("agent_minutes", &p::agent_minutes);
  w.text("category", &p::category);
  w.text("benefit_kind", &p::benefit_kind);
  w.number("discount_share", &p::discount_share, optional);
  w.integer("worst_case", CLV_T_MONEY, &p::worst_case_minor, optional);
  w.number("pull_forward", &p::pull_forward, optional);
  w.number("unsubscribe_effect", &p::unsubscribe_effect, optional);
  w.text("resource", &p::resource);
  w.number("resource_units", &p::resource_units, optional);
  w.flag("veto", &p::veto);
  w.flag("needs_approval", &p::needs_approval);
  w.text("message", &p::message_json);
  w.stated("response_p0", &p::has_response_p0, &p::response_p0);
}

class remote_answer final : public home_answer {
 public:
  remote_answer(const std::vector<const v1::Proposal*>& kept) { write_columns(table_, kept); }
  const clv_batch& proposals() const override { return batch_; }
  void seal() { batch_ = table_.batch(); }

 private:
  owned_table table_;
  clv_batch batch_{};
};

// Marks what breaks a rule; the first one is told.
std::vector<bool> refused(const v1::ProposeResponse& said,
                          const description& by,
                          std::int64_t customers,
                          std::vector<warning>& warnings) {
  std::vector<const v1::Proposal*> all;
  for (const v1::Proposal& p : said.proposals()) all.push_back(&p);
  owned_table table;
  write_columns(table, all);
  const proposal_part part(table.batch(), by, customers);
  std::vector<bool> bad(all.size(), false);
  std::optional<std::string> first;
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto broken = part.broken_rule(static_cast<std::int64_t>(i));
    if (!broken) continue;
    bad[i] = true;
    ++count;
    if (!first) first = "row " + std::to_string(all[i]->row() + 1) + ": " + *broken;
  }
  if (first) {
    warnings.push_back({.plugin = by.id,
                        .message = "plugin " + by.id + ", " + *first + " (" +
                                   std::to_string(count) + " proposals refused)"});
  }
  return bad;
}

}  // namespace

void add_columns(const clv_batch& from, v1::ProposeRequest& to) {
  to.set_rows(from.n_rows);
  for (std::uint32_t i = 0; i < from.n_columns; ++i) {
    add_column(from.columns[i], from.n_rows, *to.add_columns());
  }
}

std::unique_ptr<home_answer> proposals_from(const v1::ProposeResponse& said,
                                            const description& by,
                                            std::int64_t customers) {
  std::vector<warning> warnings;
  const std::vector<bool> bad = refused(said, by, customers, warnings);
  std::vector<const v1::Proposal*> kept;
  for (int i = 0; i < said.proposals_size(); ++i) {
    if (!bad[static_cast<std::size_t>(i)]) kept.push_back(&said.proposals(i));
  }
  std::ranges::stable_sort(kept, {}, [](const v1::Proposal* p) { return p->row(); });
  auto answer = std::make_unique<remote_answer>(kept);
  answer->seal();
  answer->warnings = std::move(warnings);
  return answer;
}

}  // namespace clvd::plugins
