#include "retention/gate/contact_book.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "clv/time.hpp"
#include "retention/number_text.hpp"

namespace clv::retention {
namespace {

constexpr std::array<std::string_view, 5> kind_names{
    "redeemed", "rejected", "bounced", "unsubscribed", "sent"};

std::int64_t microseconds(double days) {
  return std::llround(days * static_cast<double>(us_per_day));
}

std::string day_text(std::int64_t us) {
  return format_time(us).substr(0, 10);
}

std::string days_text(double days) {
  return days == 1 ? "day" : number_text(days) + " days";
}

}  // namespace

contact_book::contact_book(const table* contacts,
                           const policy& rules,
                           const customer_facts& facts,
                           std::int64_t now_us,
                           people& who)
    : rules_(rules), now_us_(now_us) {
  if (contacts == nullptr) return;
  read(*contacts, facts, who);
  prepare_rules();
}

struct contact_book::columns {
  const column &customer, &time, &channel, &kind;
  const column *category, *action;
};

void contact_book::read(const table& contacts, const customer_facts& facts, people& who) {
  const fact_rows rows(contacts, "contacts");
  const columns from{.customer = rows.get("customer", type::utf8),
                     .time = rows.get("time", type::time),
                     .channel = rows.get("channel", type::utf8),
                     .kind = rows.get("kind", type::utf8),
                     .category = rows.find("category", type::utf8),
                     .action = rows.find("action", type::utf8)};
  const std::int64_t seen = now_us_ == 0 ? std::numeric_limits<std::int64_t>::max() : now_us_;
  until_ = rows.find("benefit_until", type::time);
  decision_ = rows.find("decision_id", type::utf8);
  std::vector<std::uint32_t> owners;
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const contact c = read_row(rows, from, row);
    if (c.time > seen) continue;
    const std::uint32_t owner = facts.owner(who.add(rows.text(from.customer, row)));
    contacts_.push_back(c);
    owners.push_back(owner);
    if (c.what != kind::unsubscribed) continue;
    unsubscribed_.push_back(
        {owner, channels_[c.channel], text_or_nothing(from.category, row), c.time});
  }
  group(owners, who.size());
}

contact_book::contact contact_book::read_row(const fact_rows& rows,
                                             const columns& from,
                                             std::uint32_t row) {
  const std::string_view what = rows.text(from.kind, row);
  const auto found = std::ranges::find(kind_names, what);
  if (found == kind_names.end()) {
    rows.refuse("kind",
                row,
                "'" + std::string(what) + "' is not a kind of contact",
                "use sent, redeemed, rejected, bounced or unsubscribed");
  }
  const std::string_view category = text_or_nothing(from.category, row);
  return {.time = rows.instant(from.time, row),
          .row = row,
          .action = actions_.number_of(text_or_nothing(from.action, row)),
          .channel = channels_.number_of(rows.text(from.channel, row)),
          .category = categories_.number_of(category.empty() ? "marketing" : category),
          .what = static_cast<kind>(found - kind_names.begin())};
}

// The last first; of one instant in an order that the order of the rows does not change.
bool contact_book::earlier_in_list(const contact& a, const contact& b) const {
  if (a.time != b.time) return a.time > b.time;
  if (a.what != b.what) return a.what > b.what;
  if (a.action != b.action) return actions_[a.action] < actions_[b.action];
  const std::string_view one = text_or_nothing(decision_, a.row);
  const std::string_view other = text_or_nothing(decision_, b.row);
  if (one != other || until_ == nullptr) return one < other;
  return until_->integers()[a.row] < until_->integers()[b.row];
}

