#include "retention/gate/gatekeeper.hpp"

#include <algorithm>
#include <limits>

#include "clv/error.hpp"
#include "retention/gate/consent_book.hpp"
#include "retention/gate/contact_book.hpp"
#include "retention/gate/customer_facts.hpp"
#include "retention/gate/money_rules.hpp"
#include "retention/gate/people.hpp"
#include "retention/gate/quiet_clock.hpp"

namespace clv::retention {
namespace {

const table* find(const decision_facts& facts, std::string_view name) {
  const auto found = facts.find(name);
  return found == facts.end() ? nullptr : found->second.get();
}

bool among(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

void check_possible(const policy& rules, const decision_facts& facts, std::int64_t now_us) {
  if (rules.needs_time() && now_us == 0) {
    throw error(status::invalid,
                "the policy has rules that look at the time of the decision, and none is given",
                "give now_us");
  }
  if (!rules.consent.empty() && find(facts, "consent") == nullptr) {
    throw error(status::invalid,
                "the policy asks for consent, and there is no table 'consent'",
                "give the table, empty if nobody consented; or take 'consent' out of the policy");
  }
}

std::optional<quiet_clock> clock_of(const policy& rules, std::int64_t now_us) {
  return rules.quiet ? std::optional(quiet_clock(*rules.quiet, now_us)) : std::nullopt;
}

// What a check knows of its question beforehand.
struct question {
  const gate_question& asked;
  std::uint32_t customer;
  bool exempt;
};

}  // namespace

struct gatekeeper::impl {
  std::shared_ptr<const policy> rules;
  decision_facts facts;  // the tables that the books below read from
  std::optional<quiet_clock> clock;
  people who;
  customer_facts customers;
  contact_book contacts;
  consent_book consents;
  money_rules money;

  impl(std::shared_ptr<const policy> given,
       decision_facts known,
       std::int64_t now_us,
       const money_words& words)
      : rules(std::move(given)),
        facts(std::move(known)),
        clock(clock_of(*rules, now_us)),
        customers(find(facts, "customers"), clock ? &*clock : nullptr, who),
        contacts(find(facts, "contacts"), *rules, customers, now_us, who),
        consents(find(facts, "consent"),
                 contacts.unsubscribed(),
                 customers,
                 now_us == 0 ? std::numeric_limits<std::int64_t>::max() : now_us,
                 who),
        money(find(facts, "customers"), *rules, words) {}

