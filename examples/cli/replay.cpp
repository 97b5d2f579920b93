// clv replay: every receipt computed again, and the chain of their hashes.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "command.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct replay_command {
  std::string store;
  std::string out;
  bool json = false;
};

constexpr std::int64_t most_told = 5;

int run_replay(const replay_command& o) {
  diag d;
  const engine store = open_store(o.store, false, d);
  task work(d, "replay", o.store, clv_engine_replay_begin, store.get(), nullptr);
  work.run();
  const result receipts = work.take();
  if (!o.out.empty()) write_csv(receipts, o.out, d);
  std::int64_t wrong = 0;
  for (std::int64_t row = 0; row < clv_result_rows(receipts.get()); ++row) {
    if (number_at(receipts, "matches", row) == 1 || wrong++ >= most_told) continue;
    std::fprintf(stderr,
                 "clv: decision %s: %s\n",
                 text_at(receipts, "decision_id", row).c_str(),
                 text_at(receipts, "difference", row).c_str());
  }
  const std::int64_t all = clv_result_rows(receipts.get());
  if (o.json) {
    json_object json;
    json.add("store", o.store).add("receipts", all).add("different", wrong);
    std::printf("%s\n", json.add_json("warnings", d.warnings_json()).text().c_str());
  } else if (o.out != "-") {
    std::printf("%s: %s receipts replayed, %s\n",
                o.store.c_str(),
                grouped(all).c_str(),
                wrong == 0 ? "all the same to the byte" : (grouped(wrong) + " differ").c_str());
  }
  return wrong == 0 ? exit_ok : exit_failed;
}

}  // namespace

void add_replay(CLI::App& app, action& chosen) {
  auto o = std::make_shared<replay_command>();
  CLI::App& command = *app.add_subcommand("replay", "Compute every receipt again, bit for bit");
  command.add_option("--store", o->store, "The store of clv decide")->required();
  command.add_option("--out", o->out, "Write the verdict on each receipt to this CSV file");
  command.add_flag("--json", o->json, "Print the counts as JSON");
  command.footer(
      "Exit status 1 when a receipt differs or the chain is broken.\n\n"
      "Example:\n  clv replay --store shop.clv");
  command.callback([o, &chosen] { chosen = [o] { return run_replay(*o); }; });
}

}  // namespace cli
