#include "retention/gate/consent_book.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "clv/time.hpp"

namespace clv::retention {

consent_book::consent_book(const table* consent,
                           const std::vector<withdrawal>& unsubscribed,
                           const customer_facts& facts,
                           std::int64_t until,
                           people& who) {
  if (consent != nullptr) read(*consent, facts, until, who);
  for (const withdrawal& w : unsubscribed) {
    words_.push_back({.customer = w.customer,
                      .channel = channels_.number_of(w.channel),
                      .purpose = purposes_.number_of(w.purpose),
                      .granted = false,
                      .time = w.time,
                      .last_grant = never});
  }
  keep_latest(who.size());
}

void consent_book::read(const table& consent,
                        const customer_facts& facts,
                        std::int64_t until,
                        people& who) {
  const fact_rows rows(consent, "consent");
  const column& id = rows.get("customer", type::utf8);
  const column& channel = rows.get("channel", type::utf8);
  const column& time = rows.get("time", type::time);
  const column& granted = rows.get("granted", type::i64);
  const column* purpose = rows.find("purpose", type::utf8);
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const std::int64_t at = rows.instant(time, row);
    if (at > until) continue;
    if (!granted.present(row)) rows.refuse("granted", row, "is empty", "1: granted, 0: withdrawn");
    const bool yes = rows.flag(&granted, row);
    words_.push_back({.customer = facts.owner(who.add(rows.text(id, row))),
                      .channel = channels_.number_of(rows.text(channel, row)),
                      .purpose = purposes_.number_of(text_or_nothing(purpose, row)),
                      .granted = yes,
                      .time = at,
                      .last_grant = yes ? at : never});
  }
}

void consent_book::keep_latest(std::uint32_t people) {
  const auto key = [](const word& w) { return std::tie(w.customer, w.channel, w.purpose); };
  std::ranges::sort(words_, [&](const word& a, const word& b) {
    if (key(a) != key(b)) return key(a) < key(b);
    return a.time != b.time ? a.time > b.time : a.granted < b.granted;  // the last word first
  });
  std::size_t kept = 0;
  for (const word& w : words_) {
    if (kept > 0 && key(words_[kept - 1]) == key(w)) {
      words_[kept - 1].last_grant = std::max(words_[kept - 1].last_grant, w.last_grant);
    } else {
      words_[kept++] = word(w);
    }
  }
  words_.resize(kept);
  first_.assign(std::size_t{people} + 1, 0);
  for (const word& w : words_) ++first_[w.customer + 1];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
}

std::pair<const consent_book::word*, const consent_book::word*> consent_book::of(
    std::uint32_t customer) const {
  if (customer + std::size_t{1} >= first_.size()) return {nullptr, nullptr};
  return {words_.data() + first_[customer], words_.data() + first_[customer + 1]};
}

std::optional<refusal> consent_book::check(std::uint32_t customer,
                                           std::string_view channel,
                                           std::string_view purpose,
                                           bool required) const {
  const word* last = nullptr;
  const auto [begin, end] = of(customer);
  for (const word* w = begin; w != end; ++w) {
    if (channels_[w->channel] != channel) continue;
    if (!purposes_[w->purpose].empty() && purposes_[w->purpose] != purpose) continue;
    const bool later = last == nullptr || w->time > last->time;
    if (later || (w->time == last->time && !w->granted)) last = w;
  }
  if (last == nullptr ? !required : last->granted) return std::nullopt;
  const std::string what = std::string(purpose) + " by " + std::string(channel);
  if (last == nullptr) {
    return refusal{reason_code::no_consent, "No consent to " + what + " is on record."};
  }
  return refusal{
      reason_code::no_consent,
      "Consent to " + what + " was withdrawn on " + format_time(last->time).substr(0, 10) + "."};
}

std::optional<std::int64_t> consent_book::granted(std::uint32_t customer,
                                                  std::string_view channel) const {
  std::int64_t last = never;
  const auto [begin, end] = of(customer);
  for (const word* w = begin; w != end; ++w) {
    if (channels_[w->channel] == channel) last = std::max(last, w->last_grant);
  }
  return last == never ? std::nullopt : std::optional(last);
}

}  // namespace clv::retention
