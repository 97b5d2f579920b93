// One batch of a group: from the look whether it was answered before to its answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv/engine.hpp"
#include "engine/incoming_batch.hpp"
#include "math/hash.hpp"
#include "store/derived.hpp"
#include "store/request_log.hpp"
#include "store/savepoint.hpp"

namespace clv::detail {

// What the group tells of a batch.
struct batch_answer {
  issue failure{.code = status::ok};
  bool repeated = false;
  bool counted = false;  // false: it failed, or was answered too long ago
  std::int64_t accepted = 0, duplicates = 0, rejected = 0;
  std::int64_t erased = 0;
  std::int64_t sequence = 0;
  std::vector<refused_rows::one> rejects;
};

class group_batch {
 public:
  explicit group_batch(keyed_batch what) : what_(std::move(what)) {}

  // One bounded part, inside the group's transaction; how much is done, in [0, 1]. What is wrong
  // with the batch itself is its answer; throws only what ends the whole group.
  double advance(core& c, store::request_log& log, bool with_savepoint);
  // It failed after it had begun to write, without a savepoint: the transaction holds a part of it.
  bool left_a_part() const { return left_a_part_; }
  void restart();  // as if nothing had been asked yet, for another transaction
  void abandon();  // lets go of the store

  const batch_answer& answer() const { return answer_; }
  const std::string& name() const { return what_.table; }
  const std::string& fingerprint() const { return fingerprint_; }
  // Whether it wrote anything that is to be committed.
  bool wrote() const { return wrote_; }
  bool stored_rows() const { return wrote_ && answer_.accepted > 0; }

 private:
  enum class stage { look, hash, find, check, store, keep, settled };
  void advance_one(core& c, store::request_log& log, bool with_savepoint);
  void look();
  void hash();
  void find(store::request_log& log);
  void repeat(const store::answer& earlier);
  void open(core& c, bool with_savepoint);
  void keep(store::request_log& log);
  void keep_answer(store::request_log& log);
  void fail(issue why);
  store::request_key key() const { return {what_.key, what_.sequence}; }
  bool is_keyed() const { return !what_.key.empty(); }

  keyed_batch what_;
  stage stage_ = stage::look;
  batch_answer answer_;
  std::string body_hash_, fingerprint_;
  bool wrote_ = false, left_a_part_ = false;
  std::size_t hashed_ = 0;
  store::content_checksum content_;
  std::optional<store::savepoint> savepoint_;
  std::unique_ptr<incoming_batch> batch_;  // its writer is destroyed before the savepoint
};

}  // namespace clv::detail
