// Stored tables, as they were written.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/core.hpp"
#include "engine/decision_inputs.hpp"
#include "store/fact_tables.hpp"

namespace clv {
namespace detail {
namespace {

struct readable {
  std::string_view table;
  std::string_view verb;  // that writes it
};
// Beside the recorded facts, which are all readable.
constexpr std::array readables{readable{"transactions", "ingest"},
                               readable{"summary", "fit"},
                               readable{"parameters", "fit"},
                               readable{"scores", "score"},
                               readable{"segments", "segment"},
                               readable{"proposals", "propose"},
                               readable{"decisions", "decide"},
                               readable{"refusals", "decide"},
                               readable{"budget", "decide"},
                               readable{"resources", "decide"}};

readable find_readable(std::string_view name) {
  std::string known;
  for (const readable& r : readables) {
    if (r.table == name) return r;
    known += std::string(r.table) + ", ";
  }
  for (const store::fact_table& f : store::fact_tables()) {
    const bool chained = f.kind == store::fact_kind::chained;
    if (f.name == name) return {.table = f.name, .verb = chained ? "decide" : "record"};
    known += std::string(f.name) + ", ";
  }
  known += "models, aliases, candidates, known_customers";
  throw error(
      status::not_found, "the store has no table '" + std::string(name) + "'", "known: " + known);
}

// Everyone whom the log or a recorded fact names, scored or not, in the order of summaries; an
// address or account that only stands for somebody is nobody of its own.
constexpr std::string_view known_ids =
    "SELECT ext_id FROM customer AS c WHERE "
    "NOT EXISTS(SELECT 1 FROM identities AS i WHERE i.identity = c.id AND i.customer <> c.id) "
    "OR EXISTS(SELECT 1 FROM txn AS t WHERE t.customer = c.id) "
    "OR EXISTS(SELECT 1 FROM customers AS k WHERE k.customer = c.id)";

std::shared_ptr<const table> read_known_customers(core& c) {
  std::vector<std::string> ids;
  store::statement all(c.sql(), known_ids);
  while (all.step()) ids.emplace_back(all.text(0));
  std::ranges::sort(ids);  // by bytes, whatever the database sorts by
  auto t = std::make_shared<table>();
  column& customer = t->add("customer", type::utf8);
  for (const std::string& id : ids) customer.push(std::string_view(id));
  t->seal("known_customers/1");
  return t;
}

}  // namespace

bool is_readable(std::string_view name) {
  return store::find_fact_table(name) != nullptr ||
         std::ranges::find(readables, name, &readable::table) != readables.end();
}

bool can_read(core& c, std::string_view name) {
  if (!is_readable(name)) return false;
  if (name == "transactions") return store::latest_run(c.sql(), "ingest").has_value();
  if (store::find_fact_table(name) != nullptr) {
    return store::read_fact_state(c.sql(), name).rows > 0;
  }
  return store::is_stored(c.sql(), name);
}

void require_readable(core& c, std::string_view name) {
  const readable what = find_readable(name);
  if (can_read(c, name)) return;
  const std::string table(name), verb(what.verb);
  const std::string first = verb == "record" ? "record " + table : "run " + verb;
  throw error(status::state,
              c.sql().label() + " has no " + table + " yet: " + first + " first",
              "run " + verb);
}

std::shared_ptr<const table> read_table(core& c, std::string_view name) {
  if (name != "models" && name != "aliases" && name != "known_customers") find_readable(name);
  const store::transaction snapshot(c.sql(), store::transaction::purpose::read);
  if (name == "models") return list_models(c);
  if (name == "aliases") return list_aliases(c);
  if (name == "known_customers") return read_known_customers(c);
  require_readable(c, name);
  stored_input input;
  while (input.step(c, name) < 1.0) {
  }
  return input.rows();
}

}  // namespace detail

std::shared_ptr<const table> engine::read(std::string_view name) {
  const detail::lease alone(impl_->core);
  if (name == "candidates") return detail::read_candidates(*alone);
  return detail::read_table(*alone, name);
}

}  // namespace clv
