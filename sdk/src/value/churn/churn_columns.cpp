// Which columns of the caller's rows a churn model may use.
#include <algorithm>
#include <array>

#include "clv/schema.hpp"
#include "features/cells.hpp"
#include "value/churn/churn_data.hpp"

namespace clv {
namespace {

constexpr std::array<std::string_view, 20> protected_names{
    "gender",           "sex",           "age",          "birthdate",     "dateofbirth",
    "birthyear",        "seniorcitizen", "race",         "ethnicity",     "nationality",
    "religion",         "disability",    "pregnancy",    "maritalstatus", "sexualorientation",
    "politicalopinion", "tradeunion",    "healthstatus", "geneticdata",   "color"};

std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> protected_from(const settings& given) {
  std::vector<std::string> names;
  for (const std::string& name : given.names("protected").value_or(default_protected())) {
    names.push_back(plain(name));
  }
  return names;
}

const column& named(const table& rows, const std::string& name, const char* option) {
  if (const column* found = rows.find(name)) return *found;
  throw error({.code = status::invalid,
               .column = name,
               .message = "report 'churn_fit': table 'rows' has no column '" + name +
                          "' that option '" + option + "' names",
               .hint = "name a column of the table"});
}

[[noreturn]] void refuse_protected(const std::string& name) {
  throw error({.code = status::invalid,
               .column = name,
               .message = "report 'churn_fit': column '" + name +
                          "' is protected and cannot be a feature of a model for decisions",
               .hint = "leave it out of option 'features' (the audit has it anyway), or set "
                       "audit_only for a model that is never used to decide"});
}

// Option "features", or all columns that have no other use.
std::vector<const column*> candidates(const table& rows,
                                      const settings& given,
                                      const churn_columns& chosen) {
  std::vector<const column*> out;
  if (const auto names = given.names("features")) {
    for (const std::string& name : *names) out.push_back(&named(rows, name, "features"));
    return out;
  }
  const auto excluded = given.names("exclude").value_or(std::vector<std::string>{});
  for (const std::string& name : excluded) named(rows, name, "exclude");
  for (const column& c : rows.columns()) {
    if (&c == chosen.customer || &c == chosen.label || &c == chosen.time) continue;
    if (!contains(excluded, c.name())) out.push_back(&c);
  }
  return out;
}

void note_set_aside(const std::vector<const column*>& columns, issues& notes) {
  for (const column* c : columns) {
    notes.push_back(
        {.code = status::ok,
         .level = log_level::info,
         .column = c->name(),
         .message = "column '" + c->name() + "' is protected: it is audited, and not a feature"});
  }
}

}  // namespace

std::vector<std::string> default_protected() {
  return {protected_names.begin(), protected_names.end()};
}

const column* find_customer_column(const table& rows, std::string_view name) {
  if (!name.empty()) return rows.find(name);
  if (const column* exact = rows.find("customer")) return exact;
  const field& customer = find_schema("transactions").fields[0];
  const std::string words = "," + std::string(customer.aliases) + ",";
  for (const column& c : rows.columns()) {
    std::string lower = c.name();
    for (char& l : lower) l = l >= 'A' && l <= 'Z' ? static_cast<char>(l - 'A' + 'a') : l;
    if (words.find("," + lower + ",") != std::string::npos) return &c;
  }
  return nullptr;
}

churn_columns choose_churn_columns(const table& rows, const settings& given, issues& notes) {
  churn_columns chosen;
  chosen.label = &named(rows, given.text("label", "churned"), "label");
  const std::string id = given.text("customer", "");
  chosen.customer = id.empty() ? find_customer_column(rows, "") : &named(rows, id, "customer");
  const std::string time = given.text("time_at_risk", "");
  if (!time.empty()) chosen.time = &named(rows, time, "time_at_risk");
  chosen.audit_only = given.flag("audit_only", false);
  const std::vector<std::string> names = protected_from(given);
  for (const column& c : rows.columns()) {
    const bool used = &c == chosen.label || &c == chosen.customer || &c == chosen.time;
    if (!used && contains(names, plain(c.name()))) chosen.protected_ones.push_back(&c);
  }
  for (const column* c : candidates(rows, given, chosen)) {
    const bool is_protected = contains(names, plain(c->name()));
    if (is_protected && !chosen.audit_only) {
      if (given.has("features")) refuse_protected(c->name());
      continue;
    }
    chosen.features.push_back(c);
  }
  if (!chosen.audit_only) note_set_aside(chosen.protected_ones, notes);
  return chosen;
}

}  // namespace clv
