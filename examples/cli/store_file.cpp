// clv store: check, back up, restore and upgrade the file of a store, and delete old events of it.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "clv_service.h"
#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "json.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "table_text.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct store_command {
  std::string store;
  std::string file;  // a backup, or where a copy goes
  std::string table;
  std::string before;
  std::string time_zone = "UTC";
  bool json = false;
};

constexpr std::int64_t rows_shown = 200;

// Nobody writes through this one: others may go on.
engine open_reader(const std::string& path, const diag& d) {
  auto options = sized<clv_engine_options>();
  options.path = path.c_str();
  options.flags = CLV_OPEN_READ_ONLY;
  clv_engine* raw = nullptr;
  d.check(clv_engine_open(&options, &raw, d.get()), path);
  return engine(raw);
}

void print_table(const result& rows, const store_command& o, const char* name, const diag& d) {
  if (!o.json) {
    std::fputs(shown_table(rows, rows_shown, d).c_str(), stdout);
    return;
  }
  json_object json;
  json.add("store", o.store).add_json(name, json_table(rows, d));
  std::printf("%s\n", json.add_json("warnings", d.warnings_json()).text().c_str());
}

int run_check(const store_command& o) {
  diag d;
  task work(d, "check", o.store, clv_store_check_begin, nullptr, o.store.c_str());
  work.run();
  const result checks = work.take();
  print_table(checks, o, "checks", d);
  std::int64_t damaged = 0;
  for (std::int64_t row = 0; row < clv_result_rows(checks.get()); ++row) {
    if (text_at(checks, "status", row) != "ok") ++damaged;
  }
  if (damaged == 0) return exit_ok;
  std::fprintf(stderr,
               "clv: %s is damaged; the file was not changed\n"
               "  hint: `clv store restore` puts a backup beside it\n",
               o.store.c_str());
  return exit_failed;
}

void tell_copy(const result& copy, const char* what, const store_command& o, const diag& d) {
  if (o.json) {
    print_table(copy, o, what, d);
    return;
  }
  std::printf("%s: %s bytes, schema %s, read to the last byte\nsha256 %s\n",
              text_at(copy, "path", 0).c_str(),
              grouped(static_cast<std::int64_t>(number_at(copy, "bytes", 0))).c_str(),
              exact(number_at(copy, "schema_version", 0)).c_str(),
              text_at(copy, "sha256", 0).c_str());
}

int run_backup(const store_command& o) {
  diag d;
  const engine store = open_reader(o.store, d);
  task work(d, "backup", o.store, clv_engine_backup_begin, store.get(), nullptr, o.file.c_str());
  work.run();
  tell_copy(work.take(), "backup", o, d);
  return exit_ok;
}

int run_restore(const store_command& o) {
  diag d;
  task work(
      d, "restore", o.file, clv_store_restore_begin, nullptr, o.file.c_str(), o.store.c_str());
  work.run();
  tell_copy(work.take(), "restored", o, d);
  return exit_ok;
}

int run_migrate(const store_command& o) {
  diag d;
  task work(
      d, "migrate", o.store, clv_store_migrate_begin, nullptr, o.store.c_str(), or_null(o.file));
  work.run();
  print_table(work.take(), o, "steps", d);
  const result copy = work.try_take("copy");
  if (copy && !o.json) tell_copy(copy, "copy", o, d);
  return exit_ok;
}

int run_prune(const store_command& o) {
  diag d;
  const std::int64_t before_us = parse_time(o.before, o.time_zone, "--before");
  const engine store = open_store(o.store, false, d);
  task work(d,
            "prune",
            o.store,
            clv_engine_prune_begin,
            store.get(),
            nullptr,
            o.table.c_str(),
            before_us);
  work.run();
  print_table(work.take(), o, "pruned", d);
  return exit_ok;
}

using runner = int (*)(const store_command&);

