// What the table "customers" says that decides at once: gone, on hold, complaining, unreachable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "retention/gate/fact_rows.hpp"
#include "retention/gate/gatekeeper.hpp"
#include "retention/gate/people.hpp"
#include "retention/gate/quiet_clock.hpp"

namespace clv::retention {

// Customer number i is row i of the table. [any] once made.
class customer_facts {
 public:
  static constexpr std::uint32_t no_row = people::nobody;

  // Adds every customer to `who`, which is empty. `customers` may be nullptr: nothing is known.
  // Throws error{data} for a customer that is there twice, merges in a circle or an unknown zone.
  customer_facts(const table* customers, quiet_clock* clock, people& who);

  // The customer that this one's contacts and consents count for: itself, or whom it was merged
  // into, at the end of the chain.
  std::uint32_t owner(std::uint32_t number) const {
    return number < owner_.size() ? owner_[number] : number;
  }
  std::uint32_t row(std::uint32_t number) const { return number < flags_.size() ? number : no_row; }
  std::optional<refusal> gone(std::uint32_t number) const;  // ERASED, MERGED
  std::optional<refusal> held(std::uint32_t number) const;  // LEGAL_HOLD
  std::optional<refusal> complaining(std::uint32_t number) const;
  std::optional<refusal> unreachable(std::uint32_t number, std::string_view channel) const;
  std::uint32_t zone(std::uint32_t number) const {
    return number < zone_.size() ? zone_[number] : quiet_clock::house;
  }

 private:
  std::uint8_t flags(std::uint32_t number) const {
    return number < flags_.size() ? flags_[number] : std::uint8_t{0};
  }
  void read_flags(const fact_rows& rows, people& who);
  void read_merges(const fact_rows& rows, people& who);
  void read_zones(const fact_rows& rows, quiet_clock& clock);

  const column *merged_into_ = nullptr, *unreachable_ = nullptr;
  std::vector<std::uint8_t> flags_;
  std::vector<std::uint32_t> owner_;  // empty: nobody is merged
  std::vector<std::uint32_t> zone_;   // empty: everybody lives in the policy's zone
};

}  // namespace clv::retention
