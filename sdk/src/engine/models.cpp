// Models by number and alias: which one is meant, and who may be promoted.
#include "engine/models.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/answered.hpp"
#include "engine/core.hpp"

namespace clv {
namespace detail {
namespace {

constexpr std::size_t longest_alias = 64;
constexpr std::size_t most_named = 20;  // in a message

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void check_alias(std::string_view alias) {
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  const bool good = !alias.empty() && alias.size() <= longest_alias && is_letter(alias.front()) &&
                    std::ranges::all_of(alias, allowed);
  if (good) return;
  throw error(status::invalid,
              "'" + std::string(alias.substr(0, longest_alias)) + "' is no name for an alias",
              "use 1 to 64 letters, digits, '-' and '_', a letter first");
}

[[noreturn]] void fail_no_models(core& c) {
  throw error(status::state, c.sql().label() + " has no model yet: run fit first", "run fit");
}

[[noreturn]] void fail_unknown(core& c, std::string_view name) {
  const auto numbers = store::model_numbers(c.sql());
  if (numbers.empty()) fail_no_models(c);
  std::string known = "models 1 to " + std::to_string(numbers.back());
  const auto aliases = store::model_aliases(c.sql());
  for (std::size_t i = 0; i < std::min(aliases.size(), most_named); ++i) {
    known += ", " + aliases[i].alias;
  }
  throw error(
      status::not_found,
      c.sql().label() + " has no model '" + std::string(name.substr(0, longest_alias)) + "'",
      "known: " + known);
}

std::int64_t number_of(core& c, std::string_view name) {
  if (name.empty()) {
    if (const auto latest = store::latest_model(c.sql())) return *latest;
    if (store::model_numbers(c.sql()).empty()) fail_no_models(c);
    throw error(status::state, c.sql().label() + ": every model is retired", "run fit");
  }
  if (!is_digit(name.front())) {
    const auto alias = store::find_alias(c.sql(), name);
    if (!alias) fail_unknown(c, name);
    return alias->model;
  }
  std::int64_t number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  if (read.ec != std::errc() || read.ptr != name.data() + name.size()) fail_unknown(c, name);
  return number;
}

std::shared_ptr<const fitted_model> parse(core& c, const store::kept_model& kept) {
  try {
    return std::make_shared<const fitted_model>(load_model(kept.json));
  } catch (const error& e) {
    throw error(status::corrupt,
                c.sql().label() + ": the stored model " + std::to_string(kept.number) +
                    " cannot be read: " + e.what(),
                "run fit again");
  }
}

store::kept_model kept_model_named(core& c, std::string_view name) {
  const std::int64_t number = number_of(c, name);
  auto kept = store::find_model(c.sql(), number);
  if (!kept) fail_unknown(c, name);
  return std::move(*kept);
}

void require_not_retired(const store::kept_model& kept) {
  if (!kept.retired) return;
  throw error(
      status::state, "model " + std::to_string(kept.number) + " is retired", "name another model");
}

void require_converged(std::int64_t number, const fitted_model& m) {
  const model_health health = health_of(m);
  if (health.usable) return;
  throw error(status::state,
              "model " + std::to_string(number) + " (" + m.name() +
                  ") is not to be promoted: " + std::string(name_of(health.status)) +
                  (health.reason.empty() ? "" : ": " + health.reason),
              "fit another one, or say that the check is to be left out");
}

void require_young(std::int64_t number, const fitted_model& m, const alias_options& o) {
  if (o.max_age_us == 0) return;
  if (m.as_of_us == 0) {
    throw error(status::state,
                "model " + std::to_string(number) + " does not say up to when it observed",
                "promote one that does, or without a maximal age");
  }
  if (o.now_us - m.as_of_us <= o.max_age_us) return;
  constexpr double us_per_day_f = 86'400'000'000.0;
  const auto days = [](std::int64_t us) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(),
                                   digits.data() + digits.size(),
                                   static_cast<double>(us) / us_per_day_f,
                                   std::chars_format::fixed,
                                   1);
    return std::string(digits.data(), end.ptr);
  };
  throw error(status::state,
              "model " + std::to_string(number) + " is too old: its data end " +
                  days(o.now_us - m.as_of_us) + " days ago, and " + days(o.max_age_us) +
                  " are allowed",
              "fit a newer one");
}

void check_options(const alias_options& o) {
  check_alias(o.alias);
  const auto refuse = [](const std::string& what, const std::string& hint) {
    throw error(status::invalid, what, hint);
  };
  if (o.etag < 0) refuse("etag is " + std::to_string(o.etag), "0 is for a new alias");
  if (o.max_age_us < 0) refuse("max_age_us is " + std::to_string(o.max_age_us), "0 is any age");
  if (o.max_age_us > 0 && o.now_us == 0) refuse("max_age_us is given without now_us", "give both");
  if (o.rollback && !o.model.empty()) {
    refuse("a rollback names no model, but model is '" + o.model.substr(0, longest_alias) + "'",
           "leave it out: the alias goes back to the one before");
  }
}

void require_etag(const std::string& alias, std::int64_t etag, const store::model_alias& now) {
  if (etag == now.etag) return;
  const std::string present = now.etag == 0 ? "it does not exist"
                                            : "its etag is " + std::to_string(now.etag) +
                                                  ", it names model " + std::to_string(now.model);
  throw error(
      status::conflict,
      "alias '" + alias + "': " + present + ", and the etag given is " + std::to_string(etag),
      "somebody set it meanwhile: read \"aliases\" and decide again");
}

// The model that the alias is to name, checked as far as the options ask for it.
std::int64_t target_of(core& c, const alias_options& o, const store::model_alias& now) {
  if (o.rollback && !now.previous) {
    throw error(status::state,
                "alias '" + o.alias + "' never named another model: there is nothing to go back to",
                "name a model");
  }
  const auto kept = kept_model_named(c, o.rollback ? std::to_string(*now.previous) : o.model);
  require_not_retired(kept);
  const auto model = parse(c, kept);
  // It was let through once, when the alias named it before.
  if (!o.rollback && !o.unchecked) require_converged(kept.number, *model);
  require_young(kept.number, *model, o);
  return kept.number;
}

}  // namespace

