// clv segment: every scored customer into one named group.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "json.hpp"
#include "plugin_files.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct segment_command {
  std::string store;
  csv_source scores;
  std::string scheme = "value_tier";
  bool scheme_given = false;
  std::string options;
  plugin_request plugins;  // instead of a scheme: one of them puts customers into segments
  std::string now;
  std::string unit = "week";  // of the ages in a file of scores, for plugins
  std::string rule;           // a file of save_rule: scheme and options come from there
  std::string save_rule;      // where the scheme and what it learned are written
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

// The scheme and what it learned, as an earlier call of this command wrote them.
void read_rule(segment_command& o, diag& d) {
  if (o.rule.empty()) return;
  if (!o.options.empty()) misuse("--rule and --options exclude each other: the rule has its own");
  csv_source file;
  file.path = o.rule;
  file.schema = "any";
  const result rows = read_csv(file, d).accepted;
  o.scheme = text_at(rows, "scheme", 0);
  o.options = text_at(rows, "options_json", 0);
  if (o.scheme.empty() || o.options.empty()) {
    fail(o.rule + " is not a rule: it needs one row with 'scheme' and 'options_json'",
         "clv segment --save-rule FILE writes one");
  }
}

struct grouping {
  result segments;
  result profile;
  result rule;
};

// The plugin that puts customers into segments; the others are there for their features.
std::string segmenter_of(const plugins& loaded, const diag& d) {
  const result list = list_plugins(loaded, d);
  std::string found, names;
  for (std::int64_t i = 0; i < clv_result_rows(list.get()); ++i) {
    const std::string id = text_at(list, "id", i);
    if (text_at(list, "segments", i).empty()) {
      names += (names.empty() ? "" : ", ") + id + " (" + text_at(list, "capabilities", i) + ")";
    } else if (found.empty()) {
      found = id;
    } else {
      misuse("--plugin: both " + found + " and " + id + " put customers into segments", "name one");
    }
  }
  if (found.empty()) misuse("--plugin: no plugin puts customers into segments: " + names);
  return found;
}

void require_alone(const segment_command& o) {
  if (o.rule.empty() && o.options.empty() && o.save_rule.empty() && !o.scheme_given) return;
  misuse("--plugin excludes --scheme, --options, --rule and --save-rule",
         "settings of a plugin are --plugin-config ID={JSON}");
}

// A CSV file does not say what its ages are counted in, and plugins ask.
std::vector<clv_column> with_ages_in(const std::string& unit, const clv_batch& rows) {
  std::vector<clv_column> columns(rows.columns, rows.columns + rows.n_columns);
  for (clv_column& c : columns) {
    const std::string name = c.name;
    if (name == "T" || name == "t_x") c.unit = unit.c_str();
  }
  return columns;
}

// Its segments are kept by its id: the same plugin puts later customers where these are.
grouping by_plugin(segment_command& o, diag& d) {
  require_alone(o);
  o.plugins.now_us = o.now.empty() ? system_now_us() : parse_time(o.now, "UTC", "--now");
  const plugins loaded = load_plugins(o.plugins, d);
  const std::string id = segmenter_of(loaded, d);
  o.scheme = "plugin:" + id;
  if (o.store.empty()) {
    const csv_rows rows = read_csv(o.scores, d);
    clv_batch batch = batch_of(rows.accepted, d);
    const std::vector<clv_column> columns = with_ages_in(o.unit, batch);
    batch.columns = columns.data();
    task work(d,
              "segment",
              o.scores.path,
              clv_plugins_segment_begin,
              loaded.get(),
              nullptr,
              id.c_str(),
              &batch);
    work.run();
    return {work.take(), work.take("profile"), nullptr};
  }
  const engine store = open_store(o.store, false, d);
  task work(d,
            "segment",
            o.store,
            clv_engine_plugin_segment_begin,
            store.get(),
            loaded.get(),
            nullptr,
            id.c_str());
  work.run();
  return {work.take(), work.take("profile"), nullptr};
}

grouping of_scores(const segment_command& o, const clv_segment_options& options, diag& d) {
  const csv_rows rows = read_csv(o.scores, d);
  const clv_batch batch = batch_of(rows.accepted, d);
  task work(d, "segment", o.scores.path, clv_segment_begin, &options, &batch);
  work.run();
  return {work.take(), work.take("profile"), work.take("rule")};
}

