#include "market.hpp"

#include <cstdio>
#include <filesystem>
#include <string>

#include "failure.hpp"
#include "json.hpp"
#include "report_facts.hpp"
#include "report_run.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {

int write_market(const market_request& o) {
  diag d;
  const report_facts market = report_named("market", d);
  report_request request;
  add_options(request, market, o.options);
  const named_tables tables = run_report(market, request, d);
  std::error_code failed;
  std::filesystem::create_directories(o.out_dir, failed);
  if (failed) fail(o.out_dir + ": " + failed.message());
  json_object files;
  for (const auto& [name, rows] : tables) {
    const std::string file = (name.empty() ? "transactions" : name) + ".csv";
    write_csv(rows, (std::filesystem::path(o.out_dir) / file).string(), d);
    files.add(file, clv_result_rows(rows.get()));
    if (o.json) continue;
    std::printf("%s/%s: %s rows\n",
                o.out_dir.c_str(),
                file.c_str(),
                grouped(clv_result_rows(rows.get())).c_str());
  }
  if (o.json) {
    json_object json;
    std::printf("%s\n",
                json.add("out_dir", o.out_dir).add_json("rows", files.text()).text().c_str());
  }
  return exit_ok;
}

}  // namespace cli
