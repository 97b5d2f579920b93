#include "model_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

#include "json.hpp"
#include "rows.hpp"

namespace cli {
namespace {

struct known_model {
  std::string kind;  // "purchases", "spend", "opportunities" or "renewals"
  std::vector<std::string> parameters;
};

std::map<std::string, known_model> known_models(const diag& d) {
  clv_result* raw = nullptr;
  d.check(clv_catalogue("models", &raw, d.get()), "");
  const result table(raw);
  std::map<std::string, known_model> models;
  for (std::int64_t i = 0; i < clv_result_rows(table.get()); ++i) {
    models[text_at(table, "name", i)] = {text_at(table, "kind", i),
                                         split(text_at(table, "parameters", i), ',')};
  }
  return models;
}

const known_model& find_model(const std::map<std::string, known_model>& models,
                              const std::string& name) {
  const auto at = models.find(name);
  if (at != models.end()) return at->second;
  std::string names;
  for (const auto& [known, unused] : models) names += (names.empty() ? "" : ", ") + known;
  misuse("no model is called '" + name + "'", "known: " + names + "; join two with '+'");
}

model_traits traits_of(const std::string& name, const std::map<std::string, known_model>& models) {
  const auto parts = split(name, '+');
  if (parts.empty()) find_model(models, name);
  model_traits traits;
  for (const std::string& part : parts) {
    const std::string& kind = find_model(models, part).kind;
    traits.predicts_purchases |= kind != "spend";
    traits.counts_periods |= kind == "opportunities" || kind == "renewals";
  }
  return traits;
}

using assignments = std::map<std::string, double>;

assignments parse_parameters(const std::string& text) {
  assignments given;
  for (const std::string& part : split(text, ',')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string name = part.substr(0, equals);
    double value = std::nan("");
    const char* end = part.data() + part.size();
    const char* first = equals == part.size() ? end : part.data() + equals + 1;
    const auto read = std::from_chars(first, end, value);
    if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(value)) {
      misuse("--params: '" + part + "' is not a name, '=' and a number", "write r=.25,alpha=4.4");
    }
    if (!given.emplace(name, value).second) misuse("--params: '" + name + "' is given twice");
  }
  return given;
}

// Takes the model's own parameters out of `given`.
std::string parameters_json(const std::string& model,
                            const std::vector<std::string>& names,
                            assignments& given) {
  json_object values;
  for (const std::string& name : names) {
    auto at = given.find(model + "." + name);
    if (at == given.end()) at = given.find(name);
    if (at == given.end()) misuse("--params: " + model + " needs '" + name + "'");
    values.add(name, at->second);
    given.erase(at);
  }
  return values.text();
}

std::string model_json(const model_spec& spec, const diag& d) {
  const auto models = known_models(d);
  assignments given = parse_parameters(spec.parameters);
  json_object json;
  json.add("format", "clv.model/1");
  json.add("unit", unit_for(traits_of(spec.name, models), spec.unit));
  if (!spec.currency.empty()) json.add("currency", spec.currency);
  for (const std::string& name : split(spec.name, '+')) {
    const known_model& known = find_model(models, name);
    json_object part;
    part.add("model", name);
    part.add_json("parameters", parameters_json(name, known.parameters, given));
    json.add_json(known.kind == "spend" ? "spend" : "purchase", part.text());
  }
  if (!given.empty()) {
    misuse("--params: " + spec.name + " has no parameter '" + given.begin()->first + "'");
  }
  return json.text();
}

model load_json(const std::string& json, const std::string& about, const diag& d) {
  clv_model* raw = nullptr;
  d.check(clv_model_load(json.data(), static_cast<std::int64_t>(json.size()), &raw, d.get()),
          about);
  return model(raw);
}

std::string json_of(const model& m, const std::string& about, const diag& d) {
  std::int64_t size = 0;
  clv_model_save(m.get(), nullptr, 0, &size, nullptr);  // says how much room it needs
  std::string json(static_cast<std::size_t>(size), '\0');
  d.check(clv_model_save(m.get(), json.data(), size, &size, d.get()), about);
  return json;
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    std::string_view part = text.substr(0, end);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

model_traits traits_of(const std::string& name, const diag& d) {
  return traits_of(name, known_models(d));
}

std::string unit_for(const model_traits& traits, const std::string& asked) {
  if (!asked.empty()) return asked;
  return traits.counts_periods ? "period" : "week";
}

model given_model(const model_spec& spec, const diag& d) {
  return load_json(model_json(spec, d), "--params", d);
}

model load_model(const std::string& path, const diag& d) {
  return load_json(read_file(path), path, d);
}

void save_model(const model& m, const std::string& path, const diag& d) {
  write_file(path, json_of(m, path, d));
}

// libclv wrote the text, and neither units nor zones have a character that JSON would escape.
std::string member_of(const model& m, std::string_view name, const diag& d) {
  const std::string json = json_of(m, "", d);
  const std::string member = json_text(name) + ":\"";
  const std::size_t at = json.find(member);
  if (at == std::string::npos) return {};
  const std::size_t from = at + member.size();
  return json.substr(from, json.find('"', from) - from);
}

result table_of(const model& m, const diag& d) {
  clv_result* raw = nullptr;
  d.check(clv_model_table(m.get(), &raw, d.get()), "");
  return result(raw);
}

std::string name_of(const model& m, const diag& d) {
  const result table = table_of(m, d);
  std::string name;
  std::string last;
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    const std::string part = text_at(table, "model", row);
    if (part != last) name += (name.empty() ? "" : "+") + part;
    last = part;
  }
  return name;
}

std::string covariates_of(const model& m, const diag& d) {
  const result table = table_of(m, d);
  std::set<std::string> names;
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    const std::string parameter = text_at(table, "parameter", row);
    for (const std::string_view process : {"transaction.", "life."}) {
      if (parameter.starts_with(process)) names.insert(parameter.substr(process.size()));
    }
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
  return list;
}

}  // namespace cli
