// clv_plugin.hpp - comfort for authors of plugins in C++17 or later. Everything here is written on
// clv_plugin.h, which says what a plugin is; nothing of libclv is linked, there are no static
// constructors, and no exception leaves the plugin.
//
// A plugin is one struct: its settings, the columns it reads, and what it proposes for one row.
//
//   namespace {
//   struct thanks {
//     struct settings { double alive_above = .9, email_cost_minor = 1; };
//     static constexpr clv::plugin::setting<settings> knobs[] = {
//         {"alive_above", &settings::alive_above, 0, 1, "thank from this p_alive on"},
//         {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one e-mail"}};
//     static constexpr clv::plugin::about about{"org.example.thanks", "Thanks", "1.0.0",
//         "Example", "Apache-2.0", "Thanks customers who are certainly there."};
//     static constexpr const char* reads[] = {"p_alive", "clv"};
//     static constexpr const char* actions[] = {"thanks.letter"};
//     struct columns {
//       const clv_batch& in;
//       clv::plugin::numbers p_alive{in, "p_alive"};
//       clv::plugin::amounts clv{in, "clv"};
//     };
//     settings set;
//     void propose(const columns& of, std::int64_t row, clv::plugin::outbox& out) const {
//       if (!(of.p_alive[row] >= set.alive_above)) return;  // written so that absent is left alone
//       clv::plugin::proposal p(row, "thanks.letter", "email");
//       p.reason << "Is certainly a customer, worth " << of.clv.money(row) << ".";
//       p.effect(.002, .002).costs(set.email_cost_minor);
//       out.emit(p);
//     }
//   };
//   }  // namespace
//   CLV_PLUGIN_ENTRY(thanks)
//
// propose() is const and sees one row at a time, so what a row gets cannot depend on other rows.
// Manifest and configuration both follow from `knobs`, `reads` and `actions`. What a struct has
// decides what the plugin offers; it may have all three:
//
// * actions, and void propose(const columns&, std::int64_t row, outbox&) const;
// * features, and void compute(const columns&, std::int64_t row, feature_values&) const;
// * segments, and const char* segment(const columns&, std::int64_t row) const; nullptr: none.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>

#include "clv_plugin.h"
#include "clv_plugin_detail.hpp"
#include "clv_plugin_text.hpp"

namespace clv::plugin {

// ---- Columns -----------------------------------------------------------------------------------

// One column of a batch, found by its dictionary name. One that is not there, or of another type,
// has every row absent.
class column_view {
 public:
  bool known(std::int64_t row) const {
    if (column_ == nullptr) return false;
    const std::uint8_t* bits = column_->validity;
    return bits == nullptr || (bits[row / 8] >> static_cast<unsigned>(row % 8) & 1U) != 0;
  }
  // "EUR", "day", ...; "" where the host names none.
  std::string_view unit() const {
    return column_ != nullptr && column_->unit != nullptr ? column_->unit : std::string_view();
  }

