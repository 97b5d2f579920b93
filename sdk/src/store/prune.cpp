#include "store/prune.hpp"

#include <algorithm>
#include <array>

#include "store/transactions.hpp"

namespace clv::store {
namespace {

constexpr std::size_t rows_at_once = 4096;
constexpr std::size_t customers_at_once = 64;

struct rule {
  std::string_view table;
  std::string_view whole_by;  // "": row by row
  std::string_view kept_why;  // "": may be pruned
};
constexpr std::array rules{
    rule{"contacts", "", ""},
    rule{"outcomes", "", ""},
    rule{"touches", "", ""},
    rule{"feedback", "", ""},
    rule{"costs", "", ""},
    rule{"referrals", "", ""},
    rule{"ticket_events", "ticket", ""},
    rule{"clock_events", "ticket", ""},
    rule{"follow_ups", "follow_up", ""},
    rule{"consent", "", "an old refusal still holds"},
    rule{"ledger", "", "balances are the sum of all bookings"},
    rule{"identities", "", "an old link still holds"},
    rule{"customers", "", "it holds what is known now, not events"},
    rule{"evidence", "", "it holds what is known now, not events"},
    rule{"agents", "", "it holds what is known now, not events"},
    rule{"decision_log", "", "the chain of receipts has no gaps"},
};

const rule& rule_of(std::string_view table) {
  const auto found = std::ranges::find(rules, table, &rule::table);
  if (found == rules.end()) {
    throw error(status::not_found,
                "there is no recorded table '" + std::string(table) + "' to prune",
                "transactions, contacts, outcomes, touches, feedback, costs, referrals, "
                "ticket_events, clock_events or follow_ups");
  }
  if (found->kept_why.empty()) return *found;
  throw error(status::invalid,
              "'" + std::string(table) + "' is not pruned: " + std::string(found->kept_why),
              "forget the customers it is about instead");
}

std::string find_sql(const rule& r) {
  const std::string table = quoted(r.table), key = quoted(r.whole_by);
  const std::string old = "SELECT customer, time, seq, content FROM " + table + " WHERE time < ?1";
  if (r.whole_by.empty()) return old;
  return old + " AND " + key + " NOT IN (SELECT " + key + " FROM " + table + " WHERE time >= ?1)";
}

constexpr std::string_view old_customers =
    "SELECT c.id FROM customer AS c WHERE "
    "(SELECT max(t.occurred_us) FROM txn AS t WHERE t.customer = c.id) < ?1";

// "no row of any table names this customer": each lookup is by an index.
std::string orphan_sql() {
  std::string sql =
      "DELETE FROM customer WHERE id = ?1"
      " AND NOT EXISTS(SELECT 1 FROM txn WHERE customer = ?1)"
      " AND NOT EXISTS(SELECT 1 FROM attribute WHERE customer = ?1)";
  for (const fact_table& what : fact_tables()) {
    for (const field& f : find_schema(what.name).fields) {
      if (!names_a_customer(f)) continue;
      sql += " AND NOT EXISTS(SELECT 1 FROM " + quoted(what.name) + " WHERE " + quoted(f.name) +
             " = ?1)";
    }
  }
  return sql;
}

}  // namespace

pruner::pruner(connection& db, std::string_view table, std::int64_t before_us) : db_(&db) {
  if (table == "transactions") {
    find_ = statement(db, old_customers);
  } else {
    const rule& r = rule_of(table);
    what_ = find_fact_table(table);
    find_ = statement(db, find_sql(r));
    remove_ = statement(
        db, "DELETE FROM " + quoted(table) + " WHERE customer = ? AND time = ? AND seq = ?");
  }
  find_.bind(1, before_us);
  orphan_ = statement(db, orphan_sql());
}

double pruner::find() {
  for (std::size_t i = 0; i < rows_at_once; ++i) {
    if (!find_.step()) {
      find_.reset();
      std::ranges::sort(customers_);
      customers_.erase(std::unique(customers_.begin(), customers_.end()), customers_.end());
      return 1.0;
    }
    const std::int64_t customer = find_.integer(0);
    if (customers_.empty() || customers_.back() != customer) customers_.push_back(customer);
    if (of_log()) continue;
    found_.push_back({customer,
                      find_.integer(1),
                      find_.integer(2),
                      static_cast<std::uint64_t>(find_.integer(3))});
  }
  return 0.5;
}

void pruner::erase_event(const event& e) {
  remove_.bind(1, e.customer).bind(2, e.time).bind(3, e.seq).run();
  state_->checksum -= e.content;
  --state_->rows;
  ++rows_;
}

void pruner::erase_orphan(std::int64_t customer) {
  orphan_.bind(1, customer).run();
}

double pruner::done(std::size_t of_all) const {
  return of_all == 0 ? 1.0 : static_cast<double>(next_) / static_cast<double>(of_all);
}

// The facts first, then the customers; of the log both at once.
double pruner::erase() {
  const std::size_t all = found_.size() + customers_.size();
  if (!of_log() && !state_) state_ = read_fact_state(*db_, what_->name);
  for (std::size_t i = 0; i < rows_at_once && next_ < found_.size(); ++i) {
    erase_event(found_[next_++]);
    if (next_ == found_.size()) write_fact_state(*db_, what_->name, *state_);
  }
  if (next_ < found_.size()) return done(all);
  for (std::size_t i = 0; i < customers_at_once && next_ < all; ++i, ++next_) {
    const std::int64_t customer = customers_[next_ - found_.size()];
    if (of_log()) rows_ += erase_from_log(*db_, customer);
    erase_orphan(customer);
  }
  return done(all);
}

void wipe_deleted(connection& db, bool wipe) {
  if (db.handle() == nullptr) return;
  db.execute(wipe ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = FAST");
}

void empty_log(connection& db) {
  if (db.handle() != nullptr) db.integer("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace clv::store
