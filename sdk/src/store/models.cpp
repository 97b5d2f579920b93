#include "store/models.hpp"

namespace clv::store {
namespace {

std::optional<std::int64_t> first_integer(statement& s) {
  if (!s.step() || s.is_null(0)) return std::nullopt;
  return s.integer(0);
}

model_alias read_alias(const statement& s) {
  model_alias a{.alias = std::string(s.text(0)),
                .model = s.integer(1),
                .etag = s.integer(2),
                .previous = std::nullopt,
                .set_us = s.integer(4)};
  if (!s.is_null(3)) a.previous = s.integer(3);
  return a;
}

}  // namespace

std::int64_t add_model(connection& db, std::int64_t run, const new_model& m) {
  const std::int64_t number = db.integer("SELECT ifnull(max(number), 0) + 1 FROM model");
  statement(db,
            "INSERT INTO model(run, number, name, data_fingerprint, json, created_us) "
            "VALUES(?, ?, ?, ?, ?, ?)")
      .bind(1, run)
      .bind(2, number)
      .bind(3, m.name)
      .bind(4, m.data_fingerprint)
      .bind(5, m.json)
      .bind(6, m.created_us)
      .run();
  set_model_of_run(db, run, number);
  return number;
}

std::optional<kept_model> find_model(connection& db, std::int64_t number) {
  statement s(db, "SELECT json, created_us, retired FROM model WHERE number = ?");
  if (!s.bind(1, number).step()) return std::nullopt;
  return kept_model{.number = number,
                    .json = std::string(s.text(0)),
                    .created_us = s.integer(1),
                    .retired = s.integer(2) != 0};
}

std::optional<std::int64_t> latest_model(connection& db) {
  statement s(db, "SELECT max(number) FROM model WHERE retired = 0");
  return first_integer(s);
}

std::vector<std::int64_t> model_numbers(connection& db) {
  std::vector<std::int64_t> numbers;
  statement s(db, "SELECT number FROM model ORDER BY number");
  while (s.step()) numbers.push_back(s.integer(0));
  return numbers;
}

void retire_model(connection& db, std::int64_t number) {
  statement(db, "UPDATE model SET retired = 1 WHERE number = ?").bind(1, number).run();
}

std::optional<std::int64_t> model_of_run(connection& db, std::int64_t run) {
  statement s(db, "SELECT model FROM run WHERE seq = ?");
  s.bind(1, run);
  return first_integer(s);
}

void set_model_of_run(connection& db, std::int64_t run, std::int64_t number) {
  statement(db, "UPDATE run SET model = ? WHERE seq = ?").bind(1, number).bind(2, run).run();
}

std::optional<std::int64_t> run_of_table(connection& db, std::string_view name) {
  statement s(db, "SELECT run FROM stored_table WHERE name = ?");
  s.bind(1, name);
  return first_integer(s);
}

std::optional<model_alias> find_alias(connection& db, std::string_view alias) {
  statement s(db, "SELECT alias, model, etag, previous, set_us FROM model_alias WHERE alias = ?");
  if (!s.bind(1, alias).step()) return std::nullopt;
  return read_alias(s);
}

std::vector<model_alias> model_aliases(connection& db) {
  std::vector<model_alias> all;
  statement s(db, "SELECT alias, model, etag, previous, set_us FROM model_alias ORDER BY alias");
  while (s.step()) all.push_back(read_alias(s));
  return all;
}

void put_alias(connection& db, const model_alias& a) {
  statement s(db,
              "INSERT INTO model_alias(alias, model, etag, previous, set_us) "
              "VALUES(?, ?, ?, ?, ?) ON CONFLICT(alias) DO UPDATE SET model = excluded.model, "
              "etag = excluded.etag, previous = excluded.previous, set_us = excluded.set_us");
  s.bind(1, std::string_view(a.alias)).bind(2, a.model).bind(3, a.etag).bind(5, a.set_us);
  a.previous ? s.bind(4, *a.previous) : s.bind_null(4);
  s.run();
}

}  // namespace clv::store
