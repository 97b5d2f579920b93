#include "retention/gate/customer_facts.hpp"

#include <numeric>
#include <string>

#include "clv/error.hpp"

namespace clv::retention {
namespace {

constexpr std::uint8_t erased = 1, merged = 2, on_hold = 4, complains = 8, partly_deaf = 16;

}  // namespace

customer_facts::customer_facts(const table* customers, quiet_clock* clock, people& who) {
  if (customers == nullptr) return;
  const fact_rows rows(*customers, "customers");
  merged_into_ = rows.find("merged_into", type::utf8);
  unreachable_ = rows.find("unreachable", type::utf8);
  read_flags(rows, who);
  read_merges(rows, who);
  if (clock != nullptr) read_zones(rows, *clock);
}

void customer_facts::read_flags(const fact_rows& rows, people& who) {
  const column& id = rows.get("customer", type::utf8);
  const column* gone = rows.find("erased", type::i64);
  const column* hold = rows.find("legal_hold", type::i64);
  const column* complaint = rows.find("complaint_open", type::i64);
  flags_.resize(rows.size());
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const std::string_view customer = rows.text(id, row);
    if (who.add(customer) != row) {
      rows.refuse(
          "customer", row, "'" + std::string(customer) + "' is there twice", "keep one row");
    }
    unsigned flags = 0;
    if (rows.flag(gone, row)) flags |= erased;
    if (rows.flag(hold, row)) flags |= on_hold;
    if (rows.flag(complaint, row)) flags |= complains;
    if (!text_or_nothing(merged_into_, row).empty()) flags |= merged;
    if (!text_or_nothing(unreachable_, row).empty()) flags |= partly_deaf;
    flags_[row] = static_cast<std::uint8_t>(flags);
  }
}

void customer_facts::read_merges(const fact_rows& rows, people& who) {
  bool any = false;
  for (const std::uint8_t f : flags_) any = any || (f & merged) != 0;
  if (!any) return;
  std::vector<std::uint32_t> into(rows.size());
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    into[row] = (flags_[row] & merged) != 0 ? who.add(merged_into_->text(row)) : row;
  }
  owner_.resize(rows.size());
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    std::uint32_t at = row, steps = 0;
    while (at < rows.size() && into[at] != at && ++steps <= rows.size()) at = into[at];
    if (steps > rows.size() || ((flags_[row] & merged) != 0 && at == row)) {
      rows.refuse("merged_into",
                  row,
                  "'" + std::string(merged_into_->text(row)) + "' leads back in a circle",
                  "a merge ends with a customer that was not merged into another");
    }
    owner_[row] = at;
  }
}

void customer_facts::read_zones(const fact_rows& rows, quiet_clock& clock) {
  const column* names = rows.find("time_zone", type::utf8);
  if (names == nullptr) return;
  zone_.resize(rows.size(), quiet_clock::house);
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const std::string_view name = text_or_nothing(names, row);
    if (name.empty()) continue;
    try {
      zone_[row] = clock.zone_number(name);
    } catch (const error& e) {
      rows.refuse("time_zone", row, e.details().message, e.details().hint);
    }
  }
}

std::optional<refusal> customer_facts::gone(std::uint32_t number) const {
  const std::uint8_t f = flags(number);
  if ((f & erased) != 0) {
    return refusal{reason_code::erased, "This customer's data was erased on request."};
  }
  if ((f & merged) != 0) {
    // Without the other's id: receipts outlive the day that the other is forgotten.
    return refusal{reason_code::merged, "This customer is now part of another."};
  }
  return std::nullopt;
}

std::optional<refusal> customer_facts::held(std::uint32_t number) const {
  if ((flags(number) & on_hold) == 0) return std::nullopt;
  return refusal{reason_code::legal_hold, "This customer is on legal hold."};
}

std::optional<refusal> customer_facts::complaining(std::uint32_t number) const {
  if ((flags(number) & complains) == 0) return std::nullopt;
  return refusal{reason_code::complaint_open,
                 "A complaint of this customer is open: no marketing until it is settled."};
}

std::optional<refusal> customer_facts::unreachable(std::uint32_t number,
                                                   std::string_view channel) const {
  if ((flags(number) & partly_deaf) == 0) return std::nullopt;
  if (!lists(unreachable_->text(number), channel)) return std::nullopt;
  return refusal{reason_code::channel_unreachable,
                 "This customer cannot be reached by " + std::string(channel) + "."};
}

}  // namespace clv::retention
