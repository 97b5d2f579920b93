// Stored tables and the latest model, as they were written.
#include <algorithm>
#include <array>

#include "engine/core.hpp"
#include "store/transactions.hpp"

namespace clv {
namespace detail {
namespace {

struct readable {
  std::string_view table;
  std::string_view verb;  // that writes it
};
constexpr std::array readables{readable{"transactions", "ingest"},
                               readable{"summary", "fit"},
                               readable{"parameters", "fit"},
                               readable{"scores", "score"},
                               readable{"segments", "segment"},
                               readable{"proposals", "propose"},
                               readable{"decisions", "decide"},
                               readable{"refusals", "decide"},
                               readable{"budget", "decide"}};

const readable& find_readable(std::string_view name) {
  std::string known;
  for (const readable& r : readables) {
    if (r.table == name) return r;
    known += (known.empty() ? "" : ", ") + std::string(r.table);
  }
  throw error(
      status::not_found, "the store has no table '" + std::string(name) + "'", "known: " + known);
}

std::shared_ptr<const table> read_log(core& c) {
  store::log_reader reader(c.sql(), store::log_reader::purpose::for_people);
  while (reader.read(rows_a_unit) < 1.0) {
  }
  return reader.take();
}

}  // namespace

std::shared_ptr<const table> read_table(core& c, std::string_view name) {
  const readable& what = find_readable(name);
  const store::transaction snapshot(c.sql(), store::transaction::purpose::read);
  const bool is_log = what.table == "transactions";
  const bool there =
      is_log ? store::latest_run(c.sql(), "ingest").has_value() : store::is_stored(c.sql(), name);
  if (!there) {
    throw error(status::state,
                c.sql().label() + " has no " + std::string(name) + " yet: run " +
                    std::string(what.verb) + " first",
                "run " + std::string(what.verb));
  }
  if (is_log) return read_log(c);
  store::table_reader reader(c.sql(), std::string(name));
  while (reader.read(rows_a_unit) < 1.0) {
  }
  return reader.take();
}

std::shared_ptr<const fitted_model> read_model(core& c) {
  const std::optional<std::string> json = store::latest_model(c.sql());
  if (!json) {
    throw error(status::state, c.sql().label() + " has no model yet: run fit first", "run fit");
  }
  try {
    return std::make_shared<const fitted_model>(load_model(*json));
  } catch (const error& e) {
    throw error(status::corrupt,
                c.sql().label() + ": the stored model cannot be read: " + e.what(),
                "run fit again");
  }
}

}  // namespace detail

std::shared_ptr<const table> engine::read(std::string_view name) {
  const detail::lease alone(impl_->core);
  return detail::read_table(*alone, name);
}

std::shared_ptr<const fitted_model> engine::model() {
  const detail::lease alone(impl_->core);
  return detail::read_model(*alone);
}

}  // namespace clv
