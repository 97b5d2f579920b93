// clv import: a CSV log into a store; all of it, or nothing.
#include <cstdio>
#include <filesystem>
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

struct import_options {
  std::string store;
  csv_source log;
  std::string source = "csv";
  bool json = false;
};

// A store that the import itself made is taken away again when the import fails.
class new_store {
 public:
  explicit new_store(std::string path) : path_(std::move(path)) {
    is_new_ = !std::filesystem::exists(path_);
  }
  new_store(const new_store&) = delete;
  new_store& operator=(const new_store&) = delete;
  bool is_new() const { return is_new_; }
  void keep() { is_new_ = false; }
  ~new_store() {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-lock"}) {
      if (is_new_) std::filesystem::remove(path_ + suffix, ignored);
    }
  }

 private:
  std::string path_;
  bool is_new_ = false;
};

// Rows without an event id cannot be known again.
void warn_of_repeats(const import_options& o, const csv_rows& rows, bool is_new, diag& d) {
  if (is_new || has_column(rows.accepted, "event_id")) return;
  d.warn(o.log.path + ": the log has no event_id: importing this file again would count it again");
}

void require_rows(const import_options& o, const csv_rows& rows) {
  if (clv_result_rows(rows.accepted.get()) > 0 || rows.rejected == 0) return;
  fail(o.log.path + ": every row was rejected (" + grouped(rows.rejected) + "); nothing was stored",
       "mend the rows; --rejects FILE writes them with the reasons");
}

result ingest(const engine& store, const import_options& o, const csv_rows& rows, diag& d) {
  auto options = sized<clv_ingest_options>();
  options.source = o.source.c_str();
  options.currency = o.log.currency.c_str();
  const clv_batch batch = batch_of(rows.accepted, d);
  d.name_rows_of(o.log.path, rows.rejected_rows);
  task storing(d, "import", o.store, clv_engine_ingest_begin, store.get(), &options, &batch);
  storing.run();
  return storing.take();
}

void print_outcome(const import_options& o,
                   const result& counts,
                   std::int64_t rejected,
                   const diag& d) {
  const auto accepted = static_cast<std::int64_t>(number_at(counts, "accepted", 0));
  const auto duplicates = static_cast<std::int64_t>(number_at(counts, "duplicates", 0));
  if (accepted + duplicates == 0) {
    std::fprintf(stderr, "clv: %s: no row was stored\n", o.log.path.c_str());
  }
  if (o.json) {
    json_object json;
    json.add("store", o.store).add("log", o.log.path).add("accepted", accepted);
    json.add("duplicates", duplicates).add("rejected", rejected);
    json.add_json("warnings", d.warnings_json());
    std::printf("%s\n", json.text().c_str());
    return;
  }
  std::printf("%s: %s rows stored in %s, %s known already, %s rejected\n",
              o.log.path.c_str(),
              grouped(accepted).c_str(),
              o.store.c_str(),
              grouped(duplicates).c_str(),
              grouped(rejected).c_str());
}

int run_import(const import_options& o) {
  diag d;
  const csv_rows rows = read_csv(o.log, d);  // before the store is touched
  require_rows(o, rows);
  new_store made(o.store);
  {
    const engine store = open_store(o.store, true, d);
    const result counts = ingest(store, o, rows, d);
    warn_of_repeats(o, rows, made.is_new(), d);
    print_outcome(o, counts, rows.rejected, d);
  }
  made.keep();
  return exit_ok;
}

}  // namespace

void add_import(CLI::App& app, action& chosen) {
  auto o = std::make_shared<import_options>();
  CLI::App& command = *app.add_subcommand("import", "Read a CSV log of transactions into a store");
  command.add_option("log", o->log.path, "The log: customer, time, amount and more")
      ->required()
      ->type_name("LOG.csv");
  command.add_option("--store", o->store, "The store; created when absent")->required();
  command
      .add_option("--source", o->source, "Who sends: with event ids it makes importing repeatable")
      ->capture_default_str();
  add_csv_options(command, o->log);
  command.add_flag("--json", o->json, "Print the counts as JSON");
  command.footer(
      "A log without event_id counts again when it is imported again. Columns like order_id or\n"
      "invoice_no are taken for it; a log with several rows of one invoice wants --map "
      "event_id=\n\n"
      "Example:\n  clv import --store shop.clv --currency EUR --map "
      "customer=client,time=date,amount=total log.csv");
  command.callback([o, &chosen] { chosen = [o] { return run_import(*o); }; });
}

}  // namespace cli
