// clv export and clv forget: everything a store holds of one customer, handed over or deleted.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "table_text.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct personal_command {
  std::string customer;
  std::string store;
  std::string out_dir;
  bool json = false;
};

// Names of the tables that hold something, from the job's main table.
std::vector<std::string> names_of(const result& tables) {
  std::vector<std::string> names;
  for (std::int64_t row = 0; row < clv_result_rows(tables.get()); ++row) {
    if (number_at(tables, "rows", row) > 0) names.push_back(text_at(tables, "name", row));
  }
  return names;
}

void write_tables(const task& work, const result& index, const std::string& dir, const diag& d) {
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  if (failed) fail(dir + ": " + failed.message());
  for (const std::string& name : names_of(index)) {
    if (const result rows = work.try_take(name.c_str())) {
      write_csv(rows, (std::filesystem::path(dir) / (name + ".csv")).string(), d);
    }
  }
}

int run_export(const personal_command& o) {
  diag d;
  const engine store = open_store(o.store, false, d);
  task work(
      d, "export", o.store, clv_engine_export_begin, store.get(), nullptr, o.customer.c_str());
  work.run();
  const result index = work.take();
  if (!o.out_dir.empty()) write_tables(work, index, o.out_dir, d);
  if (o.json) {
    json_object tables;
    for (const std::string& name : names_of(index)) {
      if (const result rows = work.try_take(name.c_str())) {
        tables.add_json(name, json_table(rows, d));
      }
    }
    json_object json;
    json.add("customer", o.customer).add_json("tables", tables.text());
    std::printf("%s\n", json.text().c_str());
    return exit_ok;
  }
  std::fputs(shown_table(index, 100, d).c_str(), stdout);
  return exit_ok;
}

int run_forget(const personal_command& o) {
  diag d;
  const engine store = open_store(o.store, false, d);
  task work(
      d, "forget", o.store, clv_engine_forget_begin, store.get(), nullptr, o.customer.c_str());
  work.run();
  const result index = work.take();
  if (o.json) {
    json_object json;
    json.add("customer", o.customer).add_json("deleted", json_table(index, d));
    std::printf("%s\n", json.text().c_str());
    return exit_ok;
  }
  std::fputs(shown_table(index, 100, d).c_str(), stdout);
  return exit_ok;
}

CLI::App& add_command(CLI::App& app, const char* name, const char* what, personal_command& o) {
  CLI::App& command = *app.add_subcommand(name, what);
  command.add_option("customer", o.customer, "The customer's id")
      ->required()
      ->type_name("CUSTOMER");
  command.add_option("--store", o.store, "The store")->required();
  command.add_flag("--json", o.json, "Print it as JSON");
  return command;
}

}  // namespace

void add_export(CLI::App& app, action& chosen) {
  auto o = std::make_shared<personal_command>();
  CLI::App& command = add_command(app, "export", "Hand over all that is stored of a customer", *o);
  command.add_option("--out-dir", o->out_dir, "Write one CSV file per table into this folder");
  command.footer(
      "Raw events and everything derived from them: scores and decisions are personal data too.\n\n"
      "Example:\n  clv export c000007 --store shop.clv --json");
  command.callback([o, &chosen] { chosen = [o] { return run_export(*o); }; });
}

void add_forget(CLI::App& app, action& chosen) {
  auto o = std::make_shared<personal_command>();
  CLI::App& command = add_command(app, "forget", "Delete all that is stored of a customer", *o);
  command.footer(
      "What clv export shows is deleted. The hashes of the customer's receipts stay, without a "
      "name,\nso that the chain of all receipts still holds.\n\n"
      "Example:\n  clv forget c000007 --store shop.clv");
  command.callback([o, &chosen] { chosen = [o] { return run_forget(*o); }; });
}

}  // namespace cli
