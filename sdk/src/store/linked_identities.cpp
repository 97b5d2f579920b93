#include "store/linked_identities.hpp"

#include <algorithm>
#include <set>

namespace clv::store {
namespace {

class link_walk {
 public:
  // The links of an address in the order in which they count, as desk/tickets/identity.cpp has it.
  explicit link_walk(connection& db)
      : named_(db, "SELECT DISTINCT identity FROM identities WHERE customer = ? ORDER BY identity"),
        links_(db,
               "SELECT l.customer, l.linked FROM identities AS l "
               "JOIN customer AS c ON c.id = l.customer "
               "WHERE l.identity = ? AND l.customer <> l.identity "
               "ORDER BY l.time, ifnull(l.event_id, ''), l.linked DESC, c.ext_id"),
        id_of_(db, "SELECT ext_id FROM customer WHERE id = ?") {}

  std::vector<std::int64_t> linked_to(std::int64_t customer) {
    std::vector<std::int64_t> named, linked;
    named_.bind(1, customer);
    while (named_.step()) named.push_back(named_.integer(0));
    named_.reset();
    for (const std::int64_t identity : named) {
      if (owner_of(identity) == customer) linked.push_back(identity);
    }
    return linked;
  }

  one_customer person(std::int64_t id) {
    id_of_.bind(1, id).step();
    one_customer who{.id = id, .ext_id = std::string(id_of_.text(0))};
    id_of_.reset();
    return who;
  }

 private:
  struct link {
    std::int64_t customer = 0;
    bool linked = false;
  };

  // The last word on each customer counts, and of those who stand the one linked last; 0: nobody.
  std::int64_t owner_of(std::int64_t identity) {
    std::vector<link> links;
    links_.bind(1, identity);
    while (links_.step()) links.push_back({links_.integer(0), links_.integer(1) != 0});
    links_.reset();
    std::set<std::int64_t> taken_back;
    for (auto last = links.rbegin(); last != links.rend(); ++last) {
      if (taken_back.contains(last->customer)) continue;
      if (last->linked) return last->customer;
      taken_back.insert(last->customer);
    }
    return 0;
  }

  statement named_, links_, id_of_;
};

}  // namespace

std::vector<one_customer> with_identities(connection& db, const one_customer& whose) {
  link_walk walk(db);
  std::vector<one_customer> found{whose};
  for (std::size_t next = 0; next < found.size(); ++next) {
    for (const std::int64_t id : walk.linked_to(found[next].id)) {
      const bool known = std::ranges::any_of(found, [&](const auto& p) { return p.id == id; });
      if (!known) found.push_back(walk.person(id));
    }
  }
  return found;
}

}  // namespace clv::store
