// Step 4 of the schema: what a service needs of its store. Who sent what up to where, models by
// number and alias, and which store this is.
#pragma once

#include <string_view>

namespace clv::store {

// A key that was answered is answered the same again: request_log keeps its counts and the hash of
// its rows, never the rows. sequence 0 is a request, 1, 2, ... are a stream's batches, of which the
// last few stay. rejects is [[row, column, reason], ...]: no value, so nothing of a customer.
// at_us 0: the sender gave no time. kept_answer holds whole answers (base64) of requests that did
// more than send rows, NULL where one held a customer who was forgotten since. A model's number
// counts fits, its run is when it was made; a run's model is the one it made or used, so that a
// receipt finds it after others were promoted. A run that was computed beside the writer is
// based_on an earlier one, and knows nothing of those between the two; NULL: on all before it.
inline constexpr std::string_view version_4 = R"sql(
CREATE TABLE stream_cursor(
  key      TEXT PRIMARY KEY CHECK(key <> ''),
  sequence INTEGER NOT NULL CHECK(sequence > 0),
  at_us    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE request_log(
  key        TEXT NOT NULL CHECK(key <> ''),
  sequence   INTEGER NOT NULL CHECK(sequence >= 0),
  body_hash  TEXT NOT NULL,
  accepted   INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  rejected   INTEGER NOT NULL,
  rejects    TEXT NOT NULL,
  at_us      INTEGER NOT NULL,
  PRIMARY KEY(key, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_log_at ON request_log(at_us) WHERE at_us > 0;

CREATE TABLE kept_answer(
  key       TEXT PRIMARY KEY CHECK(key <> ''),
  body_hash TEXT NOT NULL,
  answer    TEXT,
  made      INTEGER NOT NULL,
  at_us     INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_answer_at ON kept_answer(at_us) WHERE at_us > 0;

ALTER TABLE model ADD COLUMN number INTEGER;
ALTER TABLE model ADD COLUMN created_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE model ADD COLUMN retired INTEGER NOT NULL DEFAULT 0 CHECK(retired IN (0, 1));
UPDATE model SET number = (SELECT count(*) FROM model AS m WHERE m.run <= model.run);
CREATE UNIQUE INDEX model_number ON model(number);
ALTER TABLE run ADD COLUMN model INTEGER REFERENCES model(number);
ALTER TABLE run ADD COLUMN based_on INTEGER;
UPDATE run SET model = (SELECT max(m.number) FROM model AS m WHERE m.run <= run.seq)
  WHERE verb IN ('fit', 'score', 'decide');

CREATE TABLE model_alias(
  alias    TEXT PRIMARY KEY CHECK(alias <> ''),
  model    INTEGER NOT NULL REFERENCES model(number),
  etag     INTEGER NOT NULL CHECK(etag > 0),
  previous INTEGER REFERENCES model(number),
  set_us   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE store_identity(
  id       INTEGER PRIMARY KEY CHECK(id = 1),
  identity TEXT NOT NULL
) STRICT;
INSERT INTO store_identity VALUES(1, lower(hex(randomblob(16))));
)sql";

}  // namespace clv::store
