#include "options.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "batch.hpp"
#include "clv/model.hpp"
#include "clv/time.hpp"
#include "sized.hpp"
#include "storage.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

template <typename T>
T or_default(T value, T otherwise) {
  return value == T{} ? otherwise : value;
}

// Opportunities and renewals have no length; the host says so with periods_per_year, if it can.
bool counts_periods(std::string_view model) {
  const std::string_view purchase = model.substr(0, model.find('+'));
  for (const clv::model* m : models()) {
    if (m->name == purchase) return is_discrete(*m);
  }
  return false;  // fit() says that there is no such model
}

std::int64_t day_before_or_at(std::int64_t us) {
  const std::int64_t day = us / us_per_day;
  return us % us_per_day < 0 ? day - 1 : day;
}

}  // namespace

csv_options to_core(const clv_csv_options* in) {
  const clv_csv_options o = read_sized(in, "options");
  check_flags(o.flags, 0);
  const std::string schema = text_or(o.schema, "transactions");
  if (o.max_rejects < -1) {
    throw error(status::invalid,
                "max_rejects is " + std::to_string(o.max_rejects) + "; -1 allows any number");
  }
  return {.path = text_of(o.path),
          .text = {},
          .schema = schema == "any" ? "" : schema,
          .extra = text_of(o.extra),
          .map = text_of(o.map),
          .currency = text_or(o.currency, "XXX"),
          .time_zone = text_or(o.time_zone, "UTC"),
          .now_us = o.now_us,
          .max_rejects = o.max_rejects,
          .memory_limit = o.memory_limit};
}

summarize_options to_core(const clv_summarize_options* in) {
  const clv_summarize_options o = read_sized(in, "options");
  check_flags(o.flags, CLV_SUMMARIZE_DROP_ZERO);
  return {.unit = text_or(o.unit, "week"),
          .time_zone = text_or(o.time_zone, "UTC"),
          .as_of_us = o.as_of_us,
          .currency = text_of(o.currency),
          .drop_zero_value = (o.flags & CLV_SUMMARIZE_DROP_ZERO) != 0};
}

fit_options to_core(const clv_fit_options* in, unsigned threads) {
  const clv_fit_options o = read_sized(in, "options");
  check_flags(o.flags, 0);
  const std::string model = text_or(o.model, "bg_nbd+gamma_gamma");
  return {.model = model,
          .transaction_covariates = text_of(o.transaction_covariates),
          .life_covariates = text_of(o.life_covariates),
          .equal_covariates = text_of(o.equal_covariates),
          .l2_transaction = o.l2_transaction,
          .l2_life = o.l2_life,
          .priors = text_of(o.priors),
          .fixed = text_of(o.fixed),
          .periods_per_year = o.periods_per_year,
          .threads = or_default<unsigned>(o.threads, threads),
          .tolerance = o.tolerance,
          .max_iterations = o.max_iterations,
          .unit = text_or(o.unit, counts_periods(model) ? "period" : "week"),
          .time_zone = text_or(o.time_zone, "UTC"),
          .currency = text_of(o.currency),
          .as_of_us = o.as_of_us,
          .now_us = o.now_us};
}

std::string name_of_model(const char* in) {
  const std::string name = text_of(in);
  if (first_bad_utf8(name) == std::string::npos) return name;
  throw error(status::invalid, "model '" + printable(name, 64) + "' is not UTF-8 text");
}

engine_score to_engine_score(const clv_score_options* in, unsigned threads) {
  const clv_score_options o = read_sized(in, "options");
  check_flags(o.flags, CLV_SCORE_PROCESS_ONLY | CLV_SCORE_SUMMARIZE);
  check_zero(o.spare, "spare");
  return {.options = {.horizon = o.horizon,
                      .annual_discount = o.annual_discount,
                      .margin = o.margin,
                      .quantities = text_of(o.quantities),
                      .threads = or_default<unsigned>(o.threads, threads),
                      .process_only = (o.flags & CLV_SCORE_PROCESS_ONLY) != 0},
          .from = {.model = name_of_model(o.model),
                   .summarise = (o.flags & CLV_SCORE_SUMMARIZE) != 0,
                   .as_of_us = o.as_of_us}};
}

