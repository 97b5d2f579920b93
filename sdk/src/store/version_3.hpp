// Step 3 of the schema: the support desk's facts.
#pragma once

#include <string_view>

namespace clv::store {

// As in step 2: the columns are those of the schemas of the same names, customer and identity are
// numbers of table customer. An identity is looked up by itself when its person is exported or
// forgotten. Agents are the host's staff and belong to no customer.
inline constexpr std::string_view version_3 = R"sql(
CREATE TABLE ticket_events(
  seq       INTEGER NOT NULL,
  ticket    TEXT NOT NULL,
  customer  INTEGER NOT NULL REFERENCES customer(id),
  time      INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  channel   TEXT,
  agent     TEXT,
  team      TEXT,
  category  TEXT,
  severity  TEXT,
  language  TEXT,
  skill     TEXT,
  subject   TEXT,
  length    REAL,
  minutes   REAL,
  outage    INTEGER,
  "into"    TEXT,
  automatic INTEGER,
  event_id  TEXT,
  source    INTEGER NOT NULL REFERENCES source(id),
  content   INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ticket_events_event ON ticket_events(source, event_id)
  WHERE event_id IS NOT NULL;

CREATE TABLE identities(
  seq      INTEGER NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id),
  identity INTEGER NOT NULL REFERENCES customer(id),
  time     INTEGER NOT NULL,
  kind     TEXT,
  linked   INTEGER NOT NULL,
  event_id TEXT,
  source   INTEGER NOT NULL REFERENCES source(id),
  content  INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX identities_event ON identities(source, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX identities_identity ON identities(identity, time);

CREATE TABLE agents(
  seq         INTEGER PRIMARY KEY,
  agent       TEXT NOT NULL UNIQUE,
  team        TEXT,
  skills      TEXT,
  languages   TEXT,
  channels    TEXT,
  calendar    TEXT,
  status      TEXT,
  until       INTEGER,
  max_tickets REAL,
  cost_hour   INTEGER,
  content     INTEGER NOT NULL
) STRICT;

CREATE TABLE clock_events(
  seq             INTEGER NOT NULL,
  ticket          TEXT NOT NULL,
  customer        INTEGER NOT NULL REFERENCES customer(id),
  time            INTEGER NOT NULL,
  clock           TEXT NOT NULL,
  kind            TEXT NOT NULL,
  due             INTEGER,
  started         INTEGER NOT NULL,
  elapsed_minutes REAL NOT NULL,
  target_minutes  REAL NOT NULL,
  agent           TEXT,
  policy          TEXT,
  event_id        TEXT,
  source          INTEGER NOT NULL REFERENCES source(id),
  content         INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX clock_events_event ON clock_events(source, event_id)
  WHERE event_id IS NOT NULL;

CREATE TABLE follow_ups(
  seq       INTEGER NOT NULL,
  follow_up TEXT NOT NULL,
  customer  INTEGER NOT NULL REFERENCES customer(id),
  time      INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  "trigger" TEXT,
  ticket    TEXT,
  owner     TEXT,
  due       INTEGER,
  reason    TEXT,
  event_id  TEXT,
  source    INTEGER NOT NULL REFERENCES source(id),
  content   INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX follow_ups_event ON follow_ups(source, event_id) WHERE event_id IS NOT NULL;
)sql";

}  // namespace clv::store
