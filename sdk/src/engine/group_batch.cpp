#include "engine/group_batch.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "data/csv_scan.hpp"
#include "math/json.hpp"

namespace clv::detail {
namespace {

constexpr std::size_t longest_key = 256;  // bytes

// Everything else (a full disk, a damaged file, no memory) is of the store and not of one batch.
bool is_of_the_batch(status code) {
  constexpr std::array theirs{status::invalid,
                              status::unsupported,
                              status::state,
                              status::not_found,
                              status::data,
                              status::numeric,
                              status::exists,
                              status::limit};
  return std::ranges::find(theirs, code) != theirs.end();
}

// Without values: what is kept under a key holds nothing of a customer.
std::string rejects_json(const std::vector<refused_rows::one>& rejects) {
  boost::json::array all;
  for (const refused_rows::one& r : rejects) {
    all.push_back(boost::json::array{r.row, r.column, boost::json::string_view(r.reason)});
  }
  return boost::json::serialize(all);
}

refused_rows::one kept_reject(const boost::json::array& kept) {
  const std::int64_t row = kept.at(0).as_int64();
  std::string column(kept.at(1).as_string());
  const bool conflict = kept.at(2).as_string() == boost::json::string_view(conflicting_duplicate);
  std::string message = "row " + std::to_string(row + 1) + ", column '" + column +
                        "' was refused when these rows came first";
  return {row, std::move(column), conflict ? conflicting_duplicate : invalid_row, message};
}

std::vector<refused_rows::one> kept_rejects(const std::string& json) {
  std::vector<refused_rows::one> rejects;
  if (json.empty()) return rejects;
  const boost::json::value all = math::parse_json(json);
  for (const boost::json::value& kept : all.as_array()) {
    rejects.push_back(kept_reject(kept.as_array()));
  }
  return rejects;
}

std::string quoted_key(const keyed_batch& b) {
  return "'" + b.key + "'";
}

}  // namespace

double group_batch::advance(core& c, store::request_log& log, bool with_savepoint) {
  try {
    advance_one(c, log, with_savepoint);
  } catch (const error& e) {
    if (!is_of_the_batch(e.details().code)) throw;
    fail(e.details());
  }
  constexpr auto stages = static_cast<double>(stage::settled);
  return static_cast<double>(stage_) / stages;
}

void group_batch::advance_one(core& c, store::request_log& log, bool with_savepoint) {
  switch (stage_) {
    case stage::look:
      return look();
    case stage::hash:
      return hash();
    case stage::find:
      find(log);
      if (stage_ == stage::check) open(c, with_savepoint);
      return;
    case stage::check:
      if (batch_->check() >= 1.0) stage_ = stage::store;
      return;
    case stage::store:
      if (batch_->store(c) >= 1.0) stage_ = stage::keep;
      return;
    case stage::keep:
      return keep(log);
    case stage::settled:
      return;
  }
}

void group_batch::abandon() {
  if (batch_) batch_->abandon();
  savepoint_.reset();
}

void group_batch::restart() {
  abandon();
  batch_.reset();
  answer_ = {};
  wrote_ = left_a_part_ = false;
  stage_ = body_hash_.empty() ? stage::look : stage::find;
}

void group_batch::look() {
  if (what_.key.size() > longest_key || data::find_bad_byte(what_.key) != std::string_view::npos) {
    throw error(status::invalid,
                "the batch's key is longer than " + std::to_string(longest_key) +
                    " bytes or not UTF-8 text",
                "use a short id such as a UUID");
  }
  if (what_.sequence < 0 || (what_.sequence > 0 && !is_keyed())) {
    throw error(status::invalid,
                "sequence " + std::to_string(what_.sequence) +
                    (is_keyed() ? " is negative" : " needs the key of its stream"),
                "number the batches of a stream 1, 2, ... under one key; 0 is a request");
  }
  if (what_.unreadable) throw error(*what_.unreadable);
  if (!what_.rows) throw error(status::invalid, "the batch has no rows", "give it a table");
  stage_ = is_keyed() ? stage::hash : stage::find;
}

// Of the rows and of all that says how they are to be taken; the time of sending is no part of it.
void group_batch::hash() {
  const table& rows = *what_.rows;
  const std::size_t last = std::min(rows.rows(), hashed_ + rows_a_unit);
  content_.add(rows.columns(), hashed_, last);
  hashed_ = last;
  if (hashed_ < rows.rows()) return;
  math::fingerprint_builder whole;
  const auto add = [&whole](std::string_view text) {
    whole.add(std::to_string(text.size()) + ":");
    whole.add(text);
  };
  add(what_.table);
  add(what_.options.source);
  add(what_.options.currency);
  add(what_.partial ? "partial" : "whole");
  for (const column& c : rows.columns()) {
    add(c.name());
    add(store::stored_type(c.kind()));
    add(c.unit());
  }
  add(std::to_string(rows.rows()));
  add(content_.hex());
  body_hash_ = whole.hex();
  stage_ = stage::find;
}

void group_batch::find(store::request_log& log) {
  stage_ = stage::check;
  if (!is_keyed()) return;
  const bool streams = what_.sequence > 0;
  if (streams) answer_.sequence = log.last_sequence(what_.key);
  if (const auto earlier = log.find(key())) return repeat(*earlier);
  if (!streams || what_.sequence == answer_.sequence + 1) return;
  if (what_.sequence <= answer_.sequence) {  // longer ago than answers are kept
    answer_.repeated = true;
    stage_ = stage::settled;
    return;
  }
  throw error(status::state,
              "batch " + std::to_string(what_.sequence) + " of stream " + quoted_key(what_) +
                  " leaves a gap: the last durable one is " + std::to_string(answer_.sequence),
              "send batch " + std::to_string(answer_.sequence + 1) + " next");
}

void group_batch::repeat(const store::answer& earlier) {
  if (earlier.body_hash != body_hash_) {
    const std::string which =
        what_.sequence > 0 ? "batch " + std::to_string(what_.sequence) + " of stream " : "key ";
    throw error(status::exists,
                which + quoted_key(what_) + " was taken with other rows",
                what_.sequence > 0 ? "go on with the next sequence" : "give new rows a new key");
  }
  answer_.repeated = answer_.counted = true;
  answer_.accepted = earlier.accepted;
  answer_.duplicates = earlier.duplicates;
  answer_.rejected = earlier.rejected;
  answer_.rejects = kept_rejects(earlier.rejects);
  stage_ = stage::settled;
}

void group_batch::open(core& c, bool with_savepoint) {
  batch_ = make_batch(what_.table, what_.rows, what_.options, what_.partial);
  fingerprint_ = batch_->fingerprint();
  if (with_savepoint || what_.validate_only) savepoint_.emplace(c.sql());
}

void group_batch::keep(store::request_log& log) {
  answer_.accepted = batch_->accepted();
  answer_.duplicates = batch_->duplicates();
  answer_.erased = batch_->erased();
  answer_.rejects = batch_->refused().take();
  answer_.rejected = static_cast<std::int64_t>(answer_.rejects.size());
  answer_.counted = true;
  const bool stays = !what_.validate_only;
  if (stays && answer_.accepted > 0) batch_->finish();
  batch_->abandon();
  if (savepoint_) stays ? savepoint_->keep() : savepoint_->undo();
  savepoint_.reset();
  batch_.reset();
  if (stays && is_keyed()) keep_answer(log);
  wrote_ = stays && (answer_.accepted > 0 || is_keyed());
  stage_ = stage::settled;
}

void group_batch::keep_answer(store::request_log& log) {
  store::answer kept{.body_hash = body_hash_,
                     .accepted = answer_.accepted,
                     .duplicates = answer_.duplicates,
                     .rejected = answer_.rejected};
  if (!answer_.rejects.empty()) kept.rejects = rejects_json(answer_.rejects);
  log.keep(key(), kept, what_.options.now_us);
  answer_.sequence = what_.sequence;
}

void group_batch::fail(issue why) {
  answer_.failure = std::move(why);
  left_a_part_ = !savepoint_ && stage_ >= stage::store;
  if (batch_) batch_->abandon();
  if (savepoint_) savepoint_->undo();
  savepoint_.reset();
  batch_.reset();
  stage_ = stage::settled;
}

}  // namespace clv::detail