score_options to_core(const clv_score_options* in, unsigned threads) {
  engine_score all = to_engine_score(in, threads);
  const char* given = !all.from.model.empty()  ? "model"
                      : all.from.summarise     ? "CLV_SCORE_SUMMARIZE"
                      : all.from.as_of_us != 0 ? "as_of_us"
                                               : nullptr;
  if (given == nullptr) return std::move(all.options);
  throw error(status::invalid,
              std::string(given) + " is given, but only an engine has models and a log",
              "leave it out: the model and the summary are arguments here");
}

alias_options to_core(const clv_alias_options* in) {
  const clv_alias_options o = read_sized(required(in, "options"), "options");
  check_flags(o.flags, CLV_ALIAS_ROLLBACK | CLV_ALIAS_UNCHECKED);
  return {.alias = name_of_model(required(o.alias, "alias")),
          .model = name_of_model(o.model),
          .etag = o.etag,
          .now_us = o.now_us,
          .max_age_us = o.max_age_us,
          .rollback = (o.flags & CLV_ALIAS_ROLLBACK) != 0,
          .unchecked = (o.flags & CLV_ALIAS_UNCHECKED) != 0};
}

segment_options to_core(const clv_segment_options* in) {
  const clv_segment_options o = read_sized(in, "options");
  check_flags(o.flags, 0);
  return {.scheme = text_or(o.scheme, "value_tier"), .options_json = text_of(o.options_json)};
}

simulate_options to_core(const clv_simulate_options* in) {
  const clv_simulate_options o = read_sized(in, "options");
  const simulate_options defaults;
  check_flags(o.flags, 0);
  return {.customers = or_default(o.customers, defaults.customers),
          .seed = o.seed,
          .start_day = day_before_or_at(o.start_us),
          .acquisition_days = or_default(o.acquisition_days, defaults.acquisition_days),
          .observed_days = or_default(o.observed_days, defaults.observed_days),
          .refund_share = o.refund_share,
          .currency = text_or(o.currency, "EUR")};
}

namespace {

constexpr std::array<std::string_view, 4> fact_names{
    "customers", "consent", "contacts", "evidence"};

decision_facts facts_of(const clv_decide_options& o) {
  if (o.n_facts < 0 || o.n_facts > static_cast<std::int32_t>(fact_names.size())) {
    throw error(status::invalid,
                "n_facts is " + std::to_string(o.n_facts) + "; there are at most " +
                    std::to_string(fact_names.size()));
  }
  if (o.n_facts > 0) required(o.facts, "facts");
  decision_facts read;
  for (std::int32_t i = 0; i < o.n_facts; ++i) {
    const std::string name = text_of(o.facts[i].name);
    if (std::ranges::find(fact_names, name) == fact_names.end()) {
      throw error(status::invalid,
                  "facts[" + std::to_string(i) + "].name is '" + printable(name, 64) + "'",
                  "use customers, consent, contacts or evidence");
    }
    if (read.contains(name)) throw error(status::invalid, "facts '" + name + "' are given twice");
    const clv_batch* rows = o.facts[i].batch;
    read.emplace(name,
                 name == "customers" ? read_customers(rows, "customers")
                                     : read_batch(rows, name.c_str(), name));
  }
  return read;
}

}  // namespace