  std::optional<refusal> law(const question& q, std::span<const veto> vetoes) const;
  std::optional<refusal> vetoed(const question& q, std::span<const veto> vetoes) const;
  std::optional<refusal> reach(const question& q) const;
  std::optional<refusal> reading(const question& q) const;
  const std::string* forbidden_in(std::string_view reads) const;
  std::optional<refusal> pace(const question& q) const;
  std::optional<refusal> supply(const question& q) const;
  std::optional<refusal> cash(const question& q) const;
};

// Erased and merged, consent, holds, complaints, vetoes.
std::optional<refusal> gatekeeper::impl::law(const question& q,
                                             std::span<const veto> vetoes) const {
  if (auto no = customers.gone(q.customer)) return no;
  if (!q.exempt) {
    const bool required = among(rules->consent, q.asked.channel);
    if (auto no = consents.check(q.customer, q.asked.channel, q.asked.category, required)) {
      return no;
    }
  }
  if (auto no = customers.held(q.customer)) return no;
  if (q.asked.category == "marketing") {
    if (auto no = customers.complaining(q.customer)) return no;
  }
  return q.exempt ? std::nullopt : vetoed(q, vetoes);
}

std::optional<refusal> gatekeeper::impl::vetoed(const question& q,
                                                std::span<const veto> vetoes) const {
  for (const veto& v : vetoes) {
    if (!v.category.empty() && v.category != q.asked.category) continue;
    if (v.plugin == q.asked.plugin) continue;  // it objects to the others
    return refusal{reason_code::vetoed,
                   "Plugin '" + std::string(v.plugin) + "' objects: " + std::string(v.reason)};
  }
  return std::nullopt;
}

std::optional<refusal> gatekeeper::impl::reach(const question& q) const {
  if (auto no = customers.unreachable(q.customer, q.asked.channel)) return no;
  if (auto no = contacts.check_bounce(
          q.customer, q.asked.channel, consents.granted(q.customer, q.asked.channel))) {
    return no;
  }
  const std::uint32_t zone = customers.zone(q.customer);
  if (q.exempt || !clock || !clock->quiet(q.asked.channel, zone)) return std::nullopt;
  return refusal{reason_code::channel_unreachable, clock->why(q.asked.channel, zone)};
}

// The policy may leave out the "attr." of an attribute.
const std::string* gatekeeper::impl::forbidden_in(std::string_view reads) const {
  for (const std::string& column : rules->protected_columns) {
    const bool read = any_item(reads, [&](std::string_view item) {
      if (item == column) return true;
      return item.starts_with("attr.") && item.substr(5) == column;
    });
    if (read) return &column;
  }
  return nullptr;
}

std::optional<refusal> gatekeeper::impl::reading(const question& q) const {
  const std::string* column = forbidden_in(q.asked.reads);
  if (column == nullptr) return std::nullopt;
  return refusal{reason_code::protected_attribute,
                 "Plugin '" + std::string(q.asked.plugin) + "' reads '" + *column +
                     "', which no decision may look at."};
}

std::optional<refusal> gatekeeper::impl::pace(const question& q) const {
  if (!q.exempt) {
    if (auto no = contacts.check_pace(q.customer, q.asked)) return no;
  }
  if (auto no = contacts.check_conflict(q.customer, q.asked)) return no;
  return rules->one_open_benefit ? contacts.check_open_benefit(q.customer, q.asked) : std::nullopt;
}

std::optional<refusal> gatekeeper::impl::supply(const question& q) const {
  for (const named_limit& counter : rules->stock) {
    if (counter.name != q.asked.resource || counter.limit > 0) continue;
    const bool seats = counter.name.starts_with("seats.");
    return refusal{seats ? reason_code::no_seats : reason_code::no_stock,
                   "Nothing is left of '" + counter.name + "'."};
  }
  if (!among(rules->suspended, q.asked.plugin)) return std::nullopt;
  return refusal{reason_code::plugin_suspended,
                 "The policy suspends plugin '" + std::string(q.asked.plugin) + "' for now."};
}

std::optional<refusal> gatekeeper::impl::cash(const question& q) const {
  const std::uint32_t row = customers.row(q.customer);
  if (auto no = money.check_floor(row, q.asked)) return no;
  if (auto no = money.check_deal_seeker(row, q.asked)) return no;
  return money.check_worst_case(q.asked);
}

gatekeeper::gatekeeper(std::shared_ptr<const policy> rules,
                       decision_facts facts,
                       std::int64_t now_us,
                       money_words money) {
  check_possible(*rules, facts, now_us);
  impl_ = std::make_unique<impl>(std::move(rules), std::move(facts), now_us, money);
}

gatekeeper::~gatekeeper() = default;

std::optional<refusal> gatekeeper::check(std::string_view customer,
                                         const gate_question& asked,
                                         std::span<const veto> vetoes) const {
  const question q{asked, impl_->who.find(customer), among(impl_->rules->exempt, asked.category)};
  if (auto no = impl_->law(q, vetoes)) return no;
  if (auto no = impl_->reach(q)) return no;
  if (auto no = impl_->reading(q)) return no;
  if (auto no = impl_->pace(q)) return no;
  if (auto no = impl_->supply(q)) return no;
  return impl_->cash(q);
}

bool gatekeeper::hears(std::string_view plugin, std::string_view reads) const {
  return !among(impl_->rules->suspended, plugin) && impl_->forbidden_in(reads) == nullptr;
}

}  // namespace clv::retention
