#include "market_shop.hpp"

#include <chrono>
#include <cmath>
#include <cstring>
#include <set>

namespace clv_test {
namespace {

// Texts as a column lends them; fill first, then as_column.
struct text_values {
  std::string chars;
  std::vector<int64_t> offsets{0};

  void add(const std::string& text) {
    chars += text;
    offsets.push_back(static_cast<int64_t>(chars.size()));
  }
  clv_column as_column(const char* name) const {
    clv_column c{};
    c.name = name;
    c.type = CLV_T_UTF8;
    c.data = chars.data();
    c.offsets = offsets.data();
    return c;
  }
};

result_ptr take(const job_ptr& job, const char* name) {
  const diag_ptr diag = new_diag();
  clv_result* made = nullptr;
  EXPECT_EQ(clv_job_take_result(job.get(), name, &made, diag.get()), CLV_OK) << said(diag);
  return result_ptr(made);
}

// The market's own parameters: what a fit of much data would come to.
model_ptr true_model() {
  return load_model(
      R"({"format":"clv.model/1","unit":"week","currency":"EUR",
          "purchase":{"model":"bg_nbd","parameters":{"r":0.55,"alpha":6,"a":0.6,"b":3.5}},
          "spend":{"model":"gamma_gamma","parameters":{"p":6.25,"q":3.74,"gamma":30}}})");
}

// Settings as this shop would give them: its margin is .4.
const char* config_of(const std::string& path) {
  const bool has_margin = path.find("/winback.") != std::string::npos ||
                          path.find("/renewal_guard.") != std::string::npos;
  return has_margin ? R"({"margin": 0.4})" : "{}";
}

// The strongest proposal to each customer (the first of equals): what a host without a gate does.
std::map<std::string, std::string> favourites(const result_ptr& proposed) {
  std::map<std::string, std::pair<double, std::string>> best;
  for (int64_t row = 0; row < clv_result_rows(proposed.get()); ++row) {
    if (number_at(proposed, "veto", row) > 0) continue;
    const double effect = number_at(proposed, "effect_mean", row);
    const auto [at, is_new] = best.try_emplace(text_at(proposed, "customer", row));
    if (is_new || effect > at->second.first) {
      at->second = {effect, text_at(proposed, "action", row)};
    }
  }
  std::map<std::string, std::string> out;
  for (const auto& [who, what] : best) out[who] = what.second;
  return out;
}

}  // namespace

std::string text_at(const result_ptr& t, const char* column, int64_t row) {
  const char* found = clv_result_text(t.get(), clv_result_find(t.get(), column), row, nullptr);
  return found == nullptr ? "" : found;
}

double number_at(const result_ptr& t, const char* column, int64_t row) {
  return clv_result_number(t.get(), clv_result_find(t.get(), column), row);
}

market_shop::market_shop(int seed) : seed_(seed), model_(true_model()) {
  const job_ptr made = market("clv.template");  // the customers are the same under any actions
  const result_ptr log = take(made, ""), effects = take(made, "truth");
  known_ = take(made, "customers");
  consent_ = take(made, "consent");
  as_of_us_ = static_cast<int64_t>(number_at(effects, "as_of", 0));
  clv_summarize_options until = CLV_SIZED(clv_summarize_options);
  until.as_of_us = as_of_us_ - 1;
  const clv_batch events = batch_of(log);
  const result_ptr summary = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_summarize_begin(&until, &events, job, diag);
  });
  clv_score_options year = CLV_SIZED(clv_score_options);
  year.horizon = 52;
  year.margin = .4;
  const clv_batch rows = batch_of(summary);
  scores_ = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_score_begin(&year, model_.get(), &rows, job, diag);
  });
  const clv_batch scored = batch_of(scores_);
  segments_ = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_segment_begin(nullptr, &scored, job, diag);
  });
  // Columns are put side by side: the rows must be the same customers.
  EXPECT_EQ(clv_result_rows(scores_.get()), clv_result_rows(known_.get()));
  for (int64_t row = 0; row < clv_result_rows(known_.get()); ++row) {
    EXPECT_EQ(text_at(scores_, "customer", row), text_at(known_, "customer", row));
  }
}

job_ptr market_shop::market(const std::string& plugin) const {
  const std::string options =
      R"({"customers": )" + std::to_string(customers) + R"(, "seed": )" + std::to_string(seed_) +
      R"(, "acquisition_days": 540, "experiment_share": 0, "ticket_rate": 3, "actions": ")" +
      plugin + "\"}";
  const diag_ptr diag = new_diag();
  clv_job* made = nullptr;
  clv_report_options asked = CLV_SIZED(clv_report_options);
  asked.report = "market";
  asked.options_json = options.c_str();
  EXPECT_EQ(clv_report_begin(&asked, &made, diag.get()), CLV_OK) << said(diag);
  job_ptr job(made);
  EXPECT_EQ(clv_job_step(job.get(), 0, diag.get()), CLV_OK) << said(diag);
  return job;
}

result_ptr market_shop::truth(const std::string& plugin) const {
  return take(market(plugin), "truth");
}

std::vector<clv_column> market_shop::columns() const {
  const clv_batch scored = batch_of(scores_), tiers = batch_of(segments_), known = batch_of(known_);
  std::vector<clv_column> all(scored.columns, scored.columns + scored.n_columns);
  for (uint32_t i = 0; i < tiers.n_columns; ++i) {
    if (std::strcmp(tiers.columns[i].name, "segment") == 0) all.push_back(tiers.columns[i]);
  }
  for (uint32_t i = 0; i < known.n_columns; ++i) {
    if (std::strcmp(known.columns[i].name, "customer") != 0) all.push_back(known.columns[i]);
  }
  return all;
}