 protected:
  column_view(const clv_batch& in, const char* name) {
    for (std::uint32_t i = 0; i < in.n_columns; ++i) {
      if (std::strcmp(in.columns[i].name, name) == 0) column_ = &in.columns[i];
    }
  }
  void accept(std::uint32_t types) {  // bit t: type t is one of those it reads
    if (column_ != nullptr && (column_->type > 31 || (types >> column_->type & 1U) == 0)) {
      column_ = nullptr;
    }
  }
  template <typename Item>
  Item item(std::int64_t row) const {
    const auto packed = static_cast<std::int64_t>(sizeof(Item));
    const std::int64_t stride = column_->stride != 0 ? column_->stride : packed;
    Item value;  // copied, because a strided item need not be aligned
    std::memcpy(&value, static_cast<const char*>(column_->data) + row * stride, sizeof value);
    return value;
  }
  const clv_column* column_ = nullptr;
};

// Whole numbers, times and amounts as they are.
class integers : public column_view {
 public:
  integers(const clv_batch& in, const char* name) : column_view(in, name) {
    accept(1U << CLV_T_I32 | 1U << CLV_T_I64 | 1U << CLV_T_TIME | 1U << CLV_T_MONEY);
  }
  std::optional<std::int64_t> operator[](std::int64_t row) const {
    if (!known(row)) return std::nullopt;
    return column_->type == CLV_T_I32 ? item<std::int32_t>(row) : item<std::int64_t>(row);
  }
};

// Any numbers as doubles. Absent reads as NaN, which no comparison accepts: write the condition for
// acting, not the one for leaving alone.
class numbers : public column_view {
 public:
  numbers(const clv_batch& in, const char* name) : column_view(in, name) {
    accept(1U << CLV_T_F64 | 1U << CLV_T_I32 | 1U << CLV_T_I64);
  }
  double operator[](std::int64_t row) const {
    if (!known(row)) return std::numeric_limits<double>::quiet_NaN();
    if (column_->type == CLV_T_F64) return item<double>(row);
    if (column_->type == CLV_T_I32) return item<std::int32_t>(row);
    return static_cast<double>(item<std::int64_t>(row));
  }
  // Yes, in a column of 0 and 1; absent is no.
  bool yes(std::int64_t row) const {
    const double v = (*this)[row];
    return v < 0 || v > 0;
  }
  // Days in the column's own time unit; NaN where it has another or none.
  double days(std::int64_t row) const {
    if (unit() == "day") return (*this)[row];
    return unit() == "week" ? 7 * (*this)[row] : std::numeric_limits<double>::quiet_NaN();
  }
};

// Amounts in minor units, of a money column or of a score in major units of the currency that its
// unit names. Absent reads as NaN.
class amounts : public column_view {
 public:
  amounts(const clv_batch& in, const char* name) : column_view(in, name) {
    accept(1U << CLV_T_F64 | 1U << CLV_T_MONEY);
  }
  double operator[](std::int64_t row) const {
    if (!known(row)) return std::numeric_limits<double>::quiet_NaN();
    if (column_->type == CLV_T_F64) return item<double>(row) * minor_per_major(unit());
    return static_cast<double>(item<std::int64_t>(row));
  }
  plugin::money money(std::int64_t row) const { return {(*this)[row], unit()}; }
  plugin::money money_of(double minor) const { return {minor, unit()}; }
};

// Texts; absent reads as "".
class texts : public column_view {
 public:
  texts(const clv_batch& in, const char* name) : column_view(in, name) { accept(1U << CLV_T_UTF8); }
  std::string_view operator[](std::int64_t row) const {
    if (!known(row)) return {};
    const std::int64_t first = column_->offsets[row];
    const auto length = static_cast<std::size_t>(column_->offsets[row + 1] - first);
    return length == 0 ? std::string_view()
                       : std::string_view(static_cast<const char*>(column_->data) + first, length);
  }
};

// ---- Proposals ---------------------------------------------------------------------------------

// What clv_plugin.h calls a clv_proposal, with room for its texts. `terms` is all of it; the
// functions fill what most need. Amounts and days may be fractions and are rounded.
class proposal {
 public:
  // The strings live as long as the proposal: literals, mostly.
  proposal(std::int64_t row,
           const char* action,
           const char* channel,
           const char* category = "marketing") {
    terms.row = row;
    terms.action = action;
    terms.channel = channel;
    terms.category = category;
  }
  // Change of the probability of a response, its standard deviation (0: unknown, only exploration
  // takes it) and how many observations it is worth (0: an opinion).
  proposal& effect(double mean, double sd, double n = 0) {
    terms.effect_mean = mean;
    terms.effect_sd = sd;
    terms.effect_n = n;
    return *this;
  }
  // Paid for every customer treated, and the staff time it takes.
  proposal& costs(double minor, double minutes = 0) {
    terms.contact_cost_minor = minor_units(minor);
    terms.agent_minutes = minutes;
    return *this;
  }
  // Paid to those who respond. `kind` as clv_plugin.h lists them.
  proposal& benefit(const char* kind, double minor) {
    terms.benefit_kind = kind;
    terms.benefit_minor = minor_units(minor);
    return *this;
  }
  // What one response is worth; 0 or unknown leaves it to the core.
  proposal& worth(double minor) {
    terms.response_value_minor = minor_units(minor);
    return *this;
  }
  // Chance of the response within that window without the action. Say it where the response is not
  // a purchase (a renewal, a referral, an answer); of purchases the core's model knows it better.
  proposal& chance_anyway(double p0) {
    terms.response_p0 = p0;
    terms.flags |= static_cast<std::uint32_t>(CLV_PROPOSAL_HAS_P0);
    return *this;
  }
  proposal& within_days(double days) {
    terms.horizon_us = std::llround(days * 86400e6);
    return *this;
  }
  proposal& needs_approval() {
    terms.flags |= static_cast<std::uint32_t>(CLV_PROPOSAL_NEEDS_APPROVAL);
    return *this;
  }

