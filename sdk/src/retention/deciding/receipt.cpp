#include "retention/deciding/receipt.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

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
    return key(name).raw(number_text(value));
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

void write_action(json_writer& out, const offers& all, const candidate& c) {
  out.raw("{").member("plugin", all.plugin(c.proposal));
  out.member("action", all.action(c.proposal)).raw("}");
}

void write_candidate(json_writer& out, const offers& all, const candidate& c) {
  const offer& o = c.stated;
  const price& p = c.priced;
  const bool priced = o.has_value && o.has_p0;
  out.raw("{").member("plugin", all.plugin(c.proposal));
  out.member("action", all.action(c.proposal)).member("code", name_of(c.code));
  out.member("evidence", evidence_of(o)).member("tau", priced ? p.tau : o.effect_mean);
  if (p.clamped) out.member("tau_stated", o.effect_mean);
  out.member("sd", o.effect_sd);
  if (o.has_value) out.member("V", o.value);
  out.member("delta", o.benefit).member("c", o.contact_cost);
  if (o.has_p0) out.member("p0", o.p0);
  if (priced) {
    out.member("cannibalisation", p.cannibalisation).member("net", p.net);
    out.member("lcb", p.lcb).member("cost", p.cost);
  }
  out.raw("}");
}

}  // namespace

std::string run_members(const decide_options& o, const std::string& currency, double shadow_price) {
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
  out.member("currency", currency).raw("}").member("shadow_price", shadow_price);
  return text;
}

void write_receipt(std::string& text,
                   const offers& all,
                   std::size_t row,
                   const verdict& v,
                   std::span<const candidate> candidates,
                   std::string_view run) {
  text.clear();
  json_writer out(text);
  out.raw("{").member("format", "clv.receipt/1");
  out.member("arm", v.arm).member("code", name_of(v.code)).key("chosen");
  v.chosen != nullptr ? write_action(out, all, *v.chosen) : void(out.raw("null"));
  if (v.withheld != nullptr) {
    out.key("withheld");
    write_action(out, all, *v.withheld);
  }
  out.member("propensity", v.propensity).key("candidates").raw("[");
  for (const candidate& c : candidates) {
    if (&c != candidates.data()) out.raw(",");
    write_candidate(out, all, c);
  }
  out.raw("]").member("features", feature_hash(all.scores(), row)).raw(",").raw(run).raw("}");
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