model_health health_of(const fitted_model& m) {
  model_health health;
  std::array<const estimates*, 2> parts{m.purchase.which == nullptr ? nullptr : &m.purchase,
                                        m.spend ? &*m.spend : nullptr};
  for (const estimates* part : parts) {
    if (part == nullptr) continue;
    const bool fitted = part->status != fit_status::given;
    if (fitted) {
      health.log_likelihood = health.log_likelihood.value_or(0) + part->log_likelihood;
      health.customers = std::max(health.customers.value_or(0), part->customers);
    }
    if (!health.usable || !fitted) continue;
    health.status = part->status;
    health.usable = part->status == fit_status::converged;
    health.reason = part->reason;
  }
  return health;
}

std::int64_t keep_model(store::connection& db,
                        std::int64_t run,
                        const fitted_model& m,
                        std::int64_t created_us) {
  const std::string name = m.name();
  const std::string json = save_model(m);
  return store::add_model(db, run, {name, m.data_fingerprint, json, created_us});
}

numbered_model named_model(core& c, std::string_view name) {
  const store::kept_model kept = kept_model_named(c, name);
  return {.number = kept.number, .model = parse(c, kept)};
}

numbered_model model_to_score_with(core& c, std::string_view name) {
  const store::kept_model kept = kept_model_named(c, name);
  require_not_retired(kept);
  return {.number = kept.number, .model = parse(c, kept)};
}

numbered_model model_of_run(core& c, std::int64_t run) {
  const auto number = store::model_of_run(c.sql(), run);
  const auto kept = number ? store::find_model(c.sql(), *number) : std::nullopt;
  if (!kept) {
    throw error(
        status::corrupt,
        c.sql().label() + " is damaged: the model of run " + std::to_string(run) + " is not there",
        "run fit and score again");
  }
  return {.number = kept->number, .model = parse(c, *kept)};
}

numbered_model model_of_table(core& c, std::string_view table) {
  const auto run = store::run_of_table(c.sql(), table);
  return run ? model_of_run(c, *run) : named_model(c, "");
}

