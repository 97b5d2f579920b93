// What a policy does, read from a table like schema "decisions". [any]
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "market/truth.hpp"

namespace clv::market {

inline constexpr std::string_view decision_columns_read =
    "customer,action; optional: arm (holdout or none: nothing is done), decision_id, policy";

struct decided {
  std::size_t customer = 0;
  std::size_t action = truth_book::nobody;  // nobody: nothing is done
  std::string id;                           // of the decision; "" = none stated
  std::string policy;                       // "decisions" unless column policy says it
};

// In the table's order. Throws error{data} naming row, column and value for a customer or an action
// that the truth does not have and for a customer that is there twice (in the same policy),
// error{invalid} for a missing column.
std::vector<decided> read_decisions(std::string_view report,
                                    const table& rows,
                                    const truth_book& book);

// Contacts the customers have had: how many were sent in the last 30 days, and which actions reach
// nobody any more because the customer unsubscribed from their channel.
struct contact_history {
  std::vector<double> sent;   // by customer of the book
  std::vector<bool> unheard;  // by customer and action: customer * actions + action
};
// `rows` conforms to schema "contacts", or is nullptr: no contacts. Rows of unknown customers and
// later ones than the truth's day are passed over.
contact_history read_contacts(const table* rows, const truth_book& book);

}  // namespace clv::market
