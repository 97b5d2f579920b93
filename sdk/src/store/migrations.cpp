#include "store/migrations.hpp"

#include <array>

#include "math/hash.hpp"
#include "store/version_2.hpp"
#include "store/version_3.hpp"
#include "store/version_4.hpp"

namespace clv::store {
namespace {

// txn is clustered by (customer, occurred_us): a fit reads the log in one sequential walk. event is
// the key of what came with an id, apart from txn because a batch fills it in the order of the ids;
// as an index of txn it would be filled in the order of customers, at a tenth of the speed. content
// is the hash of the row, so that a batch sent twice is recognised without looking up each row.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE schema_migration(
  version INTEGER PRIMARY KEY,
  hash    TEXT NOT NULL
) STRICT;

CREATE TABLE customer(
  id     INTEGER PRIMARY KEY,
  ext_id TEXT NOT NULL UNIQUE CHECK(ext_id <> '')
) STRICT;

CREATE TABLE source(
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE txn(
  customer     INTEGER NOT NULL REFERENCES customer(id),
  occurred_us  INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency     TEXT NOT NULL CHECK(length(currency) = 3),
  kind         TEXT CHECK(kind IN ('purchase', 'refund')),
  source       INTEGER NOT NULL REFERENCES source(id),
  event_id     TEXT,
  PRIMARY KEY(customer, occurred_us, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE event(
  source      INTEGER NOT NULL,
  event_id    TEXT NOT NULL,
  customer    INTEGER NOT NULL,
  occurred_us INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  content     INTEGER NOT NULL,
  PRIMARY KEY(source, event_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW transactions AS
  SELECT c.ext_id AS customer, t.occurred_us, t.amount_minor, t.currency, t.kind,
         s.name AS source, t.event_id
  FROM txn AS t JOIN customer AS c ON c.id = t.customer JOIN source AS s ON s.id = t.source;

CREATE TABLE log_state(
  id       INTEGER PRIMARY KEY CHECK(id = 1),
  row_count INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
INSERT INTO log_state VALUES(1, 0, 0, 0);

CREATE TABLE run(
  seq         INTEGER PRIMARY KEY,
  verb        TEXT NOT NULL,
  fingerprint TEXT NOT NULL
) STRICT;
CREATE INDEX run_verb ON run(verb, seq);

CREATE TABLE stored_table(
  name        TEXT PRIMARY KEY,
  run         INTEGER NOT NULL REFERENCES run(seq),
  row_count   INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  checksum    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stored_column(
  table_name TEXT NOT NULL REFERENCES stored_table(name) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  name       TEXT NOT NULL,
  type       TEXT NOT NULL CHECK(type IN ('i64', 'f64', 'time', 'money', 'utf8')),
  unit       TEXT NOT NULL,
  PRIMARY KEY(table_name, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE negative_zero(
  table_name TEXT NOT NULL REFERENCES stored_table(name) ON DELETE CASCADE,
  row_id     INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  PRIMARY KEY(table_name, row_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE model(
  run              INTEGER PRIMARY KEY REFERENCES run(seq),
  name             TEXT NOT NULL,
  data_fingerprint TEXT NOT NULL,
  json             TEXT NOT NULL
) STRICT;
)sql";

constexpr std::array all{migration{1, version_1},
                         migration{2, version_2},
                         migration{3, version_3},
                         migration{4, version_4}};

void apply(connection& db, const migration& m) {
  transaction all_or_nothing(db);
  db.execute(std::string(m.sql));
  const std::string hash = hash_of(m);
  statement(db, "INSERT INTO schema_migration(version, hash) VALUES(?, ?)")
      .bind(1, m.version)
      .bind(2, std::string_view(hash))
      .run();
  if (db.handle() != nullptr) {  // a file says so itself
    db.execute("PRAGMA application_id = " + std::to_string(application_id));
    db.execute("PRAGMA user_version = " + std::to_string(m.version));
  }
  all_or_nothing.commit();
}

}  // namespace

std::span<const migration> migrations() {
  return all;
}

std::string hash_of(const migration& m) {
  math::fingerprint_builder builder;
  builder.add(m.sql);
  return builder.hex();
}

void verify_applied(connection& db, std::span<const migration> steps, std::int64_t version) {
  statement applied(db, "SELECT hash FROM schema_migration WHERE version = ?");
  for (const migration& m : steps) {
    if (m.version > version) break;
    applied.bind(1, m.version);
    if (!applied.step() || applied.text(0) != hash_of(m)) {
      throw error(status::corrupt,
                  db.label() + " is damaged or was written by an unreleased build: step " +
                      std::to_string(m.version) + " of its schema is not the one of this libclv",
                  "import the transactions into a new file");
    }
    applied.reset();
  }
}

std::int64_t schema_version(connection& db) {
  if (db.handle() != nullptr) return db.integer("PRAGMA user_version");
  if (db.rep().count_tables("schema_migration") == 0) return 0;
  return db.integer("SELECT ifnull(max(version), 0) FROM schema_migration");
}

void migrate(connection& db, std::span<const migration> steps) {
  const std::int64_t version = schema_version(db);
  if (version > 0) verify_applied(db, steps, version);
  for (const migration& m : steps) {
    if (m.version > version) apply(db, m);
  }
}

}  // namespace clv::store