CLI::App& add_verb(CLI::App& store,
                   const char* name,
                   const char* help,
                   const std::shared_ptr<store_command>& o,
                   std::pair<runner, action*> run) {
  CLI::App& command = *store.add_subcommand(name, help);
  command.add_option("--store", o->store, "The store")->required();
  command.add_flag("--json", o->json, "Print it as JSON");
  command.callback([o, run] { *run.second = [o, run] { return run.first(*o); }; });
  return command;
}

void add_check(CLI::App& store, action& chosen) {
  const auto o = std::make_shared<store_command>();
  add_verb(store, "check", "Read every page, key and checksum", o, {run_check, &chosen})
      .footer(
          "Writes nothing and runs beside a writer. Exit status 1 when anything is damaged.\n\n"
          "Example:\n  clv store check --store shop.clv");
}

void add_backup(CLI::App& store, action& chosen) {
  const auto o = std::make_shared<store_command>();
  CLI::App& command =
      add_verb(store, "backup", "Copy it while others write", o, {run_backup, &chosen});
  command.add_option("backup", o->file, "The copy; BACKUP.manifest.json is written beside it")
      ->required()
      ->type_name("BACKUP");
  command.footer(
      "The copy is read to the last byte before it gets its name. Nothing is overwritten.\n\n"
      "Example:\n  clv store backup --store shop.clv shop-monday.clv");
}

void add_restore(CLI::App& store, action& chosen) {
  const auto o = std::make_shared<store_command>();
  CLI::App& command =
      add_verb(store, "restore", "Put a backup where no store is", o, {run_restore, &chosen});
  command.add_option("backup", o->file, "The copy; its manifest is beside it")
      ->required()
      ->type_name("BACKUP");
  command.footer(
      "The backup is compared with its manifest and read to the last byte; all of it is put there "
      "or\nnothing. A damaged store is moved away first: nothing is overwritten.\n\n"
      "Example:\n  clv store restore --store restored.clv shop-monday.clv");
}

void add_migrate(CLI::App& store, action& chosen) {
  const auto o = std::make_shared<store_command>();
  CLI::App& command =
      add_verb(store, "migrate", "Upgrade it after a checked copy", o, {run_migrate, &chosen});
  command.add_option("--copy", o->file, "Where the copy goes; STORE.before-N when not given");
  command.footer(
      "Other commands upgrade an older store when they first write to it, without a copy.\n\n"
      "Example:\n  clv store migrate --store shop.clv");
}

void add_prune(CLI::App& store, action& chosen) {
  const auto o = std::make_shared<store_command>();
  CLI::App& command =
      add_verb(store, "prune", "Delete recorded events of long ago", o, {run_prune, &chosen});
  command.add_option("--table", o->table, "transactions, touches, contacts, ticket_events, ...")
      ->required();
  command.add_option("--before", o->before, "Events before this day or time")->required();
  command.add_option("--time-zone", o->time_zone, "Of --before")->capture_default_str();
  command.footer(
      "Of transactions customers whose last one is earlier, whole; of tickets and follow-ups "
      "likewise.\nA file that is imported again brings them back.\n\n"
      "Example:\n  clv store prune --store shop.clv --table touches --before 2021-01-01");
}

}  // namespace

void add_store(CLI::App& app, action& chosen) {
  CLI::App& store =
      *app.add_subcommand("store", "Check, back up, restore and upgrade the file of a store");
  store.require_subcommand(0, 1);  // none is said below: then a misspelt one is named
  add_check(store, chosen);
  add_backup(store, chosen);
  add_restore(store, chosen);
  add_migrate(store, chosen);
  add_prune(store, chosen);
  store.callback([&chosen] {
    if (!chosen) {
      chosen = []() -> int { misuse("store needs a verb", "clv store --help lists them"); };
    }
  });
  store.footer(
      "Example:\n  clv store backup --store shop.clv shop-friday.clv\n"
      "  clv store check --store shop-friday.clv");
}

}  // namespace cli
