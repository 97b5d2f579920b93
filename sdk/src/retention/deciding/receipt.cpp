#include "retention/deciding/receipt.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <cmath>

#include "math/hash.hpp"
#include "retention/number_text.hpp"

namespace clv::retention {
namespace {

std::string hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4U) text[i] = "0123456789abcdef"[value & 15U];
  return text;
}

bool plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

// Members of JSON objects, appended to one text: a million receipts are mostly copying.
class json_writer {
 public:
  explicit json_writer(std::string& text) : text_(text) {}
  json_writer& raw(std::string_view text) {
    text_.append(text);
    return *this;
  }
  json_writer& key(std::string_view name) {
    if (const char last = text_.empty() ? '{' : text_.back(); last != '{' && last != '[') raw(",");
    return raw("\"").raw(name).raw("\":");
  }
  json_writer& member(std::string_view name, std::string_view value) {
    key(name);
    if (std::all_of(value.begin(), value.end(), plain)) return raw("\"").raw(value).raw("\"");
    return raw(boost::json::serialize(boost::json::string_view(value.data(), value.size())));
  }
  json_writer& member(std::string_view name, double value) {
    return key(name).raw(number_text(value + 0.0));  // -0 is read back as 0
  }
  // Left out where it has its usual value.
  json_writer& unusual(std::string_view name, double value, double usual) {
    return value == usual ? *this : member(name, value);
  }
  json_writer& unusual(std::string_view name, bool value) {
    return value ? key(name).raw("true") : *this;
  }

 private:
  std::string& text_;
};

// Estimates as bytes: what "the same model" means.
std::string parameters_hash(const estimates& e) {
  std::string bytes;
  for (const double p : e.parameters) {
    bytes.append(reinterpret_cast<const char*>(&p), sizeof p);
  }
  return hex(math::hash64(bytes));
}

std::string_view name_of(exploring method) {
  return method == exploring::thompson ? "thompson" : "uniform";
}

void write_action(json_writer& out, const candidate& c) {
  out.raw("{").member("plugin", c.plugin).member("action", c.action).raw("}");
}

void write_uses(json_writer& out, const candidate& c) {
  if (c.uses.empty()) return;
  out.key("uses").raw("[");
  for (const named_use& u : c.uses) {
    if (&u != c.uses.data()) out.raw(",");
    out.raw("[").raw(std::to_string(u.resource)).raw(",").raw(number_text(u.amount)).raw("]");
  }
  out.raw("]");
}

void write_stated(json_writer& out, const candidate& c) {
  const offer& o = c.stated;
  out.member("evidence", name_of(o.evidence));
  out.member("tau", c.priced.clamped ? c.priced.tau : o.effect_mean);
  if (c.priced.clamped) out.member("tau_stated", o.effect_mean);
  out.member("sd", o.effect_sd);
  if (o.has_value) out.member("V", o.value);
  out.member("delta", o.benefit).member("c", o.contact_cost);
  if (o.has_p0) out.member("p0", o.p0).unusual("p0_stated", o.p0_stated);
  out.unusual("pull_forward", o.pull_forward, 0).unusual("unsubscribe", o.unsubscribe, 0);
  out.unusual("future_value", o.future_value, 0);
  out.unusual("worst_case", o.worst_case, o.benefit + o.contact_cost);
  out.unusual("disproved", o.disproved).unusual("expired", o.expired);
}

void write_candidate(json_writer& out, const candidate& c) {
  out.raw("{")
      .member("plugin", c.plugin)
      .member("action", c.action)
      .member("code", name_of(c.code));
  if (c.category != "marketing") out.member("category", c.category);
  out.member("channel", c.channel);
  if (!c.why.empty()) out.member("why", c.why);
  write_stated(out, c);
  out.unusual("lever", c.lever, 0).unusual("holdout", c.holdout, 0).unusual("held", c.held);
  out.unusual("exceeds", c.exceeds);
  write_uses(out, c);
  if (c.stated.has_value && c.stated.has_p0) {
    out.member("cannibalisation", c.priced.cannibalisation);
    out.unusual("fatigue", c.priced.fatigue, 0).member("net", c.priced.net);
    out.member("lcb", c.priced.lcb).member("cost", c.priced.cost);
  }
  out.raw("}");
}

