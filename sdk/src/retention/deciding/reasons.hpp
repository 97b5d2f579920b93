// Reason codes and the sentences that go with them: what a salesperson reads. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clv::retention {

// In rising order of how close a proposal came to being chosen.
enum class reason_code : std::uint8_t {
  no_proposal,
  erased,
  merged,
  no_consent,
  legal_hold,
  complaint_open,
  vetoed,
  channel_unreachable,
  protected_attribute,
  cooldown,
  contact_cap,
  conflict,
  benefit_open,
  no_stock,
  no_seats,
  plugin_suspended,
  margin_floor,
  deal_seeker,
  worst_case_spend,
  expired,
  no_evidence,
  not_profitable,
  lost_arbitration,
  over_budget,
  holdout,
  chosen,
};
std::string_view name_of(reason_code code);  // "NO_PROPOSAL", ... as stored
std::optional<reason_code> reason_named(std::string_view name);

struct offer;
struct price;

// Amounts in words: "EUR 12.50"; without a currency the bare number, with two decimals.
class money_words {
 public:
  money_words(std::string currency, int exponent)
      : currency_(std::move(currency)), exponent_(exponent) {}
  std::string operator()(double major) const;
  const std::string& currency() const { return currency_; }
  int exponent() const { return exponent_; }

 private:
  std::string currency_;
  int exponent_;
};

// What a refused proposal is told against. `winner` is the action that won ("" when none did).
struct refusal_context {
  std::string_view winner;
  double winner_net = 0;
  bool drawn = false;       // an explorer: the lot decided
  std::string_view scarce;  // the resource that was worth more elsewhere; "" = cash
  double shadow_price = 0;  // of that resource
  bool exceeds = false;     // it takes more of a resource than the whole run has
  double lever = 0;         // what the policy adds to its rank
  double winner_lever = 0;
  std::string expires;  // the instant in words
};

std::string sentence(reason_code code,
                     const offer& o,
                     const price& p,
                     const refusal_context& context,
                     const money_words& money);

}  // namespace clv::retention