decide_options to_engine_decide(const clv_decide_options* in) {
  const clv_decide_options o = read_sized(in, "options");
  const decide_options defaults;
  check_flags(o.flags, CLV_DECIDE_HAS_BUDGET | CLV_DECIDE_NO_HOLDOUT | CLV_DECIDE_WHAT_IF);
  check_zero(o.spare, "spare");
  const bool no_holdout = (o.flags & CLV_DECIDE_NO_HOLDOUT) != 0;
  if (no_holdout && o.holdout_share != 0) {
    throw error(
        status::invalid,
        "flags has CLV_DECIDE_NO_HOLDOUT, but holdout_share is " + number_text(o.holdout_share),
        "set one of the two");
  }
  if ((o.flags & CLV_DECIDE_HAS_BUDGET) == 0 && o.budget_minor != 0) {
    throw error(status::invalid,
                "budget_minor is " + std::to_string(o.budget_minor) +
                    ", but flags lacks CLV_DECIDE_HAS_BUDGET",
                "set the flag, or leave budget_minor 0 for no limit");
  }
  decide_options core;
  if ((o.flags & CLV_DECIDE_HAS_BUDGET) != 0) core.budget_minor = o.budget_minor;
  core.z = or_default(o.z, defaults.z);
  core.holdout_share = no_holdout ? 0.0 : or_default(o.holdout_share, defaults.holdout_share);
  core.holdout_salt = text_or(o.holdout_salt, "clv");
  core.margin = or_default(o.margin, defaults.margin);
  core.now_us = o.now_us;
  core.policy = text_of(o.policy_json);
  core.facts = facts_of(o);
  core.previous_hash = text_of(o.previous_hash);
  core.model_name = name_of_model(o.model);
  if (o.proposals != nullptr) core.proposals = read_batch(o.proposals, "proposals", "proposals");
  return core;
}

decide_options to_core(const clv_decide_options* in) {
  decide_options core = to_engine_decide(in);
  if (!core.proposals && core.model_name.empty()) return core;
  throw error(status::invalid,
              std::string(core.proposals ? "proposals" : "model") +
                  " of the options is given, but only an engine decides with it",
              "leave it out: proposals and model are arguments here");
}

engine_options to_core(const clv_engine_options* in) {
  const clv_engine_options o = read_sized(in, "options");
  check_flags(o.flags, CLV_OPEN_READ_ONLY | CLV_OPEN_ANY_AGE);
  check_zero(o.spare, "spare");
  return {.path = text_of(o.path),
          .threads = or_default<unsigned>(o.threads, 1),
          .read_only = (o.flags & CLV_OPEN_READ_ONLY) != 0,
          .any_age = (o.flags & CLV_OPEN_ANY_AGE) != 0,
          .elsewhere = to_core(o.storage),
          .memory_limit = o.memory_limit};
}

std::optional<request_answer> to_core(const clv_answer* in) {
  if (in == nullptr) return std::nullopt;
  const clv_answer a = read_sized(in, "answer");
  check_flags(a.flags, 0);
  if (a.made != 0) {
    throw error(status::invalid,
                "made of an answer is " + std::to_string(a.made) + "; the commit sets it",
                "leave it 0");
  }
  if (a.n_bytes < 0) throw error(status::invalid, "n_bytes is " + std::to_string(a.n_bytes));
  request_answer out{.key = text_of(a.key), .body_hash = text_of(a.body_hash), .at_us = a.now_us};
  if (a.n_bytes == 0) return out;
  required(a.bytes, "answer->bytes");
  out.bytes.assign(static_cast<const char*>(a.bytes), static_cast<std::size_t>(a.n_bytes));
  return out;
}

ingest_options to_core(const clv_ingest_options* in) {
  const clv_ingest_options o = read_sized(in, "options");
  check_flags(o.flags, 0);
  return {.source = text_of(o.source), .currency = text_of(o.currency), .now_us = o.now_us};
}

stored_rows to_core(const clv_table_options* in) {
  const clv_table_options o = read_sized(required(in, "options"), "options");
  check_flags(o.flags, 0);
  return {.table = required(o.table, "table"), .first = o.first, .count = o.count};
}

std::optional<request_answer> answer_of(const clv_run_options* in) {
  const clv_run_options o = read_sized(in, "options");
  check_flags(o.flags, 0);
  return to_core(o.answer);
}

std::optional<request_answer> answer_of(const clv_alias_options* in) {
  return to_core(read_sized(in, "options").answer);
}

void check_answerless(const clv_run_options* in) {
  if (!answer_of(in)) return;
  throw error(status::invalid,
              "this verb keeps no answer",
              "leave `answer` out: clv_run_options says which verbs take one");
}

}  // namespace clv::abi