loaded_plugins market_shop::load(const std::vector<std::string>& paths) const {
  const diag_ptr diag = new_diag();
  clv_plugins* made = nullptr;
  EXPECT_EQ(clv_plugins_new(&made, diag.get()), CLV_OK) << said(diag);
  loaded_plugins out{plugins_ptr(made), "", "", ""};
  for (const std::string& path : paths) {
    clv_plugin_options o = CLV_SIZED(clv_plugin_options);
    o.config_json = config_of(path);
    o.seed = 1;
    o.now_us = as_of_us_;
    EXPECT_EQ(clv_plugins_load(made, &o, path.c_str(), diag.get()), CLV_OK) << said(diag);
  }
  clv_result* list = nullptr;
  EXPECT_EQ(clv_plugins_list(made, &list, diag.get()), CLV_OK) << said(diag);
  const result_ptr facts(list);
  out.id = text_at(facts, "id", 0);
  out.reads = text_at(facts, "reads", 0);
  out.actions = text_at(facts, "actions", 0);
  return out;
}

result_ptr market_shop::proposals(const loaded_plugins& by) const {
  const std::vector<clv_column> all = columns();
  const clv_batch rows = batch_of(all, customers);
  return answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_propose_begin(by.handle.get(), nullptr, &rows, job, diag);
  });
}

market_shop::decided market_shop::decide(const result_ptr& proposals,
                                         const std::string& policy_json,
                                         bool facts) const {
  const clv_batch known = batch_of(known_), consents = batch_of(consent_);
  const clv_batch scored = batch_of(scores_), proposed = batch_of(proposals);
  const clv_named_batch given[] = {{"customers", &known}, {"consent", &consents}};
  clv_decide_options o = CLV_SIZED(clv_decide_options);
  o.flags = CLV_DECIDE_NO_HOLDOUT;
  o.margin = .4;
  o.now_us = as_of_us_;
  o.policy_json = policy_json.empty() ? nullptr : policy_json.c_str();
  o.facts = facts ? given : nullptr;
  o.n_facts = facts ? 2 : 0;
  const diag_ptr diag = new_diag();
  clv_job* made = nullptr;
  EXPECT_EQ(clv_decide_begin(&o, model_.get(), &scored, &proposed, &made, diag.get()), CLV_OK)
      << said(diag);
  const job_ptr job(made);
  EXPECT_EQ(clv_job_step(job.get(), 0, diag.get()), CLV_OK) << said(diag);
  return {take(job, ""), take(job, "refusals")};
}

score market_shop::run_alone(const std::string& path) const {
  const loaded_plugins one = load({path});
  const auto start = std::chrono::steady_clock::now();
  const result_ptr proposed = proposals(one);
  const decided d = decide(proposed, policy, true);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  score s;
  s.milliseconds = took.count();
  s.proposals = clv_result_rows(proposed.get());
  for (int64_t row = 0; row < clv_result_rows(d.refusals.get()); ++row) {
    ++s.refused[text_at(d.refusals, "reason_code", row)];
  }
  std::set<std::string> who;
  for (int64_t row = 0; row < s.proposals; ++row) who.insert(text_at(proposed, "customer", row));
  s.customers = static_cast<int64_t>(who.size());
  judge(one.id, proposed, d.decisions, s);
  return s;
}

void market_shop::judge(const std::string& plugin,
                        const result_ptr& proposed,
                        const result_ptr& decisions,
                        score& into) const {
  text_values who, what, policies;
  std::map<std::string, std::string> treated;  // with what
  const auto add = [&](const std::string& customer, const std::string& action, const char* under) {
    who.add(customer);
    what.add(action);
    policies.add(under);
  };
  for (int64_t row = 0; row < customers; ++row) {
    const std::string action = text_at(decisions, "action", row);
    if (!action.empty()) treated[text_at(decisions, "customer", row)] = action;
    add(text_at(decisions, "customer", row), action, "gated");
  }
  into.treated = static_cast<int64_t>(treated.size());
  const auto all = favourites(proposed);
  for (const auto& [customer, action] : all) add(customer, action, "ungated");
  const std::vector<clv_column> columns{
      who.as_column("customer"), what.as_column("action"), policies.as_column("policy")};
  const clv_batch done = batch_of(columns, static_cast<int64_t>(who.offsets.size()) - 1);
  const result_ptr known_effects = truth(plugin);
  for (int64_t row = 0; row < clv_result_rows(known_effects.get()); ++row) {
    const auto at = treated.find(text_at(known_effects, "customer", row));
    const bool done_here =
        at != treated.end() && at->second == text_at(known_effects, "action", row);
    into.without_consent += done_here && !(number_at(known_effects, "allowed", row) > 0);
  }
  const clv_batch true_rows = batch_of(known_effects);
  const clv_named_batch in[] = {{"truth", &true_rows}, {"decisions", &done}};
  const result_ptr found = answer_of([&](clv_job** job, clv_diag* diag) {
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = "market_policies";
    asked.inputs = in;
    asked.n_inputs = 2;
    return clv_report_begin(&asked, job, diag);
  });
  for (int64_t row = 0; row < clv_result_rows(found.get()); ++row) {
    const std::string name = text_at(found, "policy", row);
    const double lift = number_at(found, "expected_lift", row);
    const double share = number_at(found, "cannibalisation_share", row);
    const double taken = std::isnan(share) ? 0 : share;  // no benefit was given
    if (name == "oracle") into.oracle = lift;
    if (name == "gated") into.gated = lift, into.gated_cannibalised = taken;
    if (name != "ungated") continue;
    into.ungated = lift;
    into.ungated_upper = number_at(found, "lift_upper", row);
    into.ungated_cannibalised = taken;
  }
}

}  // namespace clv_test
