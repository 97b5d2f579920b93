// One batch of facts on its way into the file: checked row by row, then written row by row inside
// the caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/core.hpp"
#include "engine/incoming_facts.hpp"
#include "store/fact_writer.hpp"

namespace clv::detail {

class fact_batch {
 public:
  // Throws as incoming_facts does.
  fact_batch(std::string_view name, const table& rows, ingest_options o)
      : rows_(name, rows, o), options_(std::move(o)) {}

  // Each does a bounded part and says how much is done, in [0, 1].
  double check();
  double store(core& c);  // inside a transaction
  // After store(): writes what is known of the whole table. Before the transaction ends.
  void finish();
  void abandon() { writer_.reset(); }

  std::int64_t accepted() const { return accepted_; }
  std::int64_t duplicates() const { return duplicates_; }
  std::int64_t erased() const { return erased_; }  // among the duplicates
  const table& rows() const { return rows_.rows(); }
  const std::string& source() const { return options_.source; }

 private:
  double after(std::size_t row);

  incoming_facts rows_;
  ingest_options options_;
  std::size_t next_ = 0;
  std::int64_t accepted_ = 0, duplicates_ = 0, erased_ = 0;
  std::optional<store::fact_writer> writer_;
};

}  // namespace clv::detail
