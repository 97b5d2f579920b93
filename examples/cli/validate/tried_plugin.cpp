#include "tried_plugin.hpp"

#include <algorithm>

#include "../plugin_files.hpp"
#include "../rows.hpp"
#include "../text.hpp"
#include "lent_rows.hpp"

namespace cli {
namespace {

std::vector<std::string> items_of(const std::string& list) {
  std::vector<std::string> items;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    items.push_back(list.substr(at, end - at));
    at = list.find_first_not_of(", ", end);
  }
  return items;
}

// A plugin that fails, or says what is refused, is a warning to a host that has others; here it is
// the finding. That nobody supplies a column it reads (attr.*, feature.*) is none.
void fail_on_complaints(const diag& d) {
  for (std::int64_t i = 0; i < clv_diag_count(d.get()); ++i) {
    auto entry = sized<clv_diag_entry>();
    if (clv_diag_get(d.get(), i, &entry) != CLV_OK || entry.status >= 0) continue;
    if (entry.level < CLV_LOG_WARN) continue;
    fail(entry.message == nullptr ? clv_status_name(entry.status) : entry.message);
  }
}

}  // namespace

plugins load_by_libclv(const subject& s, std::uint32_t abi_cap) {
  const diag d;
  clv_plugins* raw = nullptr;
  d.check(clv_plugins_new(&raw, d.get()), "");
  plugins loaded(raw);
  auto options = sized<clv_plugin_options>();
  options.config_json = or_null(s.config);
  options.seed = s.seed;
  options.now_us = s.now_us;
  options.abi_cap = abi_cap;
  d.check(clv_plugins_load(loaded.get(), &options, s.path.c_str(), d.get()), "");
  return loaded;
}

result facts_by_libclv(const subject& s) {
  const diag d;
  return list_plugins(load_by_libclv(s), d);
}

plugin_facts read_facts(const subject& s) {
  const diag d;
  clv_result* made = nullptr;
  d.check(clv_plugin_describe(nullptr, s.path.c_str(), &made, d.get()), "");
  const result said(made);
  const auto list = [&](const char* column) { return items_of(text_at(said, column, 0)); };
  plugin_facts facts;
  facts.id = text_at(said, "id", 0);
  facts.reads = list("reads");
  facts.actions = list("actions");
  facts.features = list("features");
  facts.segments = list("segments");
  facts.effects = text_at(said, "effects", 0);
  facts.deterministic = !(number_at(said, "deterministic", 0) == 0);
  return facts;
}

namespace {

// begin(job, diag) starts one of libclv's verbs; its main table.
template <typename Begin>
result answer_by_libclv(Begin&& begin) {
  const diag d;
  clv_job* raw = nullptr;
  d.check(begin(&raw, d.get()), "");
  const job work(raw);
  d.check(clv_job_step(work.get(), 0, d.get()), "");
  fail_on_complaints(d);
  clv_result* table = nullptr;
  d.check(clv_job_take_result(work.get(), nullptr, &table, d.get()), "");
  return result(table);
}

}  // namespace

result propose_by_libclv(const plugins& loaded, const customer_table& customers) {
  plain_arena memory;
  const clv_batch* rows = lend_rows(customers, memory);
  return answer_by_libclv([&](clv_job** work, clv_diag* d) {
    return clv_propose_begin(loaded.get(), nullptr, rows, work, d);
  });
}

void ask_by_libclv(const subject& s, const plugin_facts& facts, const customer_table& customers) {
  const plugins loaded = load_by_libclv(s);
  if (!facts.actions.empty()) propose_by_libclv(loaded, customers);
  plain_arena memory;
  const clv_batch* rows = lend_rows(customers, memory);
  if (!facts.features.empty()) {
    answer_by_libclv([&](clv_job** work, clv_diag* d) {
      return clv_features_begin(loaded.get(), nullptr, rows, work, d);
    });
  }
  if (!facts.segments.empty()) {
    answer_by_libclv([&](clv_job** work, clv_diag* d) {
      return clv_plugins_segment_begin(loaded.get(), nullptr, facts.id.c_str(), rows, work, d);
    });
  }
}

tried_plugin::tried_plugin(const subject& s)
    : subject_(s),
      facts_(read_facts(s)),
      entry_(&call_plugin_entry(find_plugin_entry(s.path),
                                CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR))) {}

host_manner manner_for(const subject& s) {
  return {.config = s.config.empty() ? "{}" : s.config,
          .seed = s.seed,
          .now_us = s.now_us,
          .cancelled = false};
}

std::unique_ptr<direct_instance> tried_plugin::instance(const host_manner& how) {
  return std::make_unique<direct_instance>(*entry_, facts_, how, memory_);
}

spoken expect_answer(direct_instance& of, const customer_table& customers) {
  spoken answer = of.ask(customers);
  if (!answer.holds()) fail(answer.why);
  return answer;
}

}  // namespace cli
