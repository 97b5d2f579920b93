#include "store/kept_answers.hpp"

#include <algorithm>
#include <array>

#include "data/csv_scan.hpp"
#include "store/request_log.hpp"

namespace clv::store {
namespace {

constexpr std::size_t longest_key = 256;
constexpr std::size_t shown = 60;  // of a key, in a message

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Storages keep text without NUL, answers are any bytes: base64 without padding.
std::string to_text(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) text += digits[(bits >> (held - 6)) & 63];
  }
  if (held > 0) text += digits[(bits << (6 - held)) & 63];
  return text;
}

constexpr std::array<std::int8_t, 256> values_of_digits() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

std::string from_text(std::string_view text, const connection& db) {
  static constexpr auto values = values_of_digits();
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) {
      throw error(status::corrupt,
                  db.label() + " is damaged: a kept answer cannot be read",
                  "restore a backup");
    }
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xFF);
  }
  return bytes;
}

}  // namespace

void check_answer(const request_answer& a) {
  const auto refuse = [](std::string_view field, const std::string& why) {
    throw error(status::invalid,
                std::string(field) + " of the answer " + why,
                "give a key of 1 to 256 bytes of UTF-8 text and a hash of at most 256");
  };
  const auto size = [](const std::string& text) {
    return "has " + std::to_string(text.size()) + " bytes";
  };
  const auto is_text = [](const std::string& text) {
    return data::find_bad_byte(text) == std::string_view::npos;
  };
  if (a.key.empty() || a.key.size() > longest_key) refuse("key", size(a.key));
  if (a.body_hash.size() > longest_key) refuse("body_hash", size(a.body_hash));
  if (!is_text(a.key)) refuse("key", "is not UTF-8 text");
  if (!is_text(a.body_hash)) refuse("body_hash", "is not UTF-8 text");
}

void require_unanswered(connection& db, std::string_view key) {
  statement s(db, "SELECT made FROM kept_answer WHERE key = ?");
  if (!s.bind(1, key).step()) return;
  throw error(
      status::exists,
      db.label() + ": request '" + std::string(key.substr(0, shown)) + "' was answered before",
      "read its answer");
}

std::optional<request_answer> find_answer(connection& db, std::string_view key) {
  statement s(db, "SELECT body_hash, answer, made, at_us FROM kept_answer WHERE key = ?");
  if (!s.bind(1, key).step()) return std::nullopt;
  request_answer a{.key = std::string(key), .body_hash = std::string(s.text(0))};
  a.forgotten = s.is_null(1);
  if (!a.forgotten) a.bytes = from_text(s.text(1), db);
  a.made = s.integer(2);
  a.at_us = s.integer(3);
  return a;
}

void keep_answer(connection& db, const request_answer& a) {
  require_unanswered(db, a.key);
  if (a.at_us > 0) {
    statement(db, "DELETE FROM kept_answer WHERE at_us > 0 AND at_us < ?")
        .bind(1, a.at_us - answers_stay_us)
        .run();
  }
  const std::string text = to_text(a.bytes);
  statement(db,
            "INSERT INTO kept_answer(key, body_hash, answer, made, at_us) VALUES(?, ?, ?, ?, ?)")
      .bind(1, std::string_view(a.key))
      .bind(2, std::string_view(a.body_hash))
      .bind(3, std::string_view(text))
      .bind(4, a.made)
      .bind(5, a.at_us)
      .run();
}

answer_eraser::answer_eraser(connection& db)
    : next_(db,
            "SELECT key, answer FROM kept_answer WHERE answer IS NOT NULL AND key > ? "
            "ORDER BY key LIMIT 1"),
      erase_(db, "UPDATE kept_answer SET answer = NULL WHERE key = ?"),
      db_(&db) {}

bool answer_eraser::erase_next(const std::vector<std::string>& texts) {
  const std::string after = key_;
  if (!next_.bind(1, std::string_view(after)).step()) {
    next_.reset();
    return true;
  }
  key_ = next_.text(0);
  const std::string bytes = from_text(next_.text(1), *db_);
  next_.reset();
  const auto is_held = [&bytes](const std::string& text) {
    return bytes.find(text) != std::string::npos;
  };
  if (std::ranges::any_of(texts, is_held)) erase_.bind(1, std::string_view(key_)).run();
  return false;
}

}  // namespace clv::store
