// Who agreed to what, and who withdrew it: the latest word counts. [any] once made.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "retention/gate/customer_facts.hpp"
#include "retention/gate/fact_rows.hpp"

namespace clv::retention {

// Someone unsubscribed: a row of "contacts" that says what a row of "consent" would.
struct withdrawal {
  std::uint32_t customer;
  std::string_view channel, purpose;  // purpose "": all
  std::int64_t time;
};

class consent_book {
 public:
  // `consent` may be nullptr. Rows after `until` are not seen.
  consent_book(const table* consent,
               const std::vector<withdrawal>& unsubscribed,
               const customer_facts& facts,
               std::int64_t until,
               people& who);

  // NO_CONSENT where the latest word on the channel, for that purpose or for all, is a withdrawal;
  // and where there is none and `required`. At the same instant the refusal counts.
  std::optional<refusal> check(std::uint32_t customer,
                               std::string_view channel,
                               std::string_view purpose,
                               bool required) const;
  // When consent for the channel was last granted, for any purpose; nullopt: never.
  std::optional<std::int64_t> granted(std::uint32_t customer, std::string_view channel) const;

 private:
  struct word {  // the latest of a customer, channel and purpose
    std::uint32_t customer, channel, purpose;
    bool granted;
    std::int64_t time;
    std::int64_t last_grant;  // never: none
  };
  static constexpr std::int64_t never = INT64_MIN;
  void read(const table& consent, const customer_facts& facts, std::int64_t until, people& who);
  void keep_latest(std::uint32_t people);
  std::pair<const word*, const word*> of(std::uint32_t customer) const;

  word_list channels_, purposes_;
  std::vector<word> words_;           // by customer
  std::vector<std::uint32_t> first_;  // customer -> its part of words_
};

}  // namespace clv::retention
