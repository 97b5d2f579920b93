// What can be asked for by name, as tables: the core's own registries, read out.
#include <memory>
#include <string>
#include <string_view>

#include "clv.h"
#include "clv/model.hpp"
#include "clv/report.hpp"
#include "clv/schema.hpp"
#include "clv/segment.hpp"
#include "guard.hpp"
#include "result.hpp"

namespace clv::abi {
namespace {

std::string_view kind_name(tuple_key key) {
  constexpr std::string_view names[] = {"purchases", "spend", "opportunities", "renewals"};
  return names[static_cast<std::size_t>(key)];
}

table model_rows() {
  table t;
  column& name = t.add("name", type::utf8);
  column& kind = t.add("kind", type::utf8);
  column& parameters = t.add("parameters", type::utf8);
  column& source = t.add("source", type::utf8);
  for (const model* m : models()) {
    std::string list;
    for (const parameter& p : m->parameters) {
      list += (list.empty() ? "" : ",") + std::string(p.name);
    }
    name.push(m->name);
    kind.push(kind_name(m->key));
    parameters.push(std::string_view(list));
    source.push(m->source);
  }
  return t;
}

table segmentation_rows() {
  table t;
  column& name = t.add("name", type::utf8);
  column& summary = t.add("summary", type::utf8);
  for (const segmentation* s : segmentations()) {
    name.push(s->name);
    summary.push(s->summary);
  }
  return t;
}

std::string_view type_name(type kind) {
  constexpr std::string_view names[] = {"i32", "i64", "f64", "time", "money", "utf8"};
  return names[static_cast<std::size_t>(kind) - 1];
}

table schema_rows() {
  table t;
  column& name = t.add("schema", type::utf8);
  column& word = t.add("column", type::utf8);
  column& kind = t.add("type", type::utf8);
  column& required = t.add("required", type::i64);
  column& unit = t.add("unit", type::utf8);
  column& aliases = t.add("aliases", type::utf8);
  for (const schema& s : schemas()) {
    for (const field& f : s.fields) {
      name.push(s.name);
      word.push(f.name);
      kind.push(type_name(f.kind));
      required.push(std::int64_t{f.required ? 1 : 0});
      unit.push(f.unit);
      aliases.push(f.aliases);
    }
  }
  return t;
}

table report_rows() {
  table t;
  column& name = t.add("name", type::utf8);
  column& summary = t.add("summary", type::utf8);
  column& needs_model = t.add("needs_model", type::i64);
  for (const report* r : reports()) {
    name.push(r->name);
    summary.push(r->summary);
    needs_model.push(std::int64_t{r->needs_model ? 1 : 0});
  }
  return t;
}

table report_input_rows() {
  table t;
  column& name = t.add("report", type::utf8);
  column& word = t.add("table", type::utf8);
  column& schema = t.add("schema", type::utf8);
  column& columns = t.add("columns", type::utf8);
  column& required = t.add("required", type::i64);
  for (const report* r : reports()) {
    for (const report_input& i : r->inputs) {
      name.push(r->name);
      word.push(i.name);
      schema.push(i.schema);
      columns.push(i.columns);
      required.push(std::int64_t{i.required ? 1 : 0});
    }
  }
  return t;
}

table report_option_rows() {
  table t;
  column& name = t.add("report", type::utf8);
  column& word = t.add("option", type::utf8);
  column& fallback = t.add("fallback", type::utf8);
  column& meaning = t.add("meaning", type::utf8);
  for (const report* r : reports()) {
    for (const report_option& o : r->options) {
      name.push(r->name);
      word.push(o.name);
      fallback.push(o.fallback);
      meaning.push(o.meaning);
    }
  }
  return t;
}

table report_output_rows() {
  table t;
  column& name = t.add("report", type::utf8);
  column& word = t.add("table", type::utf8);
  column& columns = t.add("columns", type::utf8);
  column& records = t.add("records", type::utf8);
  for (const report* r : reports()) {
    for (const report_output& o : r->outputs) {
      name.push(r->name);
      word.push(o.name);
      columns.push(o.columns);
      records.push(o.records);
    }
  }
  return t;
}

struct listing {
  std::string_view name;
  table (*rows)();
};

constexpr listing listings[] = {{"models", model_rows},
                                {"segmentations", segmentation_rows},
                                {"schemas", schema_rows},
                                {"reports", report_rows},
                                {"report_inputs", report_input_rows},
                                {"report_options", report_option_rows},
                                {"report_outputs", report_output_rows}};

table rows_of(std::string_view what) {
  std::string known;
  for (const listing& l : listings) {
    if (l.name == what) return l.rows();
    known += (known.empty() ? "" : ", ") + std::string(l.name);
  }
  throw error(
      status::not_found, "there is no catalogue of '" + std::string(what) + "'", "known: " + known);
}

void catalogue(const char* what, clv_result** out) {
  required(what, "what");
  required(out, "out");
  table t = rows_of(what);
  t.seal(what);
  *out = new_result(std::make_shared<const table>(std::move(t)));
}

}  // namespace
}  // namespace clv::abi

clv_status clv_catalogue(const char* what, clv_result** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::catalogue(what, out); });
}