void write_vetoes(json_writer& out, std::span<const objection> vetoes) {
  if (vetoes.empty()) return;
  out.key("vetoes").raw("[");
  for (const objection& o : vetoes) {
    if (&o != vetoes.data()) out.raw(",");
    out.raw("{").member("plugin", o.plugin).member("category", o.category);
    out.member("reason", o.reason).raw("}");
  }
  out.raw("]");
}

void write_odds(json_writer& out, std::span<const double> odds) {
  if (odds.empty()) return;
  out.key("odds").raw("[");
  for (const double& chance : odds) {
    if (&chance != odds.data()) out.raw(",");
    out.raw(number_text(chance));
  }
  out.raw("]");
}

}  // namespace

std::string run_members(const decide_options& o, const std::string& currency) {
  const fitted_model& m = *o.model;
  std::string text;
  json_writer out(text);
  out.key("model").raw("{").member("name", m.name()).member("data", m.data_fingerprint);
  out.member("parameters", parameters_hash(m.purchase)).raw("}");
  out.key("options").raw("{").member("z", o.z).member("margin", o.margin);
  out.member("holdout_share", o.holdout_share);
  out.member("salt_hash", hex(math::hash64(o.holdout_salt)));
  out.key("now_us").raw(std::to_string(o.now_us));
  out.key("budget_minor").raw(o.budget_minor ? std::to_string(*o.budget_minor) : "null");
  if (!o.policy.empty()) out.member("policy_hash", hex(math::hash64(o.policy)));
  out.member("currency", currency).raw("}");
  return text.substr(text.front() == ',' ? 1 : 0);
}

std::string rule_members(const run_rules& rules) {
  std::string text;
  json_writer out(text);
  out.member("shadow_price", rules.resources[0].price);
  if (rules.resources.size() > 1) {
    out.key("resources").raw("[");
    for (std::size_t i = 1; i < rules.resources.size(); ++i) {
      out.raw(i > 1 ? ",{" : "{").member("name", rules.resources[i].name);
      out.member("price", rules.resources[i].price).raw("}");
    }
    out.raw("]");
  }
  if (rules.explore != exploring::nothing) {
    out.key("explore").raw("{").member("method", name_of(rules.explore));
    out.member("share", rules.explore_share).member("floor", rules.explore_floor);
    out.member("sd", rules.explore_sd);
    if (std::isfinite(rules.explore_budget)) out.member("budget", rules.explore_budget);
    out.raw("}");
  }
  return text.substr(text.front() == ',' ? 1 : 0);
}

void write_receipt(std::string& text,
                   const receipt_body& body,
                   const verdict& v,
                   std::string_view run) {
  text.clear();
  json_writer out(text);
  out.raw("{").member("format", "clv.receipt/1");
  if (!body.segment.empty()) out.member("segment", body.segment);
  out.member("arm", v.arm).member("code", name_of(v.code)).key("chosen");
  v.chosen ? write_action(out, body.candidates[*v.chosen]) : void(out.raw("null"));
  if (v.withheld) {
    out.key("withheld");
    write_action(out, body.candidates[*v.withheld]);
  }
  out.member("propensity", v.propensity);
  write_odds(out, v.odds);
  if (body.planned) out.key("planned").raw(std::to_string(*body.planned));
  out.key("lots").raw("{").member("holdout", hex(body.drawn.holdout));
  out.member("explore", hex(body.drawn.explore)).member("option", hex(body.drawn.option)).raw("}");
  out.key("candidates").raw("[");
  for (const candidate& c : body.candidates) {
    if (&c != body.candidates.data()) out.raw(",");
    write_candidate(out, c);
  }
  out.raw("]");
  write_vetoes(out, body.vetoes);
  out.member("features", body.features).raw(",").raw(run).raw("}");
}

std::string feature_hash(const table& scores, std::size_t row) {
  std::string bytes;
  for (const column& c : scores.columns()) {
    bytes.append(c.name()).push_back(c.present(row) ? '=' : '-');
    if (c.kind() == type::f64) {
      const double value = c.numbers()[row];
      bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    } else if (c.kind() == type::utf8) {
      bytes.append(c.text(row)).push_back('\0');
    } else {
      const std::int64_t value = c.integers()[row];
      bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
  }
  return hex(math::hash64(bytes));
}

}  // namespace clv::retention
