#include "desk_answer.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "rows.hpp"
#include "table_text.hpp"
#include "text.hpp"

namespace cli {
namespace {

std::string records_of(const report_facts& report, const std::string& table) {
  const auto at = std::ranges::find(report.outputs, table, &report_output::name);
  return at == report.outputs.end() ? "" : at->records;
}

// A file is named after the facts that it holds, so that clv record and --input take it.
void write_all(const report_facts& report,
               const named_tables& tables,
               const std::string& folder,
               const diag& d) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) fail(folder + ": " + failed.message());
  for (const auto& [name, rows] : tables) {
    const std::string facts = records_of(report, name);
    const std::string file = (facts.empty() ? shown_name(name) : facts) + ".csv";
    write_csv(rows, (std::filesystem::path(folder) / file).string(), d);
  }
}

std::string recorded_text(const result& rows) {
  std::string text;
  for (std::int64_t row = 0; row < clv_result_rows(rows.get()); ++row) {
    const auto count = [&](const char* column) {
      return grouped(static_cast<std::int64_t>(number_at(rows, column, row)));
    };
    const std::string accepted = count("accepted");
    text += "recorded: " + accepted + (accepted == "1" ? " row of " : " rows of ") +
            text_at(rows, "facts", row) + ", " + count("duplicates") + " known already\n";
  }
  return text.empty() ? "recorded: nothing\n" : text;
}

std::string text_of(const report_facts& report,
                    const named_tables& tables,
                    const desk_output& how,
                    const diag& d) {
  std::string text;
  for (const auto& [name, rows] : tables) {
    if (name == "recorded") {
      text += "\n" + recorded_text(rows);
      continue;
    }
    const bool main = &rows == &tables.front().second;
    if (!main && (!records_of(report, name).empty() || clv_result_rows(rows.get()) == 0)) continue;
    if (!main) text += "\n" + name + "\n\n";
    text += clv_result_rows(rows.get()) == 0 ? std::string("There is none.\n")
                                             : shown_table(rows, how.top, d);
  }
  return text;
}

}  // namespace

void show_answer(const report_facts& report,
                 named_tables& tables,
                 const desk_output& how,
                 diag& d) {
  if (!how.out_dir.empty()) write_all(report, tables, how.out_dir, d);
  keep_table(tables, how.table);
  if (!how.out.empty()) write_csv(tables.front().second, how.out, d);
  if (how.out == "-") return;
  const std::string text =
      how.json ? answer_json(report.name, tables, d) + "\n" : text_of(report, tables, how, d);
  std::fputs(text.c_str(), stdout);
}

}  // namespace cli
