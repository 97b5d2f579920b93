// What can be asked for by name, as tables: the core's own registries, read out.
#include <memory>
#include <string>

#include "clv.h"
#include "clv/model.hpp"
#include "clv/schema.hpp"
#include "clv/segment.hpp"
#include "guard.hpp"
#include "result.hpp"

namespace clv::abi {
namespace {

std::string_view kind_name(tuple_key key) {
  return key == tuple_key::purchases ? "purchases" : "spend";
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

table rows_of(const std::string& what) {
  if (what == "models") return model_rows();
  if (what == "segmentations") return segmentation_rows();
  if (what == "schemas") return schema_rows();
  throw error(status::not_found,
              "there is no catalogue of '" + what + "'",
              "known: models, segmentations, schemas");
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