void contact_book::group(const std::vector<std::uint32_t>& owners, std::uint32_t people) {
  first_.assign(std::size_t{people} + 1, 0);
  for (const std::uint32_t owner : owners) ++first_[owner + 1];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  std::vector<contact> sorted(contacts_.size());
  for (std::size_t i = 0; i < contacts_.size(); ++i) sorted[next[owners[i]]++] = contacts_[i];
  contacts_ = std::move(sorted);
  for (std::size_t i = 0; i < people; ++i) {
    std::sort(contacts_.begin() + first_[i],
              contacts_.begin() + first_[i + 1],
              [this](const contact& a, const contact& b) { return earlier_in_list(a, b); });
  }
}

contact_book::action_window contact_book::window(const std::string& pattern, double days) const {
  action_window w{.fits = std::vector<char>(actions_.size()), .us = microseconds(days)};
  for (std::uint32_t a = 0; a < actions_.size(); ++a) w.fits[a] = fits(pattern, actions_[a]);
  return w;
}

void contact_book::prepare_rules() {
  for (std::uint32_t c = 0; c < categories_.size(); ++c) {
    exempt_.push_back(std::ranges::find(rules_.exempt, categories_[c]) != rules_.exempt.end());
  }
  for (const cooldown_rule& r : rules_.cooldowns) cooldowns_.push_back(window(r.action, r.days));
  for (const auto& [one, other] : rules_.conflicts) {
    conflicts_.emplace_back(window(one, rules_.conflict_days), window(other, rules_.conflict_days));
  }
}

std::span<const contact_book::contact> contact_book::of(std::uint32_t customer) const {
  if (customer + std::size_t{1} >= first_.size()) return {};
  return std::span(contacts_).subspan(first_[customer], first_[customer + 1] - first_[customer]);
}

const contact_book::contact* contact_book::last_sent(std::span<const contact> list,
                                                     const action_window& w) const {
  for (const contact& c : list) {
    if (now_us_ - c.time >= w.us) return nullptr;
    if (c.what == kind::sent && w.fits[c.action] != 0) return &c;
  }
  return nullptr;
}

std::optional<refusal> contact_book::check_cap(std::span<const contact> list,
                                               std::size_t cap) const {
  const contact_cap& rule = rules_.caps[cap];
  const std::int64_t us = microseconds(rule.days);
  std::int64_t sent = 0;
  const contact *last = nullptr, *blocking = nullptr;
  for (const contact& c : list) {
    if (now_us_ - c.time >= us) break;
    if (c.what != kind::sent || exempt_[c.category] != 0) continue;
    if (!rule.channel.empty() && channels_[c.channel] != rule.channel) continue;
    if (!rule.category.empty() && categories_[c.category] != rule.category) continue;
    if (last == nullptr) last = &c;
    if (++sent == rule.limit) blocking = &c;
  }
  if (sent < rule.limit) return std::nullopt;
  const std::string what = (rule.category.empty() ? "contacts" : rule.category + " contacts") +
                           (rule.channel.empty() ? "" : " by " + rule.channel);
  if (rule.limit == 0) {
    return refusal{reason_code::contact_cap, "The policy allows no " + what + " at all."};
  }
  return refusal{reason_code::contact_cap,
                 std::to_string(sent) + " " + what + " in the last " + days_text(rule.days) +
                     ", the last on " + day_text(last->time) + "; " + std::to_string(rule.limit) +
                     " allowed. Possible again from " + day_text(blocking->time + us) + "."};
}

std::optional<refusal> contact_book::check_rejections(std::span<const contact> list) const {
  const std::int64_t us = microseconds(rules_.rejection_days);
  std::int64_t run = 0;
  const contact* last = nullptr;
  for (const contact& c : list) {
    if (c.what == kind::redeemed) break;
    if (c.what != kind::rejected) continue;
    if (last == nullptr) last = &c;
    ++run;
  }
  if (run < rules_.rejections || now_us_ - last->time >= us) return std::nullopt;
  return refusal{reason_code::cooldown,
                 std::to_string(run) + " rejections in a row, the last on " + day_text(last->time) +
                     ": no marketing for " + days_text(rules_.rejection_days) + ", until " +
                     day_text(last->time + us) + "."};
}

