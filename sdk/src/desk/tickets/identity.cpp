#include "desk/tickets/identity.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "features/cells.hpp"

namespace clv::desk {
namespace {

struct link {
  std::string_view customer, identity, event_id;
  std::int64_t time = 0;
  bool linked = false;
  std::size_t row = 0;
};

std::string_view text_in(const column& c, std::size_t row) {
  if (!c.present(row) || c.text(row).empty()) {
    features::refuse_cell(c, row, "is empty", "say which address belongs to which customer");
  }
  return c.text(row);
}

link read_link(const table& links, std::size_t row) {
  const column& time = links.get("time", type::time);
  const column& linked = links.get("linked", type::i64);
  if (!time.present(row)) {
    features::refuse_cell(time, row, "is empty", "say since when the link holds");
  }
  const std::int64_t value = linked.present(row) ? linked.integers()[row] : -1;
  if (value != 0 && value != 1) {
    features::refuse_cell(linked,
                          row,
                          linked.present(row) ? std::to_string(value) + " is neither 1 nor 0"
                                              : std::string("is empty"),
                          "give 1 where they belong together from then on, 0 where they do not");
  }
  const column* id = links.find("event_id");
  return {.customer = text_in(links.get("customer", type::utf8), row),
          .identity = text_in(links.get("identity", type::utf8), row),
          .event_id = id != nullptr && id->present(row) ? id->text(row) : std::string_view(),
          .time = time.integers()[row],
          .linked = value == 1,
          .row = row};
}

// Of one instant and event a link is taken back after it was made.
bool earlier(const link& a, const link& b) {
  return std::tie(a.time, a.event_id, b.linked, a.customer, a.identity) <
         std::tie(b.time, b.event_id, a.linked, b.customer, b.identity);
}

// What stands: the last word on each pair.
std::vector<link> standing(const table& links, std::int64_t as_of) {
  std::vector<link> all;
  for (std::size_t row = 0; row < links.rows(); ++row) {
    const link read = read_link(links, row);
    if (read.time <= as_of && read.customer != read.identity) all.push_back(read);
  }
  std::sort(all.begin(), all.end(), earlier);
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> last;
  for (std::size_t i = 0; i < all.size(); ++i) last[{all[i].customer, all[i].identity}] = i;
  std::vector<link> kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].linked && last[{all[i].customer, all[i].identity}] == i) kept.push_back(all[i]);
  }
  return kept;
}

using next_link = std::unordered_map<std::string_view, const link*>;

// The end of the chain that begins at `from`. It is in a circle when it is longer than all links.
std::string_view end_of(const next_link& next, const link& from, const column& identity) {
  std::string_view at = from.customer;
  for (std::size_t steps = 0; steps <= next.size(); ++steps) {
    const auto found = next.find(at);
    if (found == next.end()) return at;
    at = found->second->customer;
  }
  features::refuse_cell(identity,
                        from.row,
                        "'" + std::string(from.identity) + "' is linked to '" +
                            std::string(from.customer) + "' and, by other links, that to it",
                        "take one of the links back: add it again with linked 0");
}

}  // namespace

identity_map::identity_map(const table& links, std::int64_t as_of) {
  const std::vector<link> kept = standing(links, as_of);
  next_link next;
  for (const link& l : kept) next[l.identity] = &l;  // they are in order: the last one wins
  const column& identity = links.get("identity", type::utf8);
  for (const link& l : kept) {
    if (next[l.identity] == &l) {
      customers_.emplace(std::string(l.identity), std::string(end_of(next, l, identity)));
    }
  }
}

std::string_view identity_map::customer_of(std::string_view id) const {
  const auto found = customers_.find(id);
  return found == customers_.end() ? id : std::string_view(found->second);
}

}  // namespace clv::desk
