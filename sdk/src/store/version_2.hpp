// Step 2 of the schema: recorded facts, the log of decisions, and who was forgotten.
#pragma once

#include <string_view>

namespace clv::store {

// The columns are those of the schemas of the same names (facts_test compares them); customer and
// referee are numbers of table customer, which is the only place of an id. seq counts what was ever
// recorded; content is the hash of a row, so that one sent twice is recognised and a changed value
// is noticed. What happened to a customer is clustered by customer and time, as the log is.
inline constexpr std::string_view version_2 = R"sql(
CREATE TABLE customers(
  customer               INTEGER PRIMARY KEY REFERENCES customer(id),
  merged_into            TEXT,
  erased                 INTEGER,
  legal_hold             INTEGER,
  complaint_open         INTEGER,
  unreachable            TEXT,
  time_zone              TEXT,
  tags                   TEXT,
  orders                 REAL,
  discounted_orders      REAL,
  order_value            INTEGER,
  order_cost             INTEGER,
  order_shipping         INTEGER,
  running_discount       REAL,
  days_since_order       REAL,
  last_order_delivered   INTEGER,
  open_tickets           REAL,
  ticket_severity        REAL,
  days_since_resolution  REAL,
  sla_breached           INTEGER,
  csat                   REAL,
  nps                    REAL,
  days_since_feedback    REAL,
  survey_sent            INTEGER,
  ticket_cost            INTEGER,
  cart_value             INTEGER,
  shipping_threshold     INTEGER,
  shipping_cost          INTEGER,
  renewal_days           REAL,
  p_renew                REAL,
  contract_value         INTEGER,
  plan_use               REAL,
  margin_year            INTEGER,
  service_cost_year      INTEGER,
  launch                 TEXT,
  next_category          TEXT,
  next_category_p        REAL,
  next_category_margin   INTEGER,
  next_category_support  REAL,
  next_category_lift_low REAL,
  tier                   TEXT,
  tier_points            REAL,
  tier_gap               REAL,
  tier_review            INTEGER,
  tier_margin_gain       INTEGER,
  referral_value         INTEGER,
  referrals_pending      REAL,
  second_order_day       REAL,
  content                INTEGER NOT NULL
) STRICT;

CREATE TABLE attribute_column(
  name TEXT PRIMARY KEY CHECK(name <> ''),
  type TEXT NOT NULL CHECK(type IN ('i64', 'f64', 'time', 'money', 'utf8')),
  unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attribute(
  name     TEXT NOT NULL REFERENCES attribute_column(name),
  customer INTEGER NOT NULL REFERENCES customer(id),
  value    ANY NOT NULL,
  PRIMARY KEY(customer, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE consent(
  seq      INTEGER NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id),
  channel  TEXT NOT NULL,
  purpose  TEXT,
  time     INTEGER NOT NULL,
  granted  INTEGER NOT NULL,
  event_id TEXT,
  source   INTEGER NOT NULL REFERENCES source(id),
  content  INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX consent_event ON consent(source, event_id) WHERE event_id IS NOT NULL;

CREATE TABLE contacts(
  seq           INTEGER NOT NULL,
  customer      INTEGER NOT NULL REFERENCES customer(id),
  time          INTEGER NOT NULL,
  channel       TEXT NOT NULL,
  kind          TEXT NOT NULL,
  category      TEXT,
  plugin        TEXT,
  action        TEXT,
  benefit       INTEGER,
  benefit_until INTEGER,
  decision_id   TEXT,
  event_id      TEXT,
  source        INTEGER NOT NULL REFERENCES source(id),
  content       INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX contacts_event ON contacts(source, event_id) WHERE event_id IS NOT NULL;

CREATE TABLE outcomes(
  seq         INTEGER NOT NULL,
  decision_id TEXT NOT NULL,
  customer    INTEGER NOT NULL REFERENCES customer(id),
  time        INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  value       REAL NOT NULL,
  event_id    TEXT,
  source      INTEGER NOT NULL REFERENCES source(id),
  content     INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outcomes_event ON outcomes(source, event_id) WHERE event_id IS NOT NULL;

CREATE TABLE touches(
  seq      INTEGER NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id),
  time     INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  channel  TEXT,
  weight   REAL,
  event_id TEXT,
  source   INTEGER NOT NULL REFERENCES source(id),
  content  INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX touches_event ON touches(source, event_id) WHERE event_id IS NOT NULL;

CREATE TABLE feedback(
  seq      INTEGER NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id),
  time     INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  score    REAL NOT NULL,
  scale    REAL,
  topics   TEXT,
  ticket   TEXT,
  agent    TEXT,
  event_id TEXT,
  source   INTEGER NOT NULL REFERENCES source(id),
  content  INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX feedback_event ON feedback(source, event_id) WHERE event_id IS NOT NULL;

CREATE TABLE costs(
  seq      INTEGER NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id),
  time     INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  amount   INTEGER NOT NULL,
  event_id TEXT,
  source   INTEGER NOT NULL REFERENCES source(id),
  content  INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX costs_event ON costs(source, event_id) WHERE event_id IS NOT NULL;

CREATE TABLE referrals(
  seq      INTEGER NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id),
  referee  INTEGER NOT NULL REFERENCES customer(id),
  time     INTEGER NOT NULL,
  kind     TEXT,
  reward   INTEGER,
  event_id TEXT,
  source   INTEGER NOT NULL REFERENCES source(id),
  content  INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX referrals_event ON referrals(source, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX referrals_referee ON referrals(referee);

CREATE TABLE ledger(
  seq      INTEGER NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id),
  time     INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  "from"   TEXT NOT NULL,
  "to"     TEXT NOT NULL,
  points   INTEGER NOT NULL,
  lot      TEXT,
  expires  INTEGER,
  "order"  TEXT,
  event_id TEXT,
  source   INTEGER NOT NULL REFERENCES source(id),
  content  INTEGER NOT NULL,
  PRIMARY KEY(customer, time, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ledger_event ON ledger(source, event_id) WHERE event_id IS NOT NULL;

CREATE TABLE evidence(
  seq         INTEGER PRIMARY KEY,
  action      TEXT NOT NULL,
  customer    INTEGER REFERENCES customer(id),
  segment     TEXT,
  effect_mean REAL NOT NULL,
  effect_sd   REAL NOT NULL,
  n           REAL,
  level       TEXT NOT NULL,
  policy      TEXT,
  content     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX evidence_key ON evidence(action, ifnull(customer, 0), ifnull(segment, ''));
CREATE INDEX evidence_customer ON evidence(customer) WHERE customer IS NOT NULL;

CREATE TABLE decision_log(
  seq             INTEGER PRIMARY KEY,
  decision_id     TEXT NOT NULL,
  run             INTEGER NOT NULL,
  time            INTEGER NOT NULL,
  customer        INTEGER REFERENCES customer(id),
  segment         TEXT,
  arm             TEXT NOT NULL,
  reason_code     TEXT NOT NULL,
  plugin          TEXT,
  action          TEXT,
  withheld        TEXT,
  channel         TEXT,
  category        TEXT,
  propensity      REAL NOT NULL,
  p0              REAL,
  effect_mean     REAL,
  effect_sd       REAL,
  benefit         REAL,
  cannibalisation REAL,
  net             REAL,
  cost            REAL,
  evidence        TEXT,
  receipt         TEXT,
  receipt_hash    TEXT NOT NULL,
  prev_hash       TEXT NOT NULL,
  chain_hash      TEXT NOT NULL,
  content         INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_log_customer ON decision_log(customer);

CREATE TABLE decide_run(
  run     INTEGER PRIMARY KEY REFERENCES run(seq),
  options TEXT NOT NULL,
  inputs  TEXT NOT NULL
) STRICT;

CREATE TABLE fact_state(
  name      TEXT PRIMARY KEY,
  row_count INTEGER NOT NULL,
  last_seq  INTEGER NOT NULL,
  checksum  INTEGER NOT NULL,
  currency  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE erased(
  hash TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE erasure(
  id   INTEGER PRIMARY KEY CHECK(id = 1),
  salt TEXT NOT NULL
) STRICT;
INSERT INTO erasure VALUES(1, lower(hex(randomblob(32))));
)sql";

}  // namespace clv::store
