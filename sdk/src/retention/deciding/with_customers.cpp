#include <string>
#include <unordered_map>

#include "clv/decide.hpp"
#include "clv/error.hpp"
#include "retention/deciding/copy_value.hpp"

namespace clv {
namespace {

using places = std::unordered_map<std::string_view, std::size_t>;

places places_of(const column& ids) {
  places found;
  found.reserve(ids.size());
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (!ids.present(row) || found.emplace(ids.text(row), row).second) continue;
    throw error(issue{.code = status::data,
                      .row = static_cast<std::int64_t>(row),
                      .column = "customer",
                      .message = "row " + std::to_string(row + 1) +
                                 " of the customers, column 'customer': '" +
                                 std::string(ids.text(row)) + "' is there twice",
                      .hint = "give one row per customer"});
  }
  return found;
}

void append(table& joined, const column& from, const column& ids, const places& known) {
  column& to = joined.add(from.name(), from.kind(), from.unit());
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const auto at = ids.present(row) ? known.find(ids.text(row)) : known.end();
    at == known.end() ? to.push_absent() : retention::copy_value(from, at->second, to);
  }
}

}  // namespace

std::shared_ptr<const table> with_customers(const std::shared_ptr<const table>& scores,
                                            const table& customers) {
  const column& ids = scores->get("customer", type::utf8);
  const places known = places_of(customers.get("customer", type::utf8));
  auto joined = std::make_shared<table>(*scores);
  for (const column& c : customers.columns()) {
    if (joined->find(c.name()) == nullptr) append(*joined, c, ids, known);
  }
  joined->seal("with_customers/1|" + scores->fingerprint() + "|" + customers.fingerprint());
  return joined;
}

}  // namespace clv
