#include "store/store_check.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "store/attributes.hpp"
#include "store/migrations.hpp"

namespace clv::store {
namespace {

constexpr std::size_t rows_at_once = 4096;
constexpr int instructions_between_looks = 10000;  // of SQLite's machine: some microseconds
constexpr std::size_t most_told = 5;               // findings of one check

int is_cancelled(void* flag) {
  return static_cast<const std::atomic<bool>*>(flag)->load(std::memory_order_relaxed) ? 1 : 0;
}

[[noreturn]] void fail_damaged(const std::string& what) {
  throw error(status::corrupt, what);
}

// The rows of a statement are findings, of which the first few are told.
double tell_rows(connection& db, const std::string& sql, const std::string& but_for) {
  statement s(db, sql);
  std::string told;
  std::size_t found = 0;
  while (s.step()) {
    const std::string line(s.text(0));
    if (line == but_for || ++found > most_told) continue;
    told += (told.empty() ? "" : "; ") + line;
  }
  if (found > most_told) told += "; and more";
  if (found > 0) fail_damaged(told);
  return 1.0;
}

constexpr const char* broken_references =
    "SELECT \"table\" || ' row ' || ifnull(rowid, '?') || ' refers to a ' || parent || "
    "' that does not exist' FROM pragma_foreign_key_check";
constexpr const char* events_and_rows =
    "SELECT n || ' events have no transaction' FROM (SELECT count(*) AS n FROM event AS e "
    "LEFT JOIN txn AS t USING(customer, occurred_us, seq) WHERE t.seq IS NULL OR "
    "t.source <> e.source OR t.event_id IS NOT e.event_id) WHERE n > 0 UNION ALL "
    "SELECT 'transactions with an event id are ' || t || ', events are ' || e FROM "
    "(SELECT count(*) AS t FROM txn WHERE event_id IS NOT NULL), "
    "(SELECT count(*) AS e FROM event) WHERE t <> e";

}  // namespace

store_check::store_check(connection& db, const std::atomic<bool>* cancelled) : db_(&db) {
  // The flag is written by another thread at most; SQLite only passes the pointer on.
  auto* flag = const_cast<std::atomic<bool>*>(cancelled);
  if (flag != nullptr) {
    sqlite3_progress_handler(db.handle(), instructions_between_looks, is_cancelled, flag);
  }
  snapshot_.emplace(db, transaction::purpose::read);
  add_structure();
  add_log();
  add_facts();
  add_derived();
}

store_check::~store_check() {
  sqlite3_progress_handler(db_->handle(), 0, nullptr, nullptr);
}

void store_check::add(std::string name, std::function<double()> more) {
  checks_.push_back({std::move(name), std::move(more)});
}

// A store of an older schema has fewer tables.
bool store_check::has(std::string_view table) {
  statement s(*db_, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  return s.bind(1, table).step();
}

void store_check::add_structure() {
  add("structure", [this] { return tell_rows(*db_, "PRAGMA integrity_check", "ok"); });
  add("schema", [this] {
    verify_applied(*db_, migrations(), db_->integer("PRAGMA user_version"));
    return 1.0;
  });
  add("references", [this] { return tell_rows(*db_, broken_references, {}); });
  add("events", [this] { return tell_rows(*db_, events_and_rows, {}); });
}

void store_check::add_log() {
  add("transactions", [this] {
    if (!log_) log_.emplace(*db_, log_reader::purpose::for_check);
    const double done = log_->read(rows_at_once);
    if (done < 1.0) return done;
    events_checksum_ = log_->events_checksum();
    log_.reset();
    return 1.0;
  });
  add("event_content", [this] {
    statement contents(*db_, "SELECT content FROM event");
    std::uint64_t found = 0;
    while (contents.step()) found += static_cast<std::uint64_t>(contents.integer(0));
    if (events_checksum_ && found != *events_checksum_) {
      fail_damaged("the hashes of the events are not those of their transactions");
    }
    return 1.0;
  });
}

void store_check::add_facts() {
  for (const fact_table& what : fact_tables()) {
    add(std::string(what.name), [this, &what] {
      if (!has(what.name)) return 1.0;
      if (!facts_) facts_.emplace(*db_, what);
      if (facts_->read(rows_at_once) < 1.0) return 0.5;
      facts_->take();  // of customers this reads their attributes, too
      facts_.reset();
      return 1.0;
    });
  }
}

void store_check::add_derived() {
  std::vector<std::string> names;
  try {
    statement s(*db_, "SELECT name FROM stored_table ORDER BY name");
    while (s.step()) names.emplace_back(s.text(0));
  } catch (const error& e) {
    if (e.details().code != status::corrupt) throw;
    lines_.push_back({"stored_table", e.what()});
  }
  for (const std::string& name : names) {
    add(name, [this, name] {
      if (!derived_) derived_.emplace(*db_, name);
      const double done = derived_->read(rows_at_once);
      if (done >= 1.0) derived_.reset();
      return done;
    });
  }
}

double store_check::step() {
  if (next_ == checks_.size()) return 1.0;
  const open_check& now = checks_[next_];
  double done = 1.0;
  try {
    done = now.advance();
    if (done >= 1.0) lines_.push_back({now.name, ""});
  } catch (const error& e) {
    if (e.details().code != status::corrupt) throw;
    lines_.push_back({now.name, e.what()});
    log_.reset();
    facts_.reset();
    derived_.reset();
    done = 1.0;
  }
  if (done >= 1.0) ++next_;
  const double inside = done >= 1.0 ? 0.0 : done;
  return (static_cast<double>(next_) + inside) / static_cast<double>(checks_.size());
}

std::string first_damage(const std::vector<check_line>& lines) {
  const auto found =
      std::ranges::find_if(lines, [](const check_line& l) { return !l.damage.empty(); });
  return found == lines.end() ? std::string() : found->check + ": " + found->damage;
}

std::vector<std::pair<std::string, std::int64_t>> count_rows(connection& db) {
  std::vector<std::pair<std::string, std::int64_t>> counts;
  statement names(db,
                  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
                  "'sqlite_%' ORDER BY name");
  while (names.step()) counts.emplace_back(names.text(0), 0);
  for (auto& [name, rows] : counts) {
    rows = db.integer("SELECT count(*) FROM " + quoted(name));
  }
  return counts;
}

}  // namespace clv::store