grouping of_store(const segment_command& o, const clv_segment_options& options, diag& d) {
  const engine store = open_store(o.store, false, d);
  grouping found;
  {
    task work(d, "segment", o.store, clv_engine_segment_begin, store.get(), &options);
    work.run();
    found.profile = work.take("profile");
    found.rule = work.take("rule");
  }
  if (!o.out.empty()) found.segments = read_store(store, "segments", o.store, d);
  return found;
}

grouping by_scheme(segment_command& o, diag& d) {
  read_rule(o, d);
  require_scheme(o.scheme, d);
  auto options = sized<clv_segment_options>();
  options.scheme = o.scheme.c_str();
  options.options_json = or_null(o.options);
  return o.store.empty() ? of_scores(o, options, d) : of_store(o, options, d);
}

int run_segment(segment_command o) {
  diag d;
  if (o.store.empty() == o.scores.path.empty()) misuse("segment needs either --store or --scores");
  const grouping found = o.plugins.paths.empty() ? by_scheme(o, d) : by_plugin(o, d);
  if (!o.save_rule.empty()) write_csv(found.rule, o.save_rule, d);
  if (!o.out.empty()) write_csv(found.segments, o.out, d);
  const std::string text =
      o.json ? profile_json(o, found.profile, d) + "\n" : profile_table(found.profile);
  if (o.out != "-") std::fputs(text.c_str(), stdout);
  return exit_ok;
}

}  // namespace

void add_segment(CLI::App& app, action& chosen) {
  auto o = std::make_shared<segment_command>();
  o->scores.schema = "scores";
  CLI::App& command = *app.add_subcommand("segment", "Put every scored customer into one group");
  command.add_option("--store", o->store, "The store; score it before");
  command.add_option("--scores", o->scores.path, "No store: this CSV file of clv score --out");
  command.add_option("--currency", o->scores.currency, "With --scores: ISO 4217 code of its money")
      ->capture_default_str();
  CLI::Option* scheme =
      command
          .add_option("--scheme", o->scheme, "value_tier, rfm, k_means, gaussian_mixture or rules")
          ->capture_default_str();
  command.add_option("--options", o->options, "The scheme's own settings, a JSON object");
  command.add_option("--save-rule", o->save_rule, "Write what the scheme learned to this CSV file");
  command.add_option(
      "--rule", o->rule, "Instead of --scheme: assign by such a file, also customers new to it");
  command.add_option(
      "--plugin",
      o->plugins.paths,
      "Instead of --scheme: segments by this plugin, a name or a file; again for one whose "
      "features it reads");
  command.add_option("--plugin-config", o->plugins.configs, "Settings of a plugin: ID={JSON}");
  command.add_option("--now", o->now, "The time that plugins see (default: now)");
  command.add_option("--unit", o->unit, "With --scores and --plugin: what its ages are counted in")
      ->check(unit_name())
      ->capture_default_str();
  command.add_option("--out", o->out, "Write the segments to this CSV file");
  command.add_flag("--json", o->json, "Print the profile of the segments as JSON");
  command.footer(
      "Settings, all optional:\n"
      "  value_tier        cuts, names, confidence\n"
      "  rfm               bins, recency_cuts, frequency_cuts, monetary_cuts\n"
      "  k_means           k, most_k, columns, log, seed, restarts, bootstraps, names\n"
      "  gaussian_mixture  the same\n"
      "  rules             rules (the first whose 'when' holds gives the 'name'), default\n\n"
      "Example:\n"
      "  clv segment --store shop.clv --scheme k_means --options '{\"k\": 4}' --out segments.csv\n"
      "  clv segment --scores scores.csv --scheme rfm --save-rule rule.csv --out before.csv\n"
      "  clv segment --scores later.csv --rule rule.csv --out after.csv\n"
      "  clv segment --scores scores.csv --scheme rules --options "
      "'{\"rules\": [{\"name\": \"vip\", \"when\": \"clv > 200 and p_alive >= .8\"}]}'");
  command.callback([o, scheme, &chosen] {
    o->scheme_given = scheme->count() > 0;
    chosen = [o] { return run_segment(*o); };
  });
}

}  // namespace cli
