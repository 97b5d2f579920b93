#include "store/fact_writer.hpp"

#include <bit>

#include "store/transactions.hpp"

namespace clv::store {
namespace {

// The column of a current fact's number is its customer, of the others it counts.
bool has_seq(const fact_table& what) {
  return what.name != "customers";
}

// What becomes of a row that is there already: another one of an event is looked at, a current fact
// is written over.
std::string on_conflict(const fact_table& what) {
  if (what.kind == fact_kind::chained) return {};
  if (what.kind == fact_kind::happened) {
    return " ON CONFLICT(source, event_id) WHERE event_id IS NOT NULL DO NOTHING";
  }
  std::string sql = what.name == "customers" ? " ON CONFLICT(customer)"
                    : what.name == "agents"
                        ? " ON CONFLICT(agent)"
                        : " ON CONFLICT(action, ifnull(customer, 0), ifnull(segment, ''))";
  sql += " DO UPDATE SET content = excluded.content";
  if (has_seq(what)) sql += ", seq = excluded.seq";
  for (const field& f : find_schema(what.name).fields) {
    sql += ", " + quoted(f.name) + " = excluded." + quoted(f.name);
  }
  return sql;
}

std::string insert_sql(const fact_table& what) {
  std::string columns = has_seq(what) ? "seq" : "", places = has_seq(what) ? "?" : "";
  const auto add = [&](const std::string& name) {
    columns += (columns.empty() ? "" : ", ") + name;
    places += places.empty() ? "?" : ", ?";
  };
  for (const field& f : find_schema(what.name).fields) add(quoted(f.name));
  add("content");
  if (what.kind == fact_kind::happened) add("source");
  return "INSERT INTO " + quoted(what.name) + "(" + columns + ") VALUES(" + places + ")" +
         on_conflict(what);
}

// The stored row that the new one would meet.
std::string find_sql(const fact_table& what) {
  const std::string select = select_facts(what, fact_walk::some) + " WHERE ";
  if (what.kind == fact_kind::happened) return select + "t.source = ? AND t.event_id = ?";
  if (what.name == "customers") return select + "t.customer = ?";
  if (what.name == "agents") return select + "t.agent = ?";
  return select +
         "t.action = ? AND ifnull(t.customer, 0) = ? AND ifnull(t.segment, '') = ifnull(?, '')";
}

std::size_t field_of(const fact_rows& rows, std::string_view name) {
  std::size_t f = 0;
  while (rows.fields()[f].name != name) ++f;
  return f;
}

}  // namespace

// ---- writing

fact_writer::fact_writer(connection& db, const fact_batch& batch)
    : db_(&db),
      what_(batch.what),
      given_(batch.rows),
      rows_(*batch.what, *batch.rows, batch.beside),
      state_(read_fact_state(db, what_->name)),
      customers_(db),
      erased_(db),
      insert_(db, insert_sql(*what_)) {
  settle_currency(batch.currency);
  if (what_->kind == fact_kind::happened) {
    source_ = batch.source;
    source_id_ = source_id(db, source_);
  }
  if (what_->kind != fact_kind::chained) find_ = statement(db, find_sql(*what_));
  if (what_->name == "customers") attributes_.emplace(db, *given_);
}

void fact_writer::settle_currency(const std::string& currency) {
  if (currency.empty() || currency == state_.currency) return;
  if (!state_.currency.empty()) {
    throw error(status::data,
                db_->label() + " has " + std::string(what_->name) + " in " + state_.currency +
                    ", these are in " + currency + ": amounts of two currencies are never added",
                "convert them, or keep the other currency in a store of its own");
  }
  state_.currency = currency;
}

bool fact_writer::is_erased(std::size_t row) {
  if (!erased_.any()) return false;
  for (std::size_t f = 0; f < rows_.fields().size(); ++f) {
    if (names_a_customer(rows_.fields()[f]) && rows_.present(f, row) &&
        erased_.contains(rows_.text(f, row))) {
      return true;
    }
  }
  return false;
}

fact_writer::outcome fact_writer::add(std::size_t row) {
  // A decision is always taken: the chain has no gaps.
  if (what_->kind != fact_kind::chained && is_erased(row)) return outcome::erased;
  if (what_->kind == fact_kind::current) return add_current(row);
  return add_event(row);
}

void fact_writer::bind_row(const fact_rows& rows, std::size_t row, std::int64_t content) {
  int index = 0;
  new_customers_.clear();
  if (has_seq(*what_)) insert_.bind(++index, state_.last_seq + 1);
  for (std::size_t f = 0; f < rows.fields().size(); ++f) {
    ++index;
    if (names_a_customer(rows.fields()[f]) && rows.present(f, row)) {
      insert_.bind(index, customers_.find_or_add(rows.text(f, row), &new_customers_));
    } else {
      rows.bind(insert_, index, f, row);
    }
  }
  insert_.bind(++index, content);
  if (what_->kind == fact_kind::happened) insert_.bind(++index, source_id_);
}

fact_writer::outcome fact_writer::add_event(std::size_t row) {
  const std::uint64_t hash = rows_.hash(row, source_, scratch_);
  const auto content = std::bit_cast<std::int64_t>(hash);
  bind_row(rows_, row, content);
  insert_.run();
  if (db_->changes() > 0) {
    ++state_.rows;
    ++state_.last_seq;
    state_.checksum += hash;
    return outcome::added;
  }
  find_.bind(1, source_id_).bind(2, rows_.text(field_of(rows_, "event_id"), row)).step();
  const bool same = find_.integer(static_cast<int>(rows_.fields().size())) == content;
  find_.reset();
  if (!same) take_back_customers();
  return same ? outcome::same : outcome::other;
}

// A customer whose only row was refused is none.
void fact_writer::take_back_customers() {
  for (const std::int64_t id : new_customers_) {
    statement(*db_, "DELETE FROM customer WHERE id = ?").bind(1, id).run();
  }
}

issue fact_writer::conflict(std::size_t row) {
  const std::size_t id = field_of(rows_, "event_id");
  table there = empty_facts(*what_, {});
  find_.bind(1, source_id_).bind(2, rows_.text(id, row)).step();
  push_fact(find_, *what_, there);
  find_.reset();
  const fact_rows stored(*what_, there);
  std::size_t f = 0;
  while (f + 1 < rows_.fields().size() && stored.value_text(f, 0) == rows_.value_text(f, row)) ++f;
  return {.code = status::data,
          .row = static_cast<std::int64_t>(row),
          .column = "event_id",
          .message = "row " + std::to_string(row + 1) + ", column 'event_id': '" +
                     std::string(rows_.text(id, row)) + "' of source '" + source_ +
                     "' is recorded with other content: '" + std::string(rows_.fields()[f].name) +
                     "' is " + stored.value_text(f, 0) + " there and " + rows_.value_text(f, row) +
                     " here",
          .hint = "give a correction an event id of its own"};
}

std::int64_t fact_writer::customer_number(std::size_t row) {
  const std::size_t whose = field_of(rows_, "customer");
  return rows_.present(whose, row) ? customers_.find_or_add(rows_.text(whose, row)) : 0;
}

std::optional<table> fact_writer::stored_row(std::size_t row) {
  if (what_->name == "agents") {
    rows_.bind(find_, 1, field_of(rows_, "agent"), row);
  } else if (what_->name == "customers") {
    find_.bind(1, customer_number(row));
  } else {
    rows_.bind(find_, 1, field_of(rows_, "action"), row);
    find_.bind(2, customer_number(row));
    rows_.bind(find_, 3, field_of(rows_, "segment"), row);
  }
  std::optional<table> found;
  if (find_.step()) push_fact(find_, *what_, found.emplace(empty_facts(*what_, {})));
  find_.reset();
  return found;
}

// Of customers and agents the given columns count and the others stay; of evidence the whole row.
table fact_writer::merged_row(std::size_t row, const std::optional<table>& before) const {
  table merged = empty_facts(*what_, {});
  const bool keeps_columns = what_->name != "evidence";
  for (column& to : merged.columns()) {
    const column* given = given_->find(to.name());
    if (given == nullptr && keeps_columns && before) given = before->find(to.name());
    const std::size_t from = given != nullptr && given == given_->find(to.name()) ? row : 0;
    given == nullptr ? to.push_absent() : push_value(*given, from, to);
  }
  return merged;
}

fact_writer::outcome fact_writer::add_current(std::size_t row) {
  const std::optional<table> before = stored_row(row);
  const table after = merged_row(row, before);
  const fact_rows merged(*what_, after);
  const std::uint64_t hash = merged.hash(0, {}, scratch_);
  const std::uint64_t old = before ? fact_rows(*what_, *before).hash(0, {}, scratch_) : 0;
  const bool changes = !before || hash != old;
  if (changes) {
    bind_row(merged, 0, std::bit_cast<std::int64_t>(hash));
    insert_.run();
    state_.rows += before ? 0 : 1;
    ++state_.last_seq;
    state_.checksum += hash - old;
  }
  const bool more = attributes_ && attributes_->set(row, customer_number(row));
  return changes || more ? outcome::added : outcome::same;
}

void fact_writer::finish() {
  write_fact_state(*db_, what_->name, state_);
  if (attributes_) attributes_->finish();
}

}  // namespace clv::store
