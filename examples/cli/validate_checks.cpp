#include "validate_checks.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

#include "failure.hpp"
#include "plugin_files.hpp"
#include "rows.hpp"
#include "simulated_table.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct subject {
  std::string path;
  std::string config;
  std::unique_ptr<simulated_table> customers;
  std::string actions;  // ",a,b," of its manifest
};

plugins load(const subject& s) {
  const diag d;
  plugin_request request;
  request.paths = {s.path};
  request.seed = 7;
  request.now_us = simulated_table::now_us;
  if (!s.config.empty()) {
    request.configs = {std::filesystem::path(s.path).stem().string() + "=" + s.config};
  }
  return load_plugins(request, d);
}

// A plugin that fails is a warning to a host that has others; here it is the finding.
void fail_on_complaints(const diag& d) {
  for (std::int64_t i = 0; i < clv_diag_count(d.get()); ++i) {
    auto entry = sized<clv_diag_entry>();
    if (clv_diag_get(d.get(), i, &entry) != CLV_OK || entry.level < CLV_LOG_WARN) continue;
    fail(entry.message == nullptr ? clv_status_name(entry.status) : entry.message);
  }
}

result propose(const plugins& loaded, const clv_batch& customers) {
  const diag d;
  clv_job* raw = nullptr;
  d.check(clv_propose_begin(loaded.get(), &customers, &raw, d.get()), "");
  const job work(raw);
  d.check(clv_job_step(work.get(), 0, d.get()), "");
  fail_on_complaints(d);
  clv_result* proposals = nullptr;
  d.check(clv_job_take_result(work.get(), nullptr, &proposals, d.get()), "");
  return result(proposals);
}

// One line per proposal for rows from `from` to below `to`, counted from there: all that the plugin
// said.
std::string said(const result& proposals, std::int64_t from, std::int64_t to) {
  std::string text;
  for (std::int64_t i = 0; i < clv_result_rows(proposals.get()); ++i) {
    const double row = number_at(proposals, "row", i);
    if (row < static_cast<double>(from) || row >= static_cast<double>(to)) continue;
    text += exact(row - static_cast<double>(from)) + "\t";
    for (const char* column :
         {"action", "channel", "reason", "category", "benefit_kind", "resource", "message"}) {
      text += text_at(proposals, column, i) + "\t";
    }
    for (const char* column : {"effect_mean",
                               "effect_sd",
                               "effect_n",
                               "response_value",
                               "benefit",
                               "contact_cost",
                               "horizon_us",
                               "expires_us",
                               "agent_minutes",
                               "discount_share",
                               "worst_case",
                               "pull_forward",
                               "unsubscribe_effect",
                               "resource_units",
                               "veto",
                               "needs_approval"}) {
      text += exact(number_at(proposals, column, i)) + "\t";
    }
    text += "\n";
  }
  return text;
}

std::string check_identity(subject& s) {
  const diag d;
  const result facts = list_plugins(load(s), d);
  std::string text;
  for (const char* column :
       {"id", "name", "version", "vendor", "licence", "summary", "reads", "actions"}) {
    const std::string value = text_at(facts, column, 0);
    if (value.empty()) fail(std::string("it does not say its ") + column);
    text += (text.empty() ? "" : "; ") + (column + (": " + value));
  }
  s.actions = "," + text_at(facts, "actions", 0) + ",";
  std::erase(s.actions, ' ');
  return text;
}

std::string check_proposals(subject& s) {
  diag d;
  s.customers = std::make_unique<simulated_table>(d);
  const result proposals = propose(load(s), s.customers->first(s.customers->rows()));
  return grouped(clv_result_rows(proposals.get())) + " proposals for " +
         grouped(s.customers->rows()) + " simulated customers";
}

std::string check_actions(subject& s) {
  const result proposals = propose(load(s), s.customers->first(s.customers->rows()));
  for (std::int64_t i = 0; i < clv_result_rows(proposals.get()); ++i) {
    const std::string action = text_at(proposals, "action", i);
    if (s.actions.find("," + action + ",") == std::string::npos) {
      fail("proposal " + std::to_string(i + 1) + " has the action '" + action +
           "', which its manifest does not list");
    }
  }
  return "";
}

std::string check_repeatable(subject& s) {
  const clv_batch all = s.customers->first(s.customers->rows());
  const plugins first = load(s);
  const plugins second = load(s);
  const std::string once = said(propose(first, all), 0, all.n_rows);
  if (said(propose(second, all), 0, all.n_rows) != once)
    fail("a second instance proposed otherwise");
  if (said(propose(first, all), 0, all.n_rows) != once) fail("asked again, it proposed otherwise");
  return "";
}

std::string check_independence(subject& s) {
  const std::int64_t rows = s.customers->rows(), half = rows / 16 * 8;
  const result all = propose(load(s), s.customers->first(rows));
  const result head = propose(load(s), s.customers->part(0, half));
  const result tail = propose(load(s), s.customers->part(half, rows - half));
  const bool same = said(head, 0, half) == said(all, 0, half) &&
                    said(tail, 0, rows - half) == said(all, half, rows);
  if (!same) fail("what a row gets depends on the other rows");
  return "";
}

std::string check_empty(subject& s) {
  const result none = propose(load(s), s.customers->first(0));
  if (clv_result_rows(none.get()) != 0) fail("it proposed something for no customer");
  return "";
}

std::string check_one_row(subject& s) {
  propose(load(s), s.customers->first(1));
  return "";
}

std::string check_absent(subject& s) {
  propose(load(s), s.customers->first_without_numbers(s.customers->rows()));
  return "";
}

std::string check_absurd(subject& s) {
  propose(load(s), s.customers->first_with_absurd_numbers(s.customers->rows()));
  return "";
}

}  // namespace

std::vector<plugin_check> checks_for(const std::string& path, const std::string& config) {
  const auto s = std::make_shared<subject>();
  s->path = path;
  s->config = config;
  const auto with = [s](std::string (*check)(subject&)) {
    return [s, check] { return check(*s); };
  };
  return {
      {"loads and says who it is", with(check_identity)},
      {"proposes for a simulated market", with(check_proposals)},
      {"proposes only actions of its manifest", with(check_actions)},
      {"same input, same proposals, also from a second instance", with(check_repeatable)},
      {"a row's proposals do not depend on other rows", with(check_independence)},
      {"takes a batch of no rows", with(check_empty)},
      {"takes a batch of one row", with(check_one_row)},
      {"takes customers whose numbers are absent", with(check_absent)},
      {"takes customers whose numbers are absurd", with(check_absurd)},
  };
}

}  // namespace cli
