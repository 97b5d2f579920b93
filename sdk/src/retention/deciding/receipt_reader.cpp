// Reading a receipt back and deciding it again from what it says.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <memory>

#include "clv/error.hpp"
#include "math/json.hpp"
#include "retention/deciding/receipt.hpp"

namespace clv::retention {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse(const std::string& what) {
  throw error(status::invalid, "the receipt " + what, "it is no clv.receipt/1, or was changed");
}

std::string_view view(const json::string& s) {
  return {s.data(), s.size()};
}

const json::object& as_object(const json::value& v, std::string_view name) {
  if (!v.is_object()) refuse("has no object '" + std::string(name) + "'");
  return v.get_object();
}

const json::value& member(const json::object& o, std::string_view name) {
  const json::value* found = o.if_contains({name.data(), name.size()});
  if (found == nullptr) refuse("lacks '" + std::string(name) + "'");
  return *found;
}

double to_double(const json::value& v, std::string_view name) {
  if (!v.is_number()) refuse("has no number '" + std::string(name) + "'");
  return v.to_number<double>();
}

double number(const json::object& o, std::string_view name) {
  return to_double(member(o, name), name);
}

double number_or(const json::object& o, std::string_view name, double usual) {
  return o.contains({name.data(), name.size()}) ? number(o, name) : usual;
}

std::string_view text(const json::object& o, std::string_view name) {
  const json::value& v = member(o, name);
  if (!v.is_string()) refuse("has no text '" + std::string(name) + "'");
  return view(v.get_string());
}

std::string_view text_or(const json::object& o, std::string_view name, std::string_view usual) {
  return o.contains({name.data(), name.size()}) ? text(o, name) : usual;
}

bool flag(const json::object& o, std::string_view name) {
  const json::value* found = o.if_contains({name.data(), name.size()});
  return found != nullptr && found->is_bool() && found->get_bool();
}

const json::array& list_in(const json::object& o, std::string_view name) {
  const json::value* found = o.if_contains({name.data(), name.size()});
  if (found == nullptr || !found->is_array()) refuse("has no list '" + std::string(name) + "'");
  return found->get_array();
}

std::uint64_t hash_of(const json::object& o, std::string_view name) {
  const std::string_view digits = text(o, name);
  std::uint64_t value = 0;
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (failed != std::errc{} || end != digits.data() + digits.size() || digits.size() != 16) {
    refuse("has no 16 hex digits in '" + std::string(name) + "'");
  }
  return value;
}

evidence_level level_of(std::string_view name) {
  for (const auto level : {evidence_level::own_kind,
                           evidence_level::own_overall,
                           evidence_level::plugin_prior,
                           evidence_level::unknown}) {
    if (name == name_of(level)) return level;
  }
  refuse("names no known evidence: '" + std::string(name) + "'");
}

offer read_offer(const json::object& o) {
  offer made{.effect_mean = number(o, o.contains("tau_stated") ? "tau_stated" : "tau"),
             .effect_sd = number(o, "sd")};
  made.has_value = o.contains("V");
  made.value = number_or(o, "V", 0);
  made.benefit = number(o, "delta");
  made.contact_cost = number(o, "c");
  made.has_p0 = o.contains("p0");
  made.p0 = number_or(o, "p0", 0);
  made.p0_stated = flag(o, "p0_stated");
  made.pull_forward = number_or(o, "pull_forward", 0);
  made.unsubscribe = number_or(o, "unsubscribe", 0);
  made.future_value = number_or(o, "future_value", 0);
  made.worst_case = number_or(o, "worst_case", made.benefit + made.contact_cost);
  made.evidence = level_of(text(o, "evidence"));
  made.disproved = flag(o, "disproved");
  made.expired = flag(o, "expired");
  return made;
}

std::vector<named_use> read_uses(const json::object& o, std::size_t resources) {
  std::vector<named_use> uses;
  if (!o.contains("uses")) return uses;
  for (const json::value& pair : list_in(o, "uses")) {
    if (!pair.is_array() || pair.get_array().size() != 2) refuse("has a malformed 'uses'");
    const double index = to_double(pair.get_array()[0], "uses");
    if (!(index >= 1 && index < static_cast<double>(resources))) {
      refuse("uses a resource that it does not list");
    }
    uses.push_back({static_cast<std::size_t>(index), to_double(pair.get_array()[1], "uses")});
  }
  return uses;
}

candidate read_candidate(const json::object& o, std::size_t resources) {
  candidate c{.plugin = text(o, "plugin"),
              .action = text(o, "action"),
              .channel = text(o, "channel"),
              .category = text_or(o, "category", "marketing")};
  c.stated = read_offer(o);
  c.why = text_or(o, "why", "");
  if (!c.why.empty()) {
    const auto code = reason_named(text(o, "code"));
    if (!code) refuse("has an unknown code '" + std::string(text(o, "code")) + "'");
    c.code = *code;
  }
  c.lever = number_or(o, "lever", 0);
  c.holdout = number_or(o, "holdout", 0);
  c.held = flag(o, "held");
  c.exceeds = flag(o, "exceeds");
  c.uses = read_uses(o, resources);
  return c;
}

run_rules read_rules(const json::object& o) {
  const json::object& options = as_object(member(o, "options"), "options");
  run_rules rules{.z = number(options, "z"), .holdout_share = number(options, "holdout_share")};
  rules.resources.push_back({"cash", number(o, "shadow_price")});
  if (o.contains("resources")) {
    for (const json::value& v : list_in(o, "resources")) {
      const json::object& r = as_object(v, "resources");
      rules.resources.push_back({std::string(text(r, "name")), number(r, "price")});
    }
  }
  if (o.contains("explore")) {
    const json::object& e = as_object(member(o, "explore"), "explore");
    rules.explore = text(e, "method") == "thompson" ? exploring::thompson : exploring::uniform;
    rules.explore_share = number(e, "share");
    rules.explore_floor = number(e, "floor");
    rules.explore_sd = number(e, "sd");
    rules.explore_budget = number_or(e, "budget", rules.explore_budget);
  }
  return rules;
}

std::vector<objection> read_vetoes(const json::object& o) {
  std::vector<objection> vetoes;
  if (!o.contains("vetoes")) return vetoes;
  for (const json::value& v : list_in(o, "vetoes")) {
    const json::object& said = as_object(v, "vetoes");
    vetoes.push_back({std::string(text(said, "plugin")),
                      std::string(text(said, "category")),
                      std::string(text(said, "reason"))});
  }
  return vetoes;
}

}  // namespace

