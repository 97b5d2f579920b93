#include "ingest/event_batch.hpp"

#include <array>
#include <vector>

#include "calls/arguments.hpp"
#include "calls/errors.hpp"
#include "calls/tables.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

constexpr std::int64_t microseconds = 1'000'000;
// What google.protobuf.Timestamp may hold: years 1 to 9999.
constexpr std::int64_t first_second = -62'135'596'800, last_second = 253'402'300'799;

std::string place(int i, const char* field) {
  return "events.transactions[" + std::to_string(i) + "]." + field;
}

std::int64_t time_of(const v1::Transaction& t, int i) {
  if (!t.has_time()) throw invalid_field("FIELD_REQUIRED", place(i, "time"), "when was it?");
  const auto& time = t.time();
  if (time.seconds() < first_second || time.seconds() > last_second || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    throw invalid_field("INVALID_VALUE", place(i, "time"), "not a time of the years 1 to 9999");
  }
  if (time.nanos() % 1000 != 0) {
    throw invalid_field(
        "INVALID_VALUE", place(i, "time"), "finer than a microsecond: it would be rounded");
  }
  return time.seconds() * microseconds + time.nanos() / 1000;
}

struct text_column {
  std::string bytes;
  std::vector<std::int64_t> offsets{0};
  void add(const std::string& text) {
    bytes += text;
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
};

// Transactions as columns of schema "transactions".
class transaction_columns {
 public:
  explicit transaction_columns(const google::protobuf::RepeatedPtrField<v1::Transaction>& rows) {
    for (int i = 0; i < rows.size(); ++i) add(rows[i], i);
    columns_ = {text("event_id", event_id_),
                text("customer", customer_),
                number("time", CLV_T_TIME, time_),
                number("amount", CLV_T_MONEY, amount_),
                text("currency", currency_),
                text("kind", kind_)};
    batch_.n_rows = rows.size();
    batch_.n_columns = static_cast<std::uint32_t>(columns_.size());
    batch_.columns = columns_.data();
  }
  transaction_columns(const transaction_columns&) = delete;
  transaction_columns& operator=(const transaction_columns&) = delete;
  const clv_batch& batch() const { return batch_; }

 private:
  void add(const v1::Transaction& t, int i) {
    if (!t.has_amount()) throw invalid_field("FIELD_REQUIRED", place(i, "amount"), "how much?");
    if (t.amount().currency_code().empty()) {
      throw invalid_field("FIELD_REQUIRED", place(i, "amount.currency_code"), "in which currency?");
    }
    time_.push_back(time_of(t, i));
    amount_.push_back(t.amount().minor_units());
    event_id_.add(t.event_id());
    customer_.add(t.customer());
    currency_.add(t.amount().currency_code());
    kind_.add(t.kind());
  }
  static clv_column text(const char* name, const text_column& from) {
    clv_column c{};
    c.name = name;
    c.data = from.bytes.data();
    c.offsets = from.offsets.data();
    c.type = CLV_T_UTF8;
    return c;
  }
  static clv_column number(const char* name, clv_type type, const std::vector<std::int64_t>& from) {
    clv_column c{};
    c.name = name;
    c.data = from.data();
    c.type = type;
    return c;
  }

  text_column event_id_, customer_, currency_, kind_;
  std::vector<std::int64_t> time_, amount_;
  std::array<clv_column, 6> columns_{};
  clv_batch batch_ = CLV_SIZED(clv_batch);
};

// A message and the batch that borrows from it.
struct kept_table {
  kept_table(std::shared_ptr<const v1::Table> t, const std::string& field)
      : table(std::move(t)), columns(*table, field) {}
  std::shared_ptr<const v1::Table> table;
  table_batch columns;
};

void check_count(std::int64_t rows) {
  if (rows <= max_batch_items) return;
  call_error error(
      grpc::StatusCode::RESOURCE_EXHAUSTED,
      "TOO_MANY_ROWS",
      std::to_string(rows) + " rows, at most " + std::to_string(max_batch_items) + " in one batch");
  error.metadata["max_rows"] = std::to_string(max_batch_items);
  throw error;
}

}  // namespace

keyed_rows rows_of(std::shared_ptr<const v1::Table> facts,
                   const std::string& schema,
                   const std::string& field) {
  check_count(facts->row_count());
  const auto kept = std::make_shared<kept_table>(std::move(facts), field);
  keyed_rows rows;
  rows.table = schema;
  rows.owner = kept;
  rows.rows = &kept->columns.batch();
  return rows;
}

keyed_rows rows_of(const v1::EventBatch& events) {
  if (events.transactions().empty() != events.has_facts()) {
    throw invalid_field("FIELD_REQUIRED", "events", "give transactions or facts, one of the two");
  }
  if (events.has_facts()) {
    if (events.facts().name().empty()) {
      throw invalid_field("FIELD_REQUIRED", "events.facts.name", "say which schema they are of");
    }
    return rows_of(std::make_shared<const v1::Table>(events.facts()),
                   text_argument("events.facts.name", events.facts().name()),
                   "events.facts");
  }
  check_count(events.transactions_size());
  const auto kept = std::make_shared<const transaction_columns>(events.transactions());
  keyed_rows rows;
  rows.table = "transactions";
  rows.owner = kept;
  rows.rows = &kept->batch();
  return rows;
}

void tell(const refused_row& row, v1::ItemError& to) {
  to.set_index(row.row);
  to.set_field(row.column);
  to.set_reason(row.reason);
  to.set_message(row.message);
}

}  // namespace clvd