std::shared_ptr<const table> list_models(core& c) {
  auto t = std::make_shared<table>();
  column& name = t->add("name", type::utf8);
  column& model = t->add("model", type::utf8);
  column& status = t->add("status", type::utf8);
  column& converged = t->add("converged", type::i64);
  column& fingerprint = t->add("data_fingerprint", type::utf8);
  column& customers = t->add("customers", type::f64);
  column& log_likelihood = t->add("log_likelihood", type::f64);
  column& as_of = t->add("as_of_us", type::time, "us");
  column& created = t->add("created_us", type::time, "us");
  column& retired = t->add("retired", type::i64);
  const auto push = [](column& to, auto value, bool known) {
    known ? to.push(value) : to.push_absent();
  };
  for (const std::int64_t number : store::model_numbers(c.sql())) {
    const store::kept_model kept = *store::find_model(c.sql(), number);
    const fitted_model m = *parse(c, kept);
    const model_health health = health_of(m);
    name.push(std::string_view(std::to_string(number)));
    model.push(std::string_view(m.name()));
    status.push(name_of(health.status));
    converged.push(std::int64_t{health.usable});
    push(fingerprint, std::string_view(m.data_fingerprint), !m.data_fingerprint.empty());
    push(customers, health.customers.value_or(0), health.customers.has_value());
    push(log_likelihood, health.log_likelihood.value_or(0), health.log_likelihood.has_value());
    push(as_of, m.as_of_us, m.as_of_us != 0);
    push(created, kept.created_us, kept.created_us != 0);
    retired.push(std::int64_t{kept.retired});
  }
  t->seal("models/1");
  return t;
}

std::shared_ptr<const table> list_aliases(core& c) {
  auto t = std::make_shared<table>();
  column& alias = t->add("alias", type::utf8);
  column& model = t->add("model", type::utf8);
  column& etag = t->add("etag", type::i64);
  column& previous = t->add("previous", type::utf8);
  column& set = t->add("set_us", type::time, "us");
  for (const store::model_alias& a : store::model_aliases(c.sql())) {
    alias.push(std::string_view(a.alias));
    model.push(std::string_view(std::to_string(a.model)));
    etag.push(a.etag);
    a.previous ? previous.push(std::string_view(std::to_string(*a.previous)))
               : previous.push_absent();
    a.set_us != 0 ? set.push(a.set_us) : set.push_absent();
  }
  t->seal("aliases/1");
  return t;
}

}  // namespace detail

std::string engine::add_model(const fitted_model& m,
                              std::int64_t now_us,
                              std::optional<request_answer> answer) {
  detail::core& c = *impl_->core;
  detail::require_ready(c, "add_model");
  store::transaction all_or_nothing(c.sql());
  detail::require_unanswered(c, answer);
  const std::int64_t run = store::add_run(c.sql(), "add_model", m.data_fingerprint);
  const std::int64_t number = detail::keep_model(c.sql(), run, m, now_us);
  detail::keep(c, answer, number);
  all_or_nothing.commit();
  return std::to_string(number);
}

std::shared_ptr<const fitted_model> engine::model(std::string_view name) {
  const detail::lease alone(impl_->core);
  return detail::named_model(*alone, name).model;
}

std::int64_t engine::set_alias(const alias_options& o, std::optional<request_answer> answer) {
  detail::check_options(o);
  detail::core& c = *impl_->core;
  detail::require_ready(c, "set_alias");
  store::transaction all_or_nothing(c.sql());
  detail::require_unanswered(c, answer);
  store::model_alias now =
      store::find_alias(c.sql(), o.alias).value_or(store::model_alias{.alias = o.alias});
  detail::require_etag(o.alias, o.etag, now);
  const std::int64_t target = detail::target_of(c, o, now);
  // Naming the same one again keeps the way back.
  if (now.etag != 0 && target != now.model) now.previous = now.model;
  now.model = target;
  now.set_us = o.now_us;
  ++now.etag;
  store::put_alias(c.sql(), now);
  detail::keep(c, answer, now.etag);
  all_or_nothing.commit();
  return now.etag;
}

void engine::retire_model(std::string_view name, std::optional<request_answer> answer) {
  if (name.empty()) throw error(status::invalid, "retire names no model", "name a number");
  detail::core& c = *impl_->core;
  detail::require_ready(c, "retire_model");
  store::transaction all_or_nothing(c.sql());
  detail::require_unanswered(c, answer);
  const store::kept_model kept = detail::kept_model_named(c, name);
  for (const store::model_alias& a : store::model_aliases(c.sql())) {
    if (a.model != kept.number) continue;
    throw error(status::state,
                "model " + std::to_string(kept.number) + " is named by alias '" + a.alias + "'",
                "let the alias name another model first");
  }
  store::retire_model(c.sql(), kept.number);
  detail::keep(c, answer, kept.number);
  all_or_nothing.commit();
}

}  // namespace clv
