// The table of functions that libclv calls: each turns what is thrown into a status.
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "clv_storage_postgres.h"
#include "statement.hpp"

using clv::postgres::failure;
using clv::postgres::session;
using clv::postgres::statement;

struct clv_storage_connection {
  session rep;
  std::string last_error;
};

struct clv_storage_statement {
  clv_storage_statement(clv_storage_connection& of, std::string_view sql)
      : owner(&of), rep(of.rep, sql) {}
  clv_storage_connection* owner;
  statement rep;
};

namespace {

template <typename Body>
clv_status guard(clv_storage_connection* of, Body&& body) noexcept {
  try {
    try {
      if constexpr (std::is_same_v<decltype(body()), clv_status>) {
        return body();
      } else {
        body();
        return CLV_OK;
      }
    } catch (failure& f) {
      of->last_error = std::move(f.message);
      return f.code;
    } catch (const std::bad_alloc&) {
      return CLV_E_NO_MEMORY;
    } catch (const std::exception& e) {
      of->last_error = e.what();
      return CLV_E_INTERNAL;
    }
  } catch (...) {
    return CLV_E_NO_MEMORY;
  }
}

std::string_view text_of(const char* data, std::int64_t size) {
  return {data, static_cast<std::size_t>(size)};
}

clv_status open(void*, const char* name, std::uint32_t mode, clv_storage_connection** out) {
  *out = new (std::nothrow) clv_storage_connection;
  if (*out == nullptr) return CLV_E_NO_MEMORY;
  return guard(*out, [&] { (*out)->rep.open(name, mode == CLV_STORAGE_WRITE); });
}

void close(clv_storage_connection* c) {
  delete c;
}

const char* label(const clv_storage_connection* c) {
  return c->rep.label().c_str();
}

const char* last_error(const clv_storage_connection* c) {
  return c->last_error.c_str();
}

clv_status count_tables(clv_storage_connection* c, const char* name, std::int64_t* out) {
  return guard(c, [&] { *out = c->rep.count_tables(name); });
}

clv_status begin(clv_storage_connection* c, std::uint32_t mode) {
  return guard(c, [&] { c->rep.begin(mode == CLV_STORAGE_WRITE); });
}

clv_status commit(clv_storage_connection* c) {
  return guard(c, [&] { c->rep.commit(); });
}

void rollback(clv_storage_connection* c) {
  c->rep.rollback();
}

clv_status execute(clv_storage_connection* c, const char* sql, std::int64_t size) {
  return guard(c, [&] { c->rep.execute(text_of(sql, size)); });
}

clv_status prepare(clv_storage_connection* c,
                   const char* sql,
                   std::int64_t size,
                   clv_storage_statement** out) {
  return guard(c, [&] { *out = new clv_storage_statement(*c, text_of(sql, size)); });
}

void finalize(clv_storage_statement* s) {
  delete s;
}

clv_status bind_i64(clv_storage_statement* s, std::int32_t index, std::int64_t value) {
  return guard(s->owner, [&] { s->rep.bind(index, value); });
}

clv_status bind_f64(clv_storage_statement* s, std::int32_t index, double value) {
  return guard(s->owner, [&] { s->rep.bind(index, value); });
}

clv_status bind_text(clv_storage_statement* s,
                     std::int32_t index,
                     const char* data,
                     std::int64_t size) {
  return guard(s->owner, [&] { s->rep.bind(index, text_of(data, size)); });
}

clv_status bind_null(clv_storage_statement* s, std::int32_t index) {
  return guard(s->owner, [&] { s->rep.bind_null(index); });
}

clv_status step(clv_storage_statement* s) {
  return guard(s->owner, [&]() -> clv_status { return s->rep.step() ? CLV_OK : CLV_END; });
}

void reset(clv_storage_statement* s) {
  s->rep.reset();
}

clv_status run(clv_storage_statement* s) {
  return guard(s->owner, [&] { s->rep.run(); });
}

clv_status queue(clv_storage_statement* s) {
  return guard(s->owner, [&] { s->rep.queue(); });
}

clv_status outcome(clv_storage_statement* s, std::int64_t* rows, std::int64_t* value) {
  return guard(s->owner, [&] {
    const statement::outcome o = s->rep.next_outcome();
    *rows = o.rows;
    *value = o.value;
  });
}

clv_status changes(clv_storage_connection* c, std::int64_t* out) {
  return guard(c, [&] { *out = c->rep.changes(); });
}

std::int32_t column_type(const clv_storage_statement* s, std::int32_t column) {
  return s->rep.type(column);
}

std::int64_t column_i64(const clv_storage_statement* s, std::int32_t column) {
  return s->rep.integer(column);
}

double column_f64(const clv_storage_statement* s, std::int32_t column) {
  return s->rep.number(column);
}

const char* column_text(const clv_storage_statement* s, std::int32_t column, std::int64_t* size) {
  const std::string_view found = s->rep.text(column);
  *size = static_cast<std::int64_t>(found.size());
  return found.data();
}

constexpr clv_storage table{.struct_size = sizeof(clv_storage),
                            .abi = CLV_ABI_TARGET,
                            .ctx = nullptr,
                            .open = open,
                            .close = close,
                            .label = label,
                            .last_error = last_error,
                            .count_tables = count_tables,
                            .begin = begin,
                            .commit = commit,
                            .rollback = rollback,
                            .execute = execute,
                            .prepare = prepare,
                            .finalize = finalize,
                            .bind_i64 = bind_i64,
                            .bind_f64 = bind_f64,
                            .bind_text = bind_text,
                            .bind_null = bind_null,
                            .step = step,
                            .reset = reset,
                            .run = run,
                            .queue = queue,
                            .outcome = outcome,
                            .changes = changes,
                            .column_type = column_type,
                            .column_i64 = column_i64,
                            .column_f64 = column_f64,
                            .column_text = column_text};

}  // namespace

const clv_storage* clv_storage_postgres() noexcept {
  return &table;
}
