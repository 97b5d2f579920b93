#include "statement.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "clv_storage.h"

namespace clv::postgres {
namespace {

// PostgreSQL's own numbers of its types (catalog/pg_type.dat), which never change.
constexpr Oid bool_oid = 16, int8_oid = 20, int2_oid = 21, int4_oid = 23, text_oid = 25,
              float8_oid = 701;
constexpr Oid first_of_users = 16384;  // ours among them is clv_any alone

std::array<char, 8> big_endian(std::uint64_t bits) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 8; i-- > 0; bits >>= 8U) bytes[i] = static_cast<char>(bits & 0xFFU);
  return bytes;
}

std::uint64_t bits_of(const char* bytes, std::size_t size) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < size; ++i) bits = bits << 8U | static_cast<unsigned char>(bytes[i]);
  return bits;
}

std::int64_t signed_value(const char* bytes, std::size_t size) {
  const std::uint64_t bits = bits_of(bytes, size);
  const auto unused = static_cast<unsigned>(64 - 8 * size);
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

std::int32_t kind_of(Oid type) {
  if (type == int8_oid || type == int4_oid || type == int2_oid || type == bool_oid) {
    return CLV_STORAGE_INTEGER;
  }
  return type == float8_oid ? CLV_STORAGE_REAL : CLV_STORAGE_TEXT;
}

}  // namespace

statement::statement(session& owner, std::string_view sql) : owner_(&owner) {
  std::vector<translated> parts = translate(sql);
  if (parts.size() != 1) {
    throw failure{CLV_E_INTERNAL, "not one statement: '" + std::string(sql) + "'"};
  }
  sql_ = std::move(parts.front().sql);
}

statement::~statement() {
  owner_->forget(this, asked_ > 0);
}

// ---- values

void statement::set(int index, Oid type, const char* value, std::size_t size) {
  if (index < 1) throw failure{CLV_E_INTERNAL, "there is no parameter " + std::to_string(index)};
  const auto at = static_cast<std::size_t>(index - 1);
  if (at >= given_.types.size()) {
    given_.types.resize(at + 1, InvalidOid);
    given_.values.resize(at + 1, nullptr);
    given_.lengths.resize(at + 1, 0);
    given_.formats.resize(at + 1, 1);
    while (numbers_.size() <= at) numbers_.emplace_back();
    types_changed_ = true;
  }
  // NULL has any type: the one that the parameter had, else the one that the server guesses.
  if (type != InvalidOid && given_.types[at] != type) {
    given_.types[at] = type;
    types_changed_ = true;
  }
  given_.values[at] = value;
  given_.lengths[at] = static_cast<int>(size);
}

void statement::bind(int index, std::int64_t value) {
  set(index, int8_oid, "", 8);
  const auto at = static_cast<std::size_t>(index - 1);
  numbers_[at] = big_endian(static_cast<std::uint64_t>(value));
  given_.values[at] = numbers_[at].data();
}

void statement::bind(int index, double value) {
  set(index, float8_oid, "", 8);
  const auto at = static_cast<std::size_t>(index - 1);
  numbers_[at] = big_endian(std::bit_cast<std::uint64_t>(value));
  given_.values[at] = numbers_[at].data();
}

void statement::bind(int index, std::string_view value) {
  if (value.find('\0') != std::string_view::npos) {
    throw failure{CLV_E_DATA, "a text has a NUL byte, which PostgreSQL cannot hold"};
  }
  set(index, text_oid, value.data(), value.size());
}

void statement::bind_null(int index) {
  set(index, InvalidOid, nullptr, 0);
}

// ---- running

void statement::prepare() {
  if (!types_changed_ && generation_ == owner_->generation()) return;
  name_ = owner_->prepared(sql_, given_);
  generation_ = owner_->generation();
  types_changed_ = false;
}

bool statement::step() {
  switch (state_) {
    case state::ready:
      prepare();
      owner_->send_and_stream(name_, sql_, given_, this);
      break;
    case state::kept:
      row_.reset();
      kept_.pop_front();
      if (kept_.empty()) state_ = state::ended;
      return state_ == state::kept;
    case state::ended:
      return false;
    case state::streaming:
      break;
  }
  state_ = state::ended;  // also when reading fails
  row_.reset(owner_->next_row());
  if (row_ == nullptr) return false;
  take_types(row_.get());
  state_ = state::streaming;
  return true;
}

