// What an agent should know of a customer before answering: rows of section, item, value, because.
// reference: sdk/DESK.md, The agent's card. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/card/card_source.hpp"

namespace clv::desk {

struct card_row {
  std::string section, item, value, because;  // value and because: "" none
};

class card {
 public:
  explicit card(std::string_view section) : section_(section) {}
  void add(std::string item, std::string value, std::string because = {}) {
    rows_.push_back({section_, std::move(item), std::move(value), std::move(because)});
  }
  const std::vector<card_row>& rows() const { return rows_; }

 private:
  std::string section_;
  std::vector<card_row> rows_;
};

// How the value of a decided action ends that somebody has to approve first.
inline constexpr std::string_view needs_approval = ", needs approval";

// The sections, in the order of the card.
card value_section(const card_source& from);
card driver_section(const card_source& from);
card ticket_section(const card_source& from);
card action_section(const card_source& from);
card refusal_section(const card_source& from);
card follow_up_section(const card_source& from);
card do_section(const card_source& from);
card dont_section(const card_source& from);
card attribute_section(const card_source& from);

}  // namespace clv::desk
