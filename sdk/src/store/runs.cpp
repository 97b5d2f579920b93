#include "store/runs.hpp"

namespace clv::store {

std::int64_t add_run(connection& db,
                     std::string_view verb,
                     std::string_view fingerprint,
                     std::int64_t based_on) {
  statement s(db,
              "INSERT INTO run(seq, verb, fingerprint, based_on) "
              "VALUES((SELECT ifnull(max(seq), 0) + 1 FROM run), ?1, ?2, nullif(?3, 0)) "
              "RETURNING seq");
  s.bind(1, verb).bind(2, fingerprint).bind(3, based_on).step();
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

std::int64_t known_to(connection& db, std::int64_t seq) {
  statement s(db, "SELECT coalesce(based_on, seq) FROM run WHERE seq = ?");
  return s.bind(1, seq).step() ? s.integer(0) : seq;
}

last_run find_last_run(connection& db) {
  statement s(db, "SELECT seq, fingerprint FROM run ORDER BY seq DESC LIMIT 1");
  if (!s.step()) return {};
  return {.seq = s.integer(0), .fingerprint = std::string(s.text(1))};
}

bool has_run(connection& db, const last_run& run) {
  if (run.seq == 0) return true;
  statement s(db, "SELECT fingerprint FROM run WHERE seq = ?");
  return s.bind(1, run.seq).step() && s.text(0) == run.fingerprint;
}

std::string_view ran_since(connection& db,
                           std::int64_t seq,
                           std::span<const std::string_view> verbs) {
  for (const std::string_view verb : verbs) {
    if (latest_run(db, verb).value_or(0) > seq) return verb;
  }
  return {};
}

std::string identity_of(connection& db) {
  return db.text("SELECT identity FROM store_identity WHERE id = 1");
}

}  // namespace clv::store
