// One batch of facts on its way into their table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "engine/incoming_batch.hpp"
#include "engine/incoming_facts.hpp"
#include "store/fact_writer.hpp"

namespace clv::detail {

class fact_batch final : public incoming_batch {
 public:
  // Throws as incoming_facts does.
  fact_batch(std::string_view name, const table& rows, ingest_options o, bool one_by_one = false)
      : incoming_batch(std::move(o), one_by_one), rows_(name, rows, options_) {}

  double check() override;
  double store(core& c) override;
  void finish() override;
  void abandon() override { writer_.reset(); }
  const std::string& fingerprint() const override { return rows_.rows().fingerprint(); }

 private:
  double after(std::size_t row);
  void store_row(std::size_t row);

  incoming_facts rows_;
  std::size_t next_ = 0;
  std::optional<store::fact_writer> writer_;
};

}  // namespace clv::detail
