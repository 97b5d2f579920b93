#include "engine/decide_run.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "clv/error.hpp"

namespace clv::detail {
namespace {

namespace json = boost::json;

template <typename Number>
std::string text_of(Number value) {
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

template <typename Number>
Number number_in(const json::object& o, const char* name) {
  const json::string& text = o.at(name).as_string();
  Number value{};
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, value).ptr != end) {
    throw std::invalid_argument(name);
  }
  return value;
}

std::string text_in(const json::object& o, const char* name) {
  return std::string(o.at(name).as_string());
}

}  // namespace

std::string to_json(const decide_options& o) {
  json::object out;
  if (o.budget_minor) out["budget_minor"] = text_of(*o.budget_minor);
  out["currency"] = o.currency;
  out["z"] = text_of(o.z);
  out["holdout_share"] = text_of(o.holdout_share);
  out["holdout_salt"] = o.holdout_salt;
  out["margin"] = text_of(o.margin);
  out["now_us"] = text_of(o.now_us);
  out["policy"] = o.policy;
  out["previous_hash"] = o.previous_hash;
  return json::serialize(out);
}

decide_options options_from_json(std::string_view text) {
  try {
    const json::value parsed = json::parse({text.data(), text.size()});
    const json::object& in = parsed.as_object();
    decide_options o;
    if (in.contains("budget_minor")) o.budget_minor = number_in<std::int64_t>(in, "budget_minor");
    o.currency = text_in(in, "currency");
    o.z = number_in<double>(in, "z");
    o.holdout_share = number_in<double>(in, "holdout_share");
    o.holdout_salt = text_in(in, "holdout_salt");
    o.margin = number_in<double>(in, "margin");
    o.now_us = number_in<std::int64_t>(in, "now_us");
    o.policy = text_in(in, "policy");
    o.previous_hash = text_in(in, "previous_hash");
    return o;
  } catch (const std::exception& e) {
    throw error(status::corrupt,
                std::string("the stored options of a decision cannot be read: ") + e.what(),
                "decide again");
  }
}

void add_decide_run(store::connection& db, const decide_run& r) {
  store::statement(db, "INSERT INTO decide_run(run, options, inputs) VALUES(?, ?, ?)")
      .bind(1, r.run)
      .bind(2, std::string_view(r.options))
      .bind(3, std::string_view(r.inputs))
      .run();
}

std::optional<decide_run> latest_decide_run(store::connection& db) {
  store::statement s(db, "SELECT run, options, inputs FROM decide_run ORDER BY run DESC LIMIT 1");
  if (!s.step()) return std::nullopt;
  return decide_run{
      .run = s.integer(0), .options = std::string(s.text(1)), .inputs = std::string(s.text(2))};
}

std::string last_link(store::connection& db) {
  store::statement s(db, "SELECT chain_hash FROM decision_log ORDER BY seq DESC LIMIT 1");
  return s.step() ? std::string(s.text(0)) : std::string();
}

}  // namespace clv::detail