void statement::take_types(PGresult* row) {
  if (!column_types_.empty()) return;
  for (int c = 0; c < PQnfields(row); ++c) column_types_.push_back(PQftype(row, c));
}

void statement::keep(PGresult* row) {
  kept_row kept;
  for (int c = 0; c < PQnfields(row); ++c) {
    const int size = PQgetisnull(row, 0, c) != 0 ? -1 : PQgetlength(row, 0, c);
    kept.sizes.push_back(size);
    if (size > 0) kept.bytes.append(PQgetvalue(row, 0, c), static_cast<std::size_t>(size));
  }
  kept_.push_back(std::move(kept));
}

// The present row stays readable, so it is the first of those that are kept; and what was read of
// it already stays where it is until the next step.
void statement::keep_rest() {
  if (row_ != nullptr) keep(row_.get());
  state_ = state::kept;
  while (PGresult* next = owner_->next_row()) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> row(next, &PQclear);
    take_types(next);
    keep(next);
  }
}

void statement::reset() noexcept {
  owner_->forget(this, asked_ > 0);
  asked_ = 0;
  outcomes_.clear();
  row_.reset();
  kept_.clear();
  column_types_.clear();
  state_ = state::ready;
}

void statement::run() {
  if (state_ != state::ready) reset();
  prepare();
  owner_->send(name_, sql_, given_, nullptr);
}

void statement::queue() {
  if (state_ != state::ready) reset();
  prepare();
  ++asked_;
  owner_->send(name_, sql_, given_, this);
}

void statement::answered(PGresult* answer, std::int64_t rows) {
  --asked_;
  outcome o{.rows = rows};
  const bool some =
      PQntuples(answer) > 0 && PQnfields(answer) > 0 && PQgetisnull(answer, 0, 0) == 0;
  if (some && kind_of(PQftype(answer, 0)) == CLV_STORAGE_INTEGER) {
    o.value =
        signed_value(PQgetvalue(answer, 0, 0), static_cast<std::size_t>(PQgetlength(answer, 0, 0)));
  }
  outcomes_.push_back(o);
}

statement::outcome statement::next_outcome() {
  if (outcomes_.empty()) owner_->settle();
  if (outcomes_.empty()) throw failure{CLV_E_INTERNAL, "no outcome is waiting"};
  const outcome o = outcomes_.front();
  outcomes_.pop_front();
  return o;
}

// ---- reading

// Of clv_any the one field that is there: a composite in binary is a count, then per field its
// type, its size (-1: NULL) and its bytes.
statement::cell statement::cell_at(int column) const {
  const auto c = static_cast<std::size_t>(column);
  if (column < 0 || c >= column_types_.size()) return {};
  cell found;
  int size = -1;
  if (state_ == state::kept) {
    const kept_row& row = kept_.front();
    size = row.sizes[c];
    found.data = row.bytes.data();
    for (std::size_t i = 0; i < c; ++i) found.data += std::max(0, row.sizes[i]);
  } else if (row_ != nullptr && PQgetisnull(row_.get(), 0, column) == 0) {
    size = PQgetlength(row_.get(), 0, column);
    found.data = PQgetvalue(row_.get(), 0, column);
  }
  if (size < 0) return {};
  found.size = static_cast<std::size_t>(size);
  found.type = kind_of(column_types_[c]);
  if (column_types_[c] < first_of_users) return found;
  const char* at = found.data + 4;
  const char* end = found.data + found.size;
  while (end - at >= 8) {
    const auto type = static_cast<Oid>(bits_of(at, 4));
    const auto field = static_cast<std::int32_t>(bits_of(at + 4, 4));
    at += 8;
    if (field >= 0) {
      return {.type = kind_of(type), .data = at, .size = static_cast<std::size_t>(field)};
    }
  }
  return {};
}

std::int32_t statement::type(int column) const {
  return cell_at(column).type;
}

std::int64_t statement::integer(int column) const {
  const cell c = cell_at(column);
  return c.type == CLV_STORAGE_INTEGER ? signed_value(c.data, c.size) : 0;
}

double statement::number(int column) const {
  const cell c = cell_at(column);
  return c.type == CLV_STORAGE_REAL ? std::bit_cast<double>(bits_of(c.data, c.size)) : 0.0;
}

std::string_view statement::text(int column) const {
  const cell c = cell_at(column);
  return c.type == CLV_STORAGE_TEXT ? std::string_view(c.data, c.size) : std::string_view();
}

}  // namespace clv::postgres
