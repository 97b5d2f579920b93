// clv record: facts about customers into a store; all rows of a file, or none.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "fact_tables.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "json.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct record_command {
  std::string store;
  std::string table;
  csv_source file;
  std::string source = "csv";
  bool json = false;
};

std::string names_of_tables() {
  std::string names;
  for (const std::string_view table : fact_tables)
    names += (names.empty() ? "" : ", ") + std::string(table);
  return names;
}

void require_table(const std::string& given) {
  if (std::ranges::find(fact_tables, given) != fact_tables.end()) return;
  misuse("'" + given + "' is no table of facts", "known: " + names_of_tables());
}

// The rows and, of customers, their columns attr.* as well, numbers or text. Borrows from itself.
class facts {
 public:
  facts(const record_command& o, diag& d) : rows_(read_csv(o.file, d)) {
    if (o.table == "customers" && clv_result_rows(rows_.accepted.get()) > 0) add_attributes(o, d);
  }
  const csv_rows& rows() const { return rows_; }
  clv_batch batch(const diag& d) {
    clv_batch batch = batch_of(rows_.accepted, d);
    if (attributes_ == nullptr) return batch;
    columns_.assign(batch.columns, batch.columns + batch.n_columns);
    const clv_batch all = batch_of(attributes_, d);
    for (std::uint32_t i = 0; i < all.n_columns; ++i) {
      if (is_attribute(all.columns[i].name)) columns_.push_back(all.columns[i]);
    }
    batch.columns = columns_.data();
    batch.n_columns = static_cast<std::uint32_t>(columns_.size());
    return batch;
  }

 private:
  static bool is_attribute(std::string_view name) { return name.starts_with("attr."); }

  void add_attributes(const record_command& o, diag& d) {
    csv_source every_column;
    every_column.path = o.file.path;
    every_column.schema = "any";
    attributes_ = read_csv(every_column, d).accepted;
    const clv_batch all = batch_of(attributes_, d);
    const bool any = std::any_of(all.columns, all.columns + all.n_columns, [](const clv_column& c) {
      return is_attribute(c.name);
    });
    if (!any) attributes_.reset();
    if (any && rows_.rejected > 0) {
      fail(o.file.path + ": rows were rejected, and their columns attr.* cannot be left out",
           "mend the rows, or take out the columns attr.*");
    }
  }

  csv_rows rows_;
  result attributes_;
  std::vector<clv_column> columns_;
};

// Rows without an event id cannot be known again; of some tables a second one does no harm.
void warn_of_repeats(const record_command& o, const csv_rows& rows, diag& d) {
  for (const char* state : {"customers", "consent", "evidence", "agents"}) {
    if (o.table == state) return;
  }
  if (has_column(rows.accepted, "event_id") || clv_result_rows(rows.accepted.get()) == 0) return;
  d.warn(o.file.path + ": there is no event_id: recording this file again would count it again");
}

void print_outcome(const record_command& o,
                   const result& counts,
                   std::int64_t rejected,
                   const diag& d) {
  const auto accepted = static_cast<std::int64_t>(number_at(counts, "accepted", 0));
  const auto duplicates = static_cast<std::int64_t>(number_at(counts, "duplicates", 0));
  if (accepted + duplicates == 0) {
    std::fprintf(stderr, "clv: %s: no row was recorded\n", o.file.path.c_str());
  }
  if (o.json) {
    json_object json;
    json.add("store", o.store).add("table", o.table).add("accepted", accepted);
    json.add("duplicates", duplicates).add("rejected", rejected);
    std::printf("%s\n", json.add_json("warnings", d.warnings_json()).text().c_str());
    return;
  }
  std::printf("%s: %s rows of %s recorded in %s, %s known already, %s rejected\n",
              o.file.path.c_str(),
              grouped(accepted).c_str(),
              o.table.c_str(),
              o.store.c_str(),
              grouped(duplicates).c_str(),
              grouped(rejected).c_str());
}

int run_record(record_command o) {
  diag d;
  require_table(o.table);
  o.file.schema = o.table;
  o.file.all_notes = true;
  facts given(o, d);  // before the store is touched
  const csv_rows& rows = given.rows();
  if (clv_result_rows(rows.accepted.get()) == 0 && rows.rejected > 0) {
    fail(o.file.path + ": every row was rejected (" + grouped(rows.rejected) +
             "); nothing was recorded",
         "mend the rows; --rejects FILE writes them with the reasons");
  }
  const engine store = open_store(o.store, false, d);
  auto options = sized<clv_ingest_options>();
  options.source = o.source.c_str();
  options.currency = o.file.currency.c_str();
  const clv_batch batch = given.batch(d);
  d.name_rows_of(o.file.path, rows.rejected_rows);
  task work(d,
            "record",
            o.store,
            clv_engine_record_begin,
            store.get(),
            &options,
            o.table.c_str(),
            &batch);
  work.run();
  warn_of_repeats(o, rows, d);
  print_outcome(o, work.take(), rows.rejected, d);
  return exit_ok;
}

}  // namespace

void add_record(CLI::App& app, action& chosen) {
  auto o = std::make_shared<record_command>();
  CLI::App& command = *app.add_subcommand("record", "Read facts about customers into a store");
  command.add_option("table", o->table, "One of: " + names_of_tables())
      ->required()
      ->type_name("TABLE");
  command.add_option("file", o->file.path, "Its rows, under the column names of the dictionary")
      ->required()
      ->type_name("FILE.csv");
  command.add_option("--store", o->store, "The store of clv import")->required();
  command
      .add_option("--source", o->source, "Who sends: with event ids it makes recording repeatable")
      ->capture_default_str();
  add_csv_options(command, o->file);
  command.add_flag("--json", o->json, "Print the counts as JSON");
  command.footer(
      "Of customers every column attr.* is kept too, numbers or text.\n"
      "Consent and contacts steer what clv decide may do, outcomes are what clv measure reads,\n"
      "evidence (of clv report effects) is what it believes of an action. What happened to "
      "tickets,\n"
      "and who answers them, is what clv desk reads.\n\n"
      "Example:\n  clv record consent consent.csv --store shop.clv\n"
      "  clv record outcomes outcomes.csv --store shop.clv");
  command.callback([o, &chosen] { chosen = [o] { return run_record(*o); }; });
}

}  // namespace cli