struct receipt_reader::impl {
  std::string original;
  json::value document;
  // The end of the receipt, from the model on, is the same for the whole run: no part of it is
  // computed from the customer.
  std::string_view run;
};

receipt_reader::receipt_reader(std::string_view receipt) : impl_(std::make_unique<impl>()) {
  impl_->original = receipt;
  impl_->document = math::parse_json(receipt);
  const json::object& o = as_object(impl_->document, "receipt");
  if (text(o, "format") != "clv.receipt/1") refuse("is of another format");
  const std::string_view whole = impl_->original;
  const std::string features = "\"features\":\"" + std::string(text(o, "features")) + "\",";
  const std::size_t at = whole.rfind(features);
  if (at == std::string_view::npos || whole.back() != '}') refuse("has no 'features'");
  impl_->run = whole.substr(at + features.size());
  impl_->run.remove_suffix(1);
}

receipt_reader::~receipt_reader() = default;

told receipt_reader::says() const {
  const json::object& o = impl_->document.get_object();
  told said{.arm = text(o, "arm"),
            .reason_code = text(o, "code"),
            .segment = text_or(o, "segment", ""),
            .propensity = number(o, "propensity")};
  if (!member(o, "chosen").is_null()) {
    const json::object& chosen = as_object(member(o, "chosen"), "chosen");
    said.plugin = text(chosen, "plugin");
    said.action = text(chosen, "action");
  }
  if (o.contains("withheld")) {
    said.withheld = text(as_object(member(o, "withheld"), "withheld"), "action");
  }
  return said;
}

std::string receipt_reader::again() const {
  const json::object& o = impl_->document.get_object();
  const run_rules rules = read_rules(o);
  const json::object& l = as_object(member(o, "lots"), "lots");
  const lots drawn{hash_of(l, "holdout"), hash_of(l, "explore"), hash_of(l, "option")};
  std::vector<candidate> candidates;
  for (const json::value& v : list_in(o, "candidates")) {
    candidates.push_back(read_candidate(as_object(v, "candidates"), rules.resources.size()));
    appraise(rules, candidates.back());
  }
  std::optional<std::size_t> planned;
  if (o.contains("planned")) {
    const double index = number(o, "planned");
    if (!(index >= 0 && index < static_cast<double>(candidates.size()))) {
      refuse("plans a candidate that it does not list");
    }
    planned = static_cast<std::size_t>(index);
    const candidate& given = candidates[*planned];
    if (!given.passed || given.exceeds) refuse("plans a candidate that its numbers refuse");
  }
  const verdict v = judge(rules, drawn, planned, candidates);
  const std::vector<objection> vetoes = read_vetoes(o);
  const receipt_body body{.segment = text_or(o, "segment", ""),
                          .drawn = drawn,
                          .planned = planned,
                          .candidates = candidates,
                          .vetoes = vetoes,
                          .features = text(o, "features")};
  std::string written;
  write_receipt(written, body, v, impl_->run);
  return written;
}

}  // namespace clv::retention
