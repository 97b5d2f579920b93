// What was sent to whom and what became of it: the sliding windows of caps, cooldowns, rejections
// and conflicts, benefits still open, and bounces. [any] once made.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "retention/gate/consent_book.hpp"
#include "retention/gate/customer_facts.hpp"
#include "retention/gate/policy.hpp"

namespace clv::retention {

// A window of d days ends now and is open at its far end: what is exactly d x 24 hours old is
// outside. Rows after `now_us` are not seen (now_us 0: all are, and no window is asked for).
class contact_book {
 public:
  // `contacts` may be nullptr. The policy outlives this.
  contact_book(const table* contacts,
               const policy& rules,
               const customer_facts& facts,
               std::int64_t now_us,
               people& who);

  const std::vector<withdrawal>& unsubscribed() const { return unsubscribed_; }
  // COOLDOWN (also after rejections), CONTACT_CAP.
  std::optional<refusal> check_pace(std::uint32_t customer, const gate_question& asked) const;
  std::optional<refusal> check_conflict(std::uint32_t customer, const gate_question& asked) const;
  std::optional<refusal> check_open_benefit(std::uint32_t customer,
                                            const gate_question& asked) const;
  // The last bounce on the channel that neither a later grant nor a later redemption answers.
  std::optional<refusal> check_bounce(std::uint32_t customer,
                                      std::string_view channel,
                                      std::optional<std::int64_t> granted) const;

 private:
  // Of one instant the later in this list counts as the later.
  enum class kind : std::uint8_t { redeemed, rejected, bounced, unsubscribed, sent };
  struct contact {
    std::int64_t time;
    std::uint32_t row, action, channel, category;
    kind what;
  };
  struct action_window {
    std::vector<char> fits;  // the rule's pattern, by number of the action that was sent
    std::int64_t us = 0;
  };

  void read(const table& contacts, const customer_facts& facts, people& who);
  struct columns;
  contact read_row(const fact_rows& rows, const columns& from, std::uint32_t row);
  void group(const std::vector<std::uint32_t>& owners, std::uint32_t people);
  bool earlier_in_list(const contact& a, const contact& b) const;
  void prepare_rules();
  action_window window(const std::string& pattern, double days) const;
  std::span<const contact> of(std::uint32_t customer) const;
  const contact* last_sent(std::span<const contact> list, const action_window& w) const;
  std::optional<refusal> check_cap(std::span<const contact> list, std::size_t cap) const;
  std::optional<refusal> check_rejections(std::span<const contact> list) const;
  bool redeemed(std::span<const contact> list, const contact& sent) const;

  const policy& rules_;
  std::int64_t now_us_;
  const column *until_ = nullptr, *decision_ = nullptr;
  word_list actions_, channels_, categories_;
  std::vector<contact> contacts_;     // by customer, the last first
  std::vector<std::uint32_t> first_;  // customer -> its part of contacts_
  std::vector<withdrawal> unsubscribed_;
  std::vector<char> exempt_;  // by number of the category
  std::vector<action_window> cooldowns_;
  std::vector<std::pair<action_window, action_window>> conflicts_;
};

}  // namespace clv::retention
