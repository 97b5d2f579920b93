#include "store/fact_reader.hpp"

#include <algorithm>
#include <bit>

#include "store/attributes.hpp"

namespace clv::store {
namespace {

constexpr const char* by_evidence =
    " ORDER BY t.action, c.ext_id NULLS FIRST, t.segment NULLS FIRST";

std::string order_of(const fact_table& what) {
  if (what.kind == fact_kind::happened) return " ORDER BY c.ext_id, t.time, t.content, t.seq";
  if (what.kind == fact_kind::chained) return " ORDER BY t.seq";
  if (what.name == "customers") return " ORDER BY c.ext_id";
  return what.name == "agents" ? " ORDER BY t.agent" : by_evidence;
}

std::string rows_sql(const fact_table& what, bool one) {
  if (!one) return select_facts(what, fact_walk::all) + order_of(what);
  return select_facts(what, fact_walk::some) + " WHERE " + names_customer(what) + order_of(what);
}

}  // namespace

std::string names_customer(const fact_table& what) {
  if (what.name == "customers") return "(t.customer = ?1 OR t.merged_into = ?2)";
  if (what.name == "referrals") return "(t.customer = ?1 OR t.referee = ?1)";
  if (what.name == "identities") return "(t.customer = ?1 OR t.identity = ?1)";
  if (what.name == "ledger") {  // accounts are called as in report loyalty_ledger, or by the id
    return "(t.customer = ?1 OR t.\"from\" IN (?2, 'customer:' || ?2) OR "
           "t.\"to\" IN (?2, 'customer:' || ?2))";
  }
  return "t.customer = ?1";
}

// ---- reading

fact_reader::fact_reader(connection& db, const fact_table& what)
    : db_(&db),
      what_(&what),
      expected_(read_fact_state(db, what.name)),
      rows_(empty_facts(what, expected_.currency)),
      read_(what, rows_),
      select_(db, rows_sql(what, false)) {}

fact_reader::fact_reader(connection& db, const fact_table& what, const one_customer& whose)
    : db_(&db),
      what_(&what),
      whose_(whose),
      expected_(read_fact_state(db, what.name)),
      rows_(empty_facts(what, expected_.currency)),
      read_(what, rows_),
      select_(db, rows_sql(what, true)) {
  select_.bind(1, whose_->id);
  if (mentions_ids(what)) select_.bind(2, std::string_view(whose_->ext_id));
}

double fact_reader::read(std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    if (!select_.step()) {
      check();
      return 1.0;
    }
    push_fact(select_, *what_, rows_);
    const bool has_source = what_->kind == fact_kind::happened;
    const auto source = static_cast<int>(read_.fields().size()) + 1;
    const std::uint64_t hash = read_.hash(static_cast<std::size_t>(found_.rows),
                                          has_source ? select_.text(source) : std::string_view(),
                                          scratch_);
    ++found_.rows;
    // What a later row of the same event is compared with.
    if (std::bit_cast<std::uint64_t>(select_.integer(source - 1)) != hash) fail_row();
    found_.checksum += hash;
  }
  const double done = static_cast<double>(found_.rows) / static_cast<double>(expected_.rows + 1);
  return std::clamp(done, 0.0, 0.999);
}

void fact_reader::fail_row() const {
  throw error(status::corrupt,
              db_->label() + " is damaged: row " + std::to_string(found_.rows) + " of " +
                  std::string(what_->name) + " is not the one that was recorded",
              "restore the store from a backup");
}

void fact_reader::check() const {
  const bool whole = !whose_;  // the rows of one customer have no checksum of their own
  if (!whole || (found_.rows == expected_.rows && found_.checksum == expected_.checksum)) return;
  throw error(status::corrupt,
              db_->label() + " is damaged: the " + std::to_string(found_.rows) + " rows of " +
                  std::string(what_->name) + " do not add up to the checksum of the " +
                  std::to_string(expected_.rows) + " that were recorded",
              "restore the store from a backup");
}

