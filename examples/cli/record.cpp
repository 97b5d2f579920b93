// clv record: facts about customers into a store; all rows of a file, or none.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "command.hpp"
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

void print_outcome(const record_command& o,
                   const result& counts,
                   std::int64_t rejected,
                   const diag& d) {
  const auto accepted = static_cast<std::int64_t>(number_at(counts, "accepted", 0));
  const auto duplicates = static_cast<std::int64_t>(number_at(counts, "duplicates", 0));
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
  o.file.schema = o.table;
  const csv_rows rows = read_csv(o.file, d);  // before the store is touched
  if (clv_result_rows(rows.accepted.get()) == 0 && rows.rejected > 0) {
    fail(o.file.path + ": every row was rejected (" + grouped(rows.rejected) +
             "); nothing was recorded",
         "mend the rows; --rejects FILE writes them with the reasons");
  }
  const engine store = open_store(o.store, false, d);
  auto options = sized<clv_ingest_options>();
  options.source = o.source.c_str();
  options.currency = o.file.currency.c_str();
  const clv_batch batch = batch_of(rows.accepted, d);
  d.name_rows_of(o.file.path, rows.rejected_rows);
  task work(d,
            "record",
            o.store,
            clv_engine_record_begin,
            store.get(),
            o.table.c_str(),
            &options,
            &batch);
  work.run();
  print_outcome(o, work.take(), rows.rejected, d);
  return exit_ok;
}

}  // namespace

void add_record(CLI::App& app, action& chosen) {
  auto o = std::make_shared<record_command>();
  CLI::App& command = *app.add_subcommand("record", "Read facts about customers into a store");
  command
      .add_option("table",
                  o->table,
                  "customers, consent, contacts, outcomes, evidence, touches, feedback, costs, "
                  "referrals or ledger")
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
  command
      .add_option(
          "--attributes", o->file.extra, "Of customers: further columns of numbers, named attr.*")
      ->type_name("attr.A,attr.B");
  command.add_flag("--json", o->json, "Print the counts as JSON");
  command.footer(
      "Consent and contacts steer what clv decide may do, outcomes are what clv measure reads,\n"
      "evidence (of clv report effects) is what it believes of an action.\n\n"
      "Example:\n  clv record consent consent.csv --store shop.clv\n"
      "  clv record outcomes outcomes.csv --store shop.clv");
  command.callback([o, &chosen] { chosen = [o] { return run_record(*o); }; });
}

}  // namespace cli
