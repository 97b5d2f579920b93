#include "value/scoring/score_quantities.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "clv/error.hpp"
#include "data/limits.hpp"

namespace clv {
namespace {

constexpr double largest_pmf = 100'000;

struct further_name {
  further what;
  std::string_view name;      // before the colon
  std::string_view argument;  // "" = has none
};
constexpr std::array<further_name, 4> further_names{{{further::expected_new, "expected_new", ""},
                                                     {further::pmf, "pmf", ":N"},
                                                     {further::dert, "dert", ":D"},
                                                     {further::survival, "survival", ":S"}}};

bool can_give(const fitted_model& m, further what) {
  const model* p = m.purchase.which;
  if (p == nullptr) return false;
  switch (what) {
    case further::expected_new:
      return p->expected_new != nullptr;
    case further::pmf:
      return p->pmf != nullptr;
    case further::dert:
      return p->residual != nullptr;
    case further::survival:
      return p->survival_ahead != nullptr;
  }
  return false;
}

std::string list(const fitted_model& m, const quantity_set& which) {
  std::string text;
  for (unsigned q = 0; q < quantity_count; ++q) {
    if (which[q]) text += (text.empty() ? "" : ", ") + std::string(quantity_names[q]);
  }
  for (const further_name& f : further_names) {
    if (can_give(m, f.what)) text += ", " + std::string(f.name) + std::string(f.argument);
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<double> number(std::string_view text) {
  double value = 0.0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

[[noreturn]] void refuse(std::string_view name, const std::string& wanted) {
  throw error(status::invalid, "quantity '" + std::string(name) + "': " + wanted);
}

void check_argument(const further_quantity& f, const model& m) {
  const bool whole = f.at == std::floor(f.at);
  if (!(f.at >= 0.0 && f.at <= data::largest_count)) {
    refuse(f.name, "the number after the colon must be from 0 to 1e15");
  }
  if (f.what == further::pmf && !(whole && f.at <= largest_pmf)) {
    refuse(f.name, "expected a whole number of purchases up to 100000");
  }
  if (f.what == further::survival && is_discrete(m) && !whole) {
    refuse(f.name, std::string(m.name) + " goes in whole periods; expected a whole number");
  }
}

std::optional<further_quantity> further_of(std::string_view name, const fitted_model& m) {
  const auto colon = name.find(':');
  const std::string_view word = name.substr(0, colon);
  const auto* const f = std::find_if(further_names.begin(),
                                     further_names.end(),
                                     [&](const further_name& each) { return each.name == word; });
  if (f == further_names.end() || !can_give(m, f->what)) return std::nullopt;
  if (f->argument.empty() != (colon == std::string_view::npos)) return std::nullopt;
  further_quantity out{.what = f->what, .name = std::string(name)};
  if (f->argument.empty()) return out;
  const auto value = number(name.substr(colon + 1));
  if (!value) refuse(name, "what follows the colon is not a number");
  out.at = *value;
  check_argument(out, *m.purchase.which);
  return out;
}

void take(std::string_view name, const fitted_model& m, const quantity_set& can, score_plan& plan) {
  unsigned q = 0;
  while (q < quantity_count && quantity_names[q] != name) ++q;
  if (q < quantity_count && can[q]) {
    plan.wanted.set(q);
    return;
  }
  const auto beside = further_of(name, m);
  if (!beside) {
    throw error(status::invalid,
                "'" + std::string(name) + "' is not a quantity " + m.name() + " can give",
                "available: " + list(m, can));
  }
  const bool known = std::any_of(plan.beside.begin(), plan.beside.end(), [&](const auto& each) {
    return each.name == beside->name;
  });
  if (!known) plan.beside.push_back(*beside);
}

}  // namespace

void parse_quantities(std::string_view text, const fitted_model& m, score_plan& plan) {
  const quantity_set can = available(m);
  if (text.empty()) {
    plan.wanted = can;
    return;
  }
  for (std::string_view rest = text;;) {
    const auto comma = rest.find(',');
    take(trimmed(rest.substr(0, comma)), m, can, plan);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  plan.litt_asked = plan.wanted[q_log_likelihood];
}

}  // namespace clv
