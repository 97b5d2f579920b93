// What a verb of an engine that only reads would have stored, and as of when.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "clv/job.hpp"
#include "engine/core.hpp"

namespace clv::detail {

// The store as something saw it: everything up to a run.
struct past {
  std::string store;  // its identity
  store::last_run run;
};
past past_of(core& c);

// Throws error{invalid} when this is another store, error{conflict} when it did not come to where
// it is by way of that run, or when rows were taken out since that would come back.
void require_adoptable(core& c, const past& seen, std::string_view verb);
// Throws error{conflict} when a later run wrote that table: it is the one that counts.
void require_unwritten(core& c, const past& seen, std::string_view verb, std::string_view table);

// Immutable, holds nothing of the engine that computed it, and so may be used on another thread.
class unstored {
 public:
  virtual ~unstored() = default;
  // The job that writes it into this store, as engine::adopt, and keeps the answer. Throws as
  // require_adoptable does.
  virtual job store_in(std::shared_ptr<core> writer,
                       std::optional<request_answer> answer) const = 0;
};

}  // namespace clv::detail
