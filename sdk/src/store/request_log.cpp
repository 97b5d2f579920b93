#include "store/request_log.hpp"

namespace clv::store {
namespace {

constexpr std::string_view last_sql = "SELECT sequence FROM stream_cursor WHERE key = ?";

std::int64_t read_last(statement& s, std::string_view key) {
  const std::int64_t last = s.bind(1, key).step() ? s.integer(0) : 0;
  s.reset();
  return last;
}

}  // namespace

std::int64_t last_sequence(connection& db, std::string_view key) {
  statement s(db, last_sql);
  return read_last(s, key);
}

request_log::request_log(connection& db)
    : db_(&db),
      find_(db,
            "SELECT body_hash, accepted, duplicates, rejected, rejects FROM request_log "
            "WHERE key = ? AND sequence = ?"),
      last_(db, last_sql),
      add_(db,
           "INSERT INTO request_log(key, sequence, body_hash, accepted, duplicates, rejected, "
           "rejects, at_us) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"),
      move_(db,
            "INSERT INTO stream_cursor(key, sequence, at_us) VALUES(?, ?, ?) "
            "ON CONFLICT(key) DO UPDATE SET sequence = excluded.sequence, at_us = excluded.at_us"),
      trim_(db, "DELETE FROM request_log WHERE key = ? AND sequence > 0 AND sequence <= ?") {}

std::optional<answer> request_log::find(const request_key& k) {
  std::optional<answer> found;
  if (find_.bind(1, k.key).bind(2, k.sequence).step()) {
    found = {.body_hash = std::string(find_.text(0)),
             .accepted = find_.integer(1),
             .duplicates = find_.integer(2),
             .rejected = find_.integer(3),
             .rejects = std::string(find_.text(4))};
  }
  find_.reset();
  return found;
}

std::int64_t request_log::last_sequence(std::string_view key) {
  return read_last(last_, key);
}

void request_log::keep(const request_key& k, const answer& a, std::int64_t at_us) {
  add_.bind(1, k.key)
      .bind(2, k.sequence)
      .bind(3, std::string_view(a.body_hash))
      .bind(4, a.accepted)
      .bind(5, a.duplicates)
      .bind(6, a.rejected)
      .bind(7, std::string_view(a.rejects))
      .bind(8, at_us)
      .run();
  if (k.sequence == 0) return;
  move_.bind(1, k.key).bind(2, k.sequence).bind(3, at_us).run();
  trim_.bind(1, k.key).bind(2, k.sequence - answers_of_a_stream).run();
}

void request_log::forget_expired(std::int64_t now_us) {
  statement(*db_, "DELETE FROM request_log WHERE at_us > 0 AND at_us < ?")
      .bind(1, now_us - answers_stay_us)
      .run();
}

}  // namespace clv::store