  clv_proposal terms = CLV_SIZED(clv_proposal);
  line<600> reason;           // one sentence a salesperson can read
  line<200> resource;         // a counter of the host's policy
  json_object<1000> message;  // variables of the message
};

// The host's clock and random numbers, the same for all of a run.
class run {
 public:
  // In [0, 1): the same for the same run seed, customer and stream.
  double draw(std::int64_t row, std::uint32_t stream) const {
    return static_cast<double>(host_.random(host_.ctx, row, stream) >> 11U) * 0x1p-53;
  }
  std::int64_t now_us() const { return host_.now_us(host_.ctx); }
  clv_status status() const { return status_; }

 protected:
  explicit run(const clv_plugin_host& host) : host_(host) {}
  clv_status status_ = CLV_OK;

 private:
  const clv_plugin_host& host_;
};

// Where propose() puts its proposals.
class outbox : public run {
 public:
  outbox(const clv_plugin_host& host, const clv_proposal_sink& sink) : run(host), sink_(sink) {}
  void emit(proposal& p) {
    if (status_ < 0) return;
    p.terms.reason = p.reason.c_str();
    p.terms.resource = p.resource.empty() ? nullptr : p.resource.c_str();
    p.terms.message_json = p.message.c_str();
    status_ = sink_.emit(sink_.ctx, &p.terms);
  }

 private:
  const clv_proposal_sink& sink_;
};

// Where compute() puts the features of a row.
class feature_values : public run {
 public:
  feature_values(const clv_plugin_host& host, const clv_feature_sink& sink)
      : run(host), sink_(sink) {}
  // A number that is not finite is none: the feature stays absent.
  void set(std::int64_t row, const char* feature, double value) {
    if (status_ < 0 || !std::isfinite(value)) return;
    status_ = sink_.set(sink_.ctx, row, feature, value);
  }

 private:
  const clv_feature_sink& sink_;
};

// ---- What a plugin declares --------------------------------------------------------------------

struct about {
  const char *id, *name, *version, *vendor, *licence, *summary;
};

// One number of the configuration. Its default is the member's.
template <typename Settings>
struct setting {
  const char* key;
  double Settings::*value;
  double least, most;
  const char* meaning;
};

}  // namespace clv::plugin

// The one exported symbol, for the plugin that the struct describes. At file scope, once.
#define CLV_PLUGIN_ENTRY(Plugin)                                                                \
  extern "C" CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);  \
  extern "C" CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) { \
    return (host_abi >> 16U) == CLV_ABI_MAJOR                                                   \
               ? &clv::plugin::detail::                                                         \
                     entry<Plugin, clv::plugin::outbox, clv::plugin::feature_values>            \
               : nullptr;                                                                       \
  }
