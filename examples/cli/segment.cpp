// clv segment: every scored customer into one named group.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct segment_command {
  std::string store;
  std::string scheme = "value_tier";
  std::string options;
  std::string out;
  bool json = false;
};

void require_scheme(const std::string& scheme, const diag& d) {
  clv_result* raw = nullptr;
  d.check(clv_catalogue("segmentations", &raw, d.get()), "");
  const result table(raw);
  std::string names;
  for (std::int64_t i = 0; i < clv_result_rows(table.get()); ++i) {
    const std::string name = text_at(table, "name", i);
    if (name == scheme) return;
    names += (names.empty() ? "" : ", ") + name;
  }
  misuse("no segmentation is called '" + scheme + "'", "known: " + names);
}

std::string profile_json(const segment_command& o, const result& profile, const diag& d) {
  json_array segments;
  for (std::int64_t i = 0; i < clv_result_rows(profile.get()); ++i) {
    json_object segment;
    segment.add("segment", text_at(profile, "segment", i));
    for (const char* column :
         {"customers", "share", "mean_clv", "sum_clv", "mean_p_alive", "mean_expected_purchases"}) {
      segment.add(column, number_at(profile, column, i));
    }
    segments.add_json(segment.text());
  }
  json_object json;
  json.add("scheme", o.scheme).add_json("segments", segments.text());
  return json.add_json("warnings", d.warnings_json()).text();
}

std::string profile_table(const result& profile) {
  std::vector<std::vector<std::string>> rows;
  for (std::int64_t i = 0; i < clv_result_rows(profile.get()); ++i) {
    rows.push_back({text_at(profile, "segment", i),
                    rounded(number_at(profile, "customers", i), 0),
                    percent(number_at(profile, "share", i)),
                    rounded(number_at(profile, "mean_clv", i), 2),
                    rounded(number_at(profile, "sum_clv", i), 2),
                    percent(number_at(profile, "mean_p_alive", i))});
  }
  return text_table({{"segment"},
                     {"customers", 16, true},
                     {"share", 8, true},
                     {"mean value", 18, true},
                     {"total value", 22, true},
                     {"alive", 8, true}},
                    rows);
}

int run_segment(const segment_command& o) {
  diag d;
  require_scheme(o.scheme, d);
  const engine store = open_store(o.store, false, d);
  auto options = sized<clv_segment_options>();
  options.scheme = o.scheme.c_str();
  options.options_json = or_null(o.options);
  result profile;
  {
    task work(d, "segment", o.store, clv_engine_segment_begin, store.get(), &options);
    work.run();
    profile = work.take("profile");
  }
  if (!o.out.empty()) write_csv(read_store(store, "segments", o.store, d), o.out, d);
  const std::string text = o.json ? profile_json(o, profile, d) + "\n" : profile_table(profile);
  if (o.out != "-") std::fputs(text.c_str(), stdout);
  return exit_ok;
}

}  // namespace

void add_segment(CLI::App& app, action& chosen) {
  auto o = std::make_shared<segment_command>();
  CLI::App& command = *app.add_subcommand("segment", "Put every scored customer into one group");
  command.add_option("--store", o->store, "The store; score it before")->required();
  command.add_option("--scheme", o->scheme, "value_tier or rfm")->capture_default_str();
  command.add_option("--options", o->options, "The scheme's own settings, a JSON object");
  command.add_option("--out", o->out, "Write the segments to this CSV file");
  command.add_flag("--json", o->json, "Print the profile of the segments as JSON");
  command.footer("Example:\n  clv segment --store shop.clv --scheme value_tier --out segments.csv");
  command.callback([o, &chosen] { chosen = [o] { return run_segment(*o); }; });
}

}  // namespace cli