std::optional<refusal> contact_book::check_pace(std::uint32_t customer,
                                                const gate_question& asked) const {
  const auto list = of(customer);
  for (std::size_t i = 0; i < cooldowns_.size() && !list.empty(); ++i) {
    if (!fits(rules_.cooldowns[i].action, asked.action)) continue;
    if (const contact* c = last_sent(list, cooldowns_[i])) {
      return refusal{reason_code::cooldown,
                     "'" + std::string(actions_[c->action]) + "' was sent on " + day_text(c->time) +
                         "; '" + rules_.cooldowns[i].action + "' rests for " +
                         days_text(rules_.cooldowns[i].days) + ", until " +
                         day_text(c->time + cooldowns_[i].us) + "."};
    }
  }
  if (rules_.rejections > 0 && asked.category == "marketing") {
    if (auto no = check_rejections(list)) return no;
  }
  for (std::size_t i = 0; i < rules_.caps.size(); ++i) {
    const contact_cap& cap = rules_.caps[i];
    if (!cap.channel.empty() && cap.channel != asked.channel) continue;
    if (!cap.category.empty() && cap.category != asked.category) continue;
    if (auto no = check_cap(list, i)) return no;
  }
  return std::nullopt;
}

std::optional<refusal> contact_book::check_conflict(std::uint32_t customer,
                                                    const gate_question& asked) const {
  const auto list = of(customer);
  if (list.empty()) return std::nullopt;
  for (std::size_t i = 0; i < conflicts_.size(); ++i) {
    const auto& [one, other] = rules_.conflicts[i];
    const contact* c = fits(one, asked.action) ? last_sent(list, conflicts_[i].second) : nullptr;
    if (c == nullptr && fits(other, asked.action)) c = last_sent(list, conflicts_[i].first);
    if (c == nullptr) continue;
    return refusal{reason_code::conflict,
                   "'" + std::string(actions_[c->action]) + "' was sent on " + day_text(c->time) +
                       ", and the two do not go together within " +
                       days_text(rules_.conflict_days) + "."};
  }
  return std::nullopt;
}

// By the decision that both rows name; where one of them names none, by the action.
bool contact_book::redeemed(std::span<const contact> list, const contact& sent) const {
  const std::string_view decision = text_or_nothing(decision_, sent.row);
  return std::ranges::any_of(list, [&](const contact& c) {
    if (c.what != kind::redeemed || c.time < sent.time) return false;
    const std::string_view named = text_or_nothing(decision_, c.row);
    if (!decision.empty() && !named.empty()) return named == decision;
    return c.action == sent.action;
  });
}

std::optional<refusal> contact_book::check_open_benefit(std::uint32_t customer,
                                                        const gate_question& asked) const {
  if (until_ == nullptr || (asked.benefit <= 0 && asked.discount_share <= 0)) return std::nullopt;
  const auto list = of(customer);
  for (const contact& c : list) {
    if (c.what != kind::sent || !until_->present(c.row)) continue;
    const std::int64_t until = until_->integers()[c.row];
    if (until <= now_us_ || redeemed(list, c)) continue;
    return refusal{
        reason_code::benefit_open,
        "A benefit" +
            (actions_[c.action].empty() ? std::string()
                                        : " of '" + std::string(actions_[c.action]) + "'") +
            " sent on " + day_text(c.time) + " is still open until " + day_text(until) + "."};
  }
  return std::nullopt;
}

std::optional<refusal> contact_book::check_bounce(std::uint32_t customer,
                                                  std::string_view channel,
                                                  std::optional<std::int64_t> granted) const {
  for (const contact& c : of(customer)) {
    if (channels_[c.channel] != channel) continue;
    if (c.what == kind::bounced) {
      if (granted && *granted > c.time) return std::nullopt;
      return refusal{
          reason_code::channel_unreachable,
          "The last contact by " + std::string(channel) + " bounced on " + day_text(c.time) + "."};
    }
    if (c.what == kind::redeemed) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace clv::retention
