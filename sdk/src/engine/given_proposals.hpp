// Proposals that were made elsewhere, such as by plugins in processes of their own, as one more
// proposer: what it says is checked as what a plugin says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/decide.hpp"

namespace clv::detail {

class given_proposals final : public proposer {
 public:
  // Rows of schema "proposals". Throws error{invalid} for a missing column or one of another type.
  explicit given_proposals(const std::shared_ptr<const table>& rows);

  // Throws error{data} when an amount is in another currency than the candidates'.
  void check_currency(const table& candidates) const;

  std::string_view id() const override { return "given proposals"; }
  // A row that cannot be taken is left out with a note that names it; after some notes the rest is
  // counted.
  void propose(const table& customers,
               std::size_t first,
               std::size_t last,
               table& proposals,
               issues& notes) override;

 private:
  struct placed {
    std::int64_t row;  // of the candidates
    std::size_t given;
  };
  void place_all(const table& customers, issues& notes);
  void append(const placed& p, table& proposals) const;

  table rows_;
  std::vector<placed> placed_;  // by row of the candidates; of one row in the order they were given
  std::size_t next_ = 0;
};

}  // namespace clv::detail
