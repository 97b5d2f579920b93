// What a report says is to be recorded, on its way into the facts: checked, then stored in one
// transaction.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core.hpp"
#include "engine/fact_batch.hpp"

namespace clv::detail {

// Takes what it records from the tables of `result`, by the outputs that `what` declares.
class recorder {
 public:
  recorder(core& c, const clv::report& what, ingest_options o, std::shared_ptr<outcome> result)
      : core_(&c), what_(&what), options_(std::move(o)), result_(std::move(result)) {}
  // Kept in the same transaction.
  void keep(std::optional<request_answer> answer) { answer_ = std::move(answer); }

  // Each does a bounded part and says how much is done, in [0, 1].
  double check();
  double store();
  double commit();  // adds table "recorded" to the result: facts, accepted, duplicates
  void abandon() {
    for (fact_batch& b : batches_) b.abandon();
    all_or_nothing_.reset();
  }

 private:
  void make_batches();
  void commit(std::int64_t accepted);
  double part(std::size_t done, double inside) const {
    return (static_cast<double>(done) + inside) / static_cast<double>(batches_.size());
  }

  core* core_;
  const clv::report* what_;
  ingest_options options_;
  std::optional<request_answer> answer_;
  std::shared_ptr<outcome> result_;
  bool made_ = false;
  std::optional<store::transaction> all_or_nothing_;
  std::vector<std::string> facts_;  // of each batch
  std::vector<fact_batch> batches_;
  std::size_t next_ = 0;
};

}  // namespace clv::detail
