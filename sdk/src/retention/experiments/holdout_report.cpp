// Who is left alone, so that any host can check its own answer against this one. Held out of a
// scope: XXH64(salt + customer) < floor(share 2^64), seed 0, bytes of UTF-8, compared as unsigned
// integers; tests/golden/holdout.csv has vectors made without this code.
//
// Nested holdouts: each action may have a salt and a share of its own, drawn independently of the
// global one. A customer is left alone by an action when either holds it out; so the action's own
// comparison has (1 - share)(1 - own share) treated, and the global holdout stays clean for the
// system. Salts must differ: with the same salt the smaller holdout lies inside the larger, and
// the nested one would hold out nobody more.
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "retention/experiments/holdout.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::array<report_input, 1> inputs{{{"customers", "", true, "customer"}}};
constexpr std::array<report_option, 5> holdout_report_options{{
    {"salt", "\"clv\"", "of the global holdout"},
    {"share", "0.1", "of the global holdout, 0 to 1"},
    {"actions", "", "actions with a holdout of their own"},
    {"salts", "", "their salts, one each, all different"},
    {"shares", "", "their shares, one each"},
}};
constexpr std::array<report_output, 2> holdout_report_outputs{{
    {"", "customer,scope,hash,held_out,left_alone"},
    {"scopes", "scope,salt,share,bar,customers,held_out,left_alone"},
}};

// One holdout; the first is the global one.
struct holdout_scope {
  std::string name, salt;
  double share = 0;
  double held = 0, left_alone = 0;
};

std::string hex(std::uint64_t value) {
  std::string digits(16, '0');
  std::array<char, 16> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, 16).ptr;
  const auto length = static_cast<std::size_t>(end - text.data());
  digits.replace(16 - length, length, text.data(), length);
  return digits;
}

std::vector<holdout_scope> read_scopes(std::string_view json) {
  const settings s("report 'holdout'", json, holdout_report_options);
  std::vector<holdout_scope> all{
      {.name = "global", .salt = s.text("salt", "clv"), .share = s.number_in("share", 0.1, 0, 1)}};
  const auto actions = s.names("actions").value_or(std::vector<std::string>());
  const auto salts = s.names("salts").value_or(std::vector<std::string>());
  const auto shares = s.numbers("shares").value_or(std::vector<double>());
  if (salts.size() != actions.size()) s.refuse("salts", "one salt for each of 'actions'");
  if (shares.size() != actions.size()) s.refuse("shares", "one share for each of 'actions'");
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (!(shares[i] >= 0 && shares[i] <= 1)) s.refuse("shares", "numbers from 0 to 1");
    if (salts[i] == all.front().salt) s.refuse("salts", "salts other than the global one");
    all.push_back({.name = actions[i], .salt = salts[i], .share = shares[i]});
  }
  return all;
}

void write(const report_inputs& in, std::vector<holdout_scope> scopes, outcome& out) {
  const auto customers = report_rows(in.of("customers"), "holdout", "customers").texts("customer");
  report_writer rows({{"customer", type::utf8},
                      {"scope", type::utf8},
                      {"hash", type::utf8},
                      {"held_out", type::i64},
                      {"left_alone", type::i64}});
  for (const std::string& customer : customers) {
    bool global = false;
    for (holdout_scope& s : scopes) {
      const std::uint64_t hash = salted_hash(s.salt, customer);
      const bool held = held_out(hash, s.share);
      if (&s == scopes.data()) global = held;
      const bool alone = held || global;
      s.held += held ? 1 : 0;
      s.left_alone += alone ? 1 : 0;
      rows.row(customer, s.name, hex(hash), std::int64_t{held}, std::int64_t{alone});
    }
  }
  report_writer counts({{"scope", type::utf8},
                        {"salt", type::utf8},
                        {"share", type::f64},
                        {"bar", type::utf8},
                        {"customers", type::f64},
                        {"held_out", type::f64},
                        {"left_alone", type::f64}});
  std::string seal = "holdout/1|" + in.of("customers").fingerprint();
  for (const holdout_scope& s : scopes) {
    // A share of 1 has no bar below 2^64: everybody is below it.
    const std::string bar = s.share >= 1 ? "10000000000000000" : hex(holdout_bar(s.share));
    counts.row(
        s.name, s.salt, s.share, bar, static_cast<double>(customers.size()), s.held, s.left_alone);
    seal.append("|" + s.name + "|" + s.salt + "|" + bar);
  }
  out.tables[""] = rows.sealed(seal);
  out.tables["scopes"] = counts.sealed(seal + "|scopes");
}

job holdout_report_begin(report_inputs in, std::string_view options_json) {
  return report_at_once("hash",
                        [in = std::move(in), scopes = read_scopes(options_json)](outcome& out) {
                          write(in, scopes, out);
                        });
}

}  // namespace

constinit const report holdout_report{
    .name = "holdout",
    .summary = "Who is held out, globally and per action, with the hash that decides it",
    .needs_model = false,
    .inputs = inputs,
    .options = holdout_report_options,
    .outputs = holdout_report_outputs,
    .begin = holdout_report_begin,
};

}  // namespace clv
