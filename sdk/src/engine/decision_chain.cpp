#include "engine/decision_chain.hpp"

#include <memory>

#include "retention/deciding/chain.hpp"

namespace clv::detail {
namespace {

constexpr int rows_at_once = 1024;

bool has_decisions(store::connection& db) {
  return db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'decision_log'") > 0;
}

}  // namespace

void decision_chain::fail(const char* why) const {
  throw error(
      status::corrupt,
      db_->label() + " is damaged: row " + std::to_string(row_) + " of decision_log: " + why);
}

// A forgotten customer's receipt is gone and its hash stays; the first row may continue a chain
// that began elsewhere.
void decision_chain::follow() {
  store::statement& s = *rows_;
  ++row_;
  const std::string previous(s.text(0)), hash(s.text(1)), chained(s.text(2));
  if (row_ > 1 && previous != before_) fail("it does not follow the decision above");
  if (!s.is_null(3) && retention::hash_of_receipt(s.text(3)) != hash) {
    fail("the receipt was changed: its hash is another");
  }
  if (retention::next_link(previous, hash).chain_hash != chained) fail("the hashes do not fit");
  before_ = chained;
}

double decision_chain::step() {
  if (!has_decisions(*db_)) return 1.0;
  if (!rows_) {
    rows_.emplace(*db_,
                  "SELECT prev_hash, receipt_hash, chain_hash, receipt FROM decision_log "
                  "ORDER BY seq");
  }
  for (int i = 0; i < rows_at_once; ++i) {
    if (!rows_->step()) return 1.0;
    follow();
  }
  return 0.5;
}

void add_decision_chain(store::store_check& all, store::connection& db) {
  const auto chain = std::make_shared<decision_chain>(db);
  all.add("decision_chain", [chain] { return chain->step(); });
}

}  // namespace clv::detail
