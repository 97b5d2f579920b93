// Stored tables, as they were written.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/core.hpp"
#include "engine/decision_inputs.hpp"
#include "engine/memory_need.hpp"
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

// What is put together when it is asked for.
bool is_list(std::string_view name) {
  return name == "models" || name == "aliases" || name == "known_customers";
}

std::shared_ptr<const table> list_of(core& c, std::string_view name) {
  if (name == "models") return list_models(c);
  return name == "aliases" ? list_aliases(c) : read_known_customers(c);
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

namespace {

// "candidates" are made of several tables; all others are read as they lie.
class read_work {
 public:
  read_work(std::shared_ptr<core> owner, stored_rows what, std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        name_(std::move(what.table)),
        which_{what.first, what.count},
        result_(std::move(result)),
        seen_(*engine_) {
    if (name_ == "candidates") {
      require_decidable(*engine_, result_->notes);
      candidates_.emplace(*engine_, decision_facts{}, decision_inputs::facts_wanted::customers);
    } else if (!is_list(name_)) {
      find_readable(name_);
      require_readable(*engine_, name_);
    }
    // Facts and candidates are put together before a page is cut from them.
    const bool whole = candidates_ || store::find_fact_table(name_) != nullptr;
    require_memory(*engine_, whole ? "read as a whole" : "read", rows_held());
  }

  double first() {
    if (candidates_) return candidates_->load_scores();
    if (is_list(name_)) return 1.0;
    return input_.step(*engine_, name_, which_);
  }
  double join() { return candidates_ ? candidates_->load_segments() : 1.0; }
  double last();
  void abandon() { seen_.end(); }

 private:
  row_counts rows_held();

  lease engine_;  // released last
  std::string name_;
  row_range which_;
  std::shared_ptr<outcome> result_;
  snapshot seen_;
  stored_input input_;
  std::optional<decision_inputs> candidates_;
};

row_counts read_work::rows_held() {
  if (candidates_) {
    const std::int64_t rows = candidates_->rows_of_facts();
    return {.customers = rows_of_table(*engine_, "scores"), .rows = rows};
  }
  const store::fact_table* facts = store::find_fact_table(name_);
  const std::int64_t all = rows_of_table(*engine_, name_);
  const std::int64_t rows = facts != nullptr ? all : which_.of(all);
  if (name_ == "transactions") return {.transactions = rows};
  if (name_ == "proposals" || name_.starts_with("decision")) return {.proposals = rows};
  if (facts != nullptr) return {.rows = rows};
  return {.customers = rows};
}

double read_work::last() {
  if (candidates_) {
    const double done = candidates_->load_facts();
    if (done < 1.0) return done;
    result_->tables[""] = cut(candidates_->customers(), which_, name_);
  } else if (is_list(name_)) {
    result_->tables[""] = cut(list_of(*engine_, name_), which_, name_);
  } else {
    result_->tables[""] = input_.rows();
  }
  seen_.end();
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::read(stored_rows what) {
  using detail::read_work;
  check_range({what.first, what.count});
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<read_work>(impl_->core, std::move(what), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("read", work, &read_work::first));
  phases.push_back(detail::phase_of("join", work, &read_work::join));
  phases.push_back(detail::phase_of("finish", work, &read_work::last));
  return {std::move(phases), std::move(result)};
}

std::shared_ptr<const table> engine::read(std::string_view name) {
  job reading = read(stored_rows{.table = std::string(name)});
  reading.run();
  return reading.result().tables.at("");
}

}  // namespace clv
