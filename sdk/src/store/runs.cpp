#include "store/runs.hpp"

namespace clv::store {

std::int64_t add_run(connection& db, std::string_view verb, std::string_view fingerprint) {
  statement s(db, "INSERT INTO run(verb, fingerprint) VALUES(?, ?) RETURNING seq");
  s.bind(1, verb).bind(2, fingerprint).step();
  const std::int64_t seq = s.integer(0);
  s.reset();
  return seq;
}

std::optional<std::int64_t> latest_run(connection& db, std::string_view verb) {
  statement s(db, "SELECT max(seq) FROM run WHERE verb = ?");
  s.bind(1, verb).step();
  if (s.is_null(0)) return std::nullopt;
  return s.integer(0);
}

void add_model(connection& db, std::int64_t run, const stored_model& m) {
  statement(db, "INSERT INTO model(run, name, data_fingerprint, json) VALUES(?, ?, ?, ?)")
      .bind(1, run)
      .bind(2, m.name)
      .bind(3, m.data_fingerprint)
      .bind(4, m.json)
      .run();
}

std::optional<std::string> latest_model(connection& db) {
  statement s(db, "SELECT json FROM model ORDER BY run DESC LIMIT 1");
  if (!s.step()) return std::nullopt;
  return std::string(s.text(0));
}

}  // namespace clv::store
