#include "store/derived.hpp"

#include <algorithm>
#include <cmath>

#include "clv/schema.hpp"
#include "store/fact_tables.hpp"

namespace clv::store {
namespace {

struct type_name {
  type kind;
  std::string_view stored;  // in stored_column
  std::string_view sql;     // the column's SQL type
};
constexpr type_name type_names[] = {{type::i64, "i64", "INTEGER"},
                                    {type::f64, "f64", "REAL"},
                                    {type::time, "time", "INTEGER"},
                                    {type::money, "money", "INTEGER"},
                                    {type::utf8, "utf8", "TEXT"}};

const type_name& name_of(type kind) {
  return *std::ranges::find(type_names, kind, &type_name::kind);
}

// The tables that belong to the schema itself share the file; a result must not replace one.
bool may_be_stored(std::string_view name) {
  if (name == "parameters") return true;
  const auto known = schemas();
  return name != "transactions" && find_fact_table(name) == nullptr &&
         std::ranges::find(known, name, &schema::name) != known.end();
}

}  // namespace

void content_checksum::add(const std::deque<column>& columns, std::size_t first, std::size_t last) {
  scratch_.clear();
  const auto add_bytes = [this](const auto& value) {
    scratch_.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  for (std::size_t row = first; row < last; ++row) {
    for (const column& c : columns) {
      scratch_ += c.present(row) ? '+' : '-';
      if (!c.present(row)) continue;
      if (c.kind() == type::f64) {
        add_bytes(c.numbers()[row]);
      } else if (c.kind() != type::utf8) {
        add_bytes(c.integers()[row]);
      } else {
        add_bytes(c.text(row).size());
        scratch_.append(c.text(row));
      }
    }
  }
  builder_.add(scratch_);
}

std::string_view stored_type(type kind) {
  return name_of(kind).stored;
}

type type_named(std::string_view stored) {
  const auto found = std::ranges::find(type_names, stored, &type_name::stored);
  if (found == std::end(type_names)) {
    throw error(status::corrupt, "the store knows no type '" + std::string(stored) + "'");
  }
  return found->kind;
}

bool is_stored(connection& db, std::string_view name) {
  statement s(db, "SELECT 1 FROM stored_table WHERE name = ?");
  return s.bind(1, name).step();
}

std::int64_t rows_stored(connection& db, std::string_view name) {
  statement s(db, "SELECT row_count FROM stored_table WHERE name = ?");
  return s.bind(1, name).step() ? s.integer(0) : 0;
}

// ---- writing

table_writer::table_writer(connection& db, std::string name, const table& rows, std::int64_t run)
    : db_(&db), name_(std::move(name)), rows_(&rows) {
  if (!may_be_stored(name_)) throw error(status::internal, "no result is called '" + name_ + "'");
  const bool again = has_same_columns();
  statement(db, "DELETE FROM stored_table WHERE name = ?").bind(1, std::string_view(name_)).run();
  statement(db,
            "INSERT INTO stored_table(name, run, row_count, fingerprint, checksum) "
            "VALUES(?, ?, ?, ?, '')")
      .bind(1, std::string_view(name_))
      .bind(2, run)
      .bind(3, static_cast<std::int64_t>(rows.rows()))
      .bind(4, std::string_view(rows.fingerprint()))
      .run();
  create(again);
}

bool table_writer::has_same_columns() {
  statement s(*db_, "SELECT name, type FROM stored_column WHERE table_name = ? ORDER BY position");
  s.bind(1, std::string_view(name_));
  for (const column& c : rows_->columns()) {
    if (!s.step() || s.text(0) != c.name() || s.text(1) != name_of(c.kind()).stored) return false;
  }
  return !rows_->columns().empty() && !s.step();
}

// The same columns `again`: the rows alone are replaced. In PostgreSQL a table that is dropped is
// gone for readers on a snapshot, too, and has to wait for them.
void table_writer::create(bool again) {
  std::string columns = "row_id INTEGER PRIMARY KEY";
  std::string places = "?";
  statement add(*db_,
                "INSERT INTO stored_column(table_name, position, name, type, unit) "
                "VALUES(?, ?, ?, ?, ?)");
  std::int64_t position = 0;
  for (const column& c : rows_->columns()) {
    const type_name& kind = name_of(c.kind());
    columns += ", " + quoted(c.name()) + " " + std::string(kind.sql);
    places += ", ?";
    add.bind(1, std::string_view(name_))
        .bind(2, position++)
        .bind(3, std::string_view(c.name()))
        .bind(4, kind.stored)
        .bind(5, std::string_view(c.unit()))
        .run();
  }
  if (again) {
    db_->execute("DELETE FROM " + quoted(name_));
  } else {
    db_->execute("DROP TABLE IF EXISTS " + quoted(name_));
    db_->execute("CREATE TABLE " + quoted(name_) + "(" + columns + ") STRICT");
  }
  insert_ = statement(*db_, "INSERT INTO " + quoted(name_) + " VALUES(" + places + ")");
}

double table_writer::write(std::size_t rows) {
  const std::size_t last = std::min(rows_->rows(), next_ + rows);
  checksum_.add(rows_->columns(), next_, last);
  for (; next_ < last; ++next_) write_row(next_);
  if (next_ < rows_->rows()) {
    return static_cast<double>(next_) / static_cast<double>(rows_->rows());
  }
  note_negative_zeros();
  const std::string checksum = checksum_.hex();
  statement(*db_, "UPDATE stored_table SET checksum = ? WHERE name = ?")
      .bind(1, std::string_view(checksum))
      .bind(2, std::string_view(name_))
      .run();
  return 1.0;
}

void table_writer::write_row(std::size_t row) {
  insert_.bind(1, static_cast<std::int64_t>(row + 1));
  int parameter = 1;
  for (const column& c : rows_->columns()) {
    ++parameter;
    if (!c.present(row)) {
      insert_.bind_null(parameter);
    } else if (c.kind() == type::f64) {
      write_number(row, static_cast<std::size_t>(parameter - 2), c.numbers()[row]);
    } else if (c.kind() == type::utf8) {
      insert_.bind(parameter, c.text(row));
    } else {
      insert_.bind(parameter, c.integers()[row]);
    }
  }
  insert_.run();
}

void table_writer::write_number(std::size_t row, std::size_t position, double value) {
  if (!std::isfinite(value)) {
    const std::string& name = rows_->columns()[position].name();
    throw error({.code = status::numeric,
                 .row = static_cast<std::int64_t>(row),
                 .column = name,
                 .message = "row " + std::to_string(row + 1) + ", column '" + name + "' of '" +
                            name_ + "' is " + (std::isnan(value) ? "not a number" : "infinite"),
                 .hint = "such a value is never stored; please report how it came about"});
  }
  if (value == 0 && std::signbit(value)) {
    negative_zeros_.push_back(
        {static_cast<std::int64_t>(row + 1), static_cast<std::int64_t>(position)});
  }
  insert_.bind(static_cast<int>(position) + 2, value);
}

void table_writer::note_negative_zeros() {
  statement add(*db_, "INSERT INTO negative_zero(table_name, row_id, position) VALUES(?, ?, ?)");
  for (const place& p : negative_zeros_) {
    add.bind(1, std::string_view(name_)).bind(2, p.row_id).bind(3, p.position).run();
  }
}

// ---- reading

table_reader::table_reader(connection& db, std::string name, row_range which)
    : db_(&db), name_(std::move(name)), which_(which) {
  statement s(db, "SELECT row_count, fingerprint, checksum FROM stored_table WHERE name = ?");
  if (!s.bind(1, std::string_view(name_)).step()) {
    throw error(status::state, db.label() + " has no '" + name_ + "' yet");
  }
  expected_rows_ = which_.of(s.integer(0));
  fingerprint_ = s.text(1);
  expected_checksum_ = s.text(2);
  find_columns();
  find_negative_zeros();
}

void table_reader::find_columns() {
  statement s(*db_,
              "SELECT name, type, unit FROM stored_column WHERE table_name = ? ORDER BY position");
  s.bind(1, std::string_view(name_));
  std::string columns;
  while (s.step()) {
    const auto kind = std::ranges::find(type_names, s.text(1), &type_name::stored);
    if (kind == std::end(type_names)) fail_damaged("unknown type in stored_column");
    columns += ", " + quoted(s.text(0));
    rows_->add(std::string(s.text(0)), kind->kind, std::string(s.text(2)));
  }
  const std::string select = "SELECT row_id" + columns + " FROM " + quoted(name_);
  if (which_.whole()) {
    select_ = statement(*db_, select + " ORDER BY row_id");
    return;
  }
  select_ = statement(*db_, select + " WHERE row_id > ? AND row_id <= ? ORDER BY row_id");
  select_.bind(1, which_.first).bind(2, which_.first + expected_rows_);
}

double table_reader::read(std::size_t rows) {
  const std::size_t first = rows_->rows();
  std::size_t last = first;
  while (last < first + rows && select_.step()) {
    read_row();
    ++last;
  }
  restore_negative_zeros(last);
  checksum_.add(rows_->columns(), first, last);
  if (last == first + rows) {
    const double done = static_cast<double>(last) / static_cast<double>(expected_rows_ + 1);
    return std::clamp(done, 0.0, 0.999);
  }
  finish();
  return 1.0;
}

void table_reader::read_row() {
  int place = 0;
  for (column& c : rows_->columns()) {
    ++place;
    if (select_.is_null(place)) {
      c.push_absent();
    } else if (c.kind() == type::f64) {
      c.push(select_.number(place));
    } else if (c.kind() == type::utf8) {
      c.push(select_.text(place));
    } else {
      c.push(select_.integer(place));
    }
  }
}

void table_reader::finish() {
  const auto found = static_cast<std::int64_t>(rows_->rows());
  if (found == 0 && expected_rows_ > 0 && db_->handle() == nullptr) {
    throw error(status::busy,
                db_->label() + ": table '" + name_ + "' was replaced while it was read",
                "try again");
  }
  if (!rows_->columns().empty() && found != expected_rows_) {
    fail_damaged("it has " + std::to_string(found) + " rows instead of " +
                 std::to_string(expected_rows_));
  }
  const bool same = !which_.whole() || checksum_.hex() == expected_checksum_;
  if (!same || next_zero_ != negative_zeros_.size()) {
    fail_damaged("its values do not match their checksum");
  }
  which_.whole() ? rows_->restore_fingerprint(std::move(fingerprint_)) : rows_->seal(name_);
}

void table_reader::find_negative_zeros() {
  statement s(*db_,
              "SELECT row_id, position FROM negative_zero WHERE table_name = ? "
              "ORDER BY row_id, position");
  s.bind(1, std::string_view(name_));
  while (s.step()) {
    const place p{s.integer(0), s.integer(1)};
    const auto position = static_cast<std::uint64_t>(p.position);
    if (p.row_id < 1 || position >= rows_->columns().size() ||
        rows_->columns()[position].kind() != type::f64) {
      fail_damaged("negative_zero names a value that does not exist");
    }
    const std::int64_t row = p.row_id - 1 - which_.first;
    const bool meant = which_.whole() || (row >= 0 && row < expected_rows_);
    if (meant) negative_zeros_.push_back({row + 1, p.position});
  }
}

void table_reader::restore_negative_zeros(std::size_t rows) {
  for (; next_zero_ < negative_zeros_.size(); ++next_zero_) {
    const place& p = negative_zeros_[next_zero_];
    const auto row = static_cast<std::size_t>(p.row_id - 1);
    if (row >= rows) return;
    rows_->columns()[static_cast<std::size_t>(p.position)].mutable_numbers()[row] = -0.0;
  }
}

void table_reader::fail_damaged(const std::string& why) const {
  throw error(status::corrupt,
              db_->label() + " is damaged: table '" + name_ + "': " + why,
              "run the verb that writes it again");
}

}  // namespace clv::store