std::shared_ptr<const table> fact_reader::take() {
  auto out = std::make_shared<table>();
  std::size_t f = 0;
  for (column& c : rows_.columns()) {
    const field& what = read_.fields()[f++];
    bool used = what.required || what_->kind == fact_kind::chained;
    for (std::size_t row = 0; !used && row < c.size(); ++row) used = c.present(row);
    if (used) out->columns().push_back(std::move(c));
  }
  if (what_->name == "customers") read_attributes(*db_, *out, whose_ ? whose_->id : 0);
  out->seal(what_->name);
  return out;
}

// ---- taking one customer out

namespace {

// Writes the one row of `now` over the stored row it came from.
void rewrite(connection& db,
             const fact_table& what,
             std::string_view where,
             std::int64_t key,
             const table& now) {
  const fact_rows rows(what, now);
  std::string scratch;
  const auto content = std::bit_cast<std::int64_t>(rows.hash(0, {}, scratch));
  const bool decided = what.kind == fact_kind::chained;
  statement s(db,
              "UPDATE " + quoted(what.name) +
                  (decided ? " SET content = ?, customer = NULL, receipt = NULL WHERE "
                           : " SET content = ?, merged_into = NULL WHERE ") +
                  std::string(where) + " = ?");
  s.bind(1, content).bind(2, key).run();
}

struct found_row {
  std::int64_t key;
  std::uint64_t content;
};

std::vector<found_row> find_rows(connection& db,
                                 const fact_table& what,
                                 const std::string& key,
                                 const std::string& where,
                                 const one_customer& whose) {
  statement s(db,
              "SELECT t." + key + ", t.content FROM " + quoted(what.name) + " AS t WHERE " + where);
  s.bind(1, whose.id);
  if (where.find("?2") != std::string::npos) s.bind(2, std::string_view(whose.ext_id));
  std::vector<found_row> rows;
  while (s.step()) rows.push_back({s.integer(0), std::bit_cast<std::uint64_t>(s.integer(1))});
  return rows;
}

// Clears what names the customer in rows that stay: a decision's receipt, a merge.
std::int64_t clear_rows(connection& db,
                        const fact_table& what,
                        const one_customer& whose,
                        fact_state& state) {
  const bool decided = what.kind == fact_kind::chained;
  const std::string key = decided ? "seq" : "customer";
  const std::string where = decided ? "t.customer = ?1" : "t.merged_into = ?2 AND t.customer <> ?1";
  const std::vector<found_row> rows = find_rows(db, what, key, where, whose);
  statement row_of(db, select_facts(what, fact_walk::some) + " WHERE t." + key + " = ?");
  for (const found_row& r : rows) {
    table row = empty_facts(what, {});
    row_of.bind(1, r.key).step();
    push_fact(row_of, what, row);
    row_of.reset();
    if (decided) {
      *row.find("customer") = column("customer", type::utf8);
      row.find("customer")->push(std::string_view());
    }
    const char* cleared = decided ? "receipt" : "merged_into";
    *row.find(cleared) = column(cleared, type::utf8);
    row.find(cleared)->push_absent();
    std::string scratch;
    state.checksum += fact_rows(what, row).hash(0, {}, scratch) - r.content;
    rewrite(db, what, key, r.key, row);
  }
  return static_cast<std::int64_t>(rows.size());
}

}  // namespace

bool mentions_ids(const fact_table& what) {
  return names_customer(what).find("?2") != std::string::npos;
}

std::int64_t erase_facts(connection& db, const fact_table& what, const one_customer& whose) {
  fact_state state = read_fact_state(db, what.name);
  std::int64_t erased = 0;
  if (what.kind == fact_kind::chained || what.name == "customers") {
    erased += clear_rows(db, what, whose, state);
  }
  if (what.kind != fact_kind::chained) {
    const bool own = what.name == "customers";
    const std::string where = own ? "t.customer = ?1" : names_customer(what);
    for (const found_row& r : find_rows(db, what, own ? "customer" : "seq", where, whose)) {
      state.checksum -= r.content;
      --state.rows;
      ++erased;
    }
    statement remove(db, "DELETE FROM " + quoted(what.name) + " AS t WHERE " + where);
    remove.bind(1, whose.id);
    if (where.find("?2") != std::string::npos) remove.bind(2, std::string_view(whose.ext_id));
    remove.run();
  }
  if (erased > 0) write_fact_state(db, what.name, state);
  return erased;
}

}  // namespace clv::store
