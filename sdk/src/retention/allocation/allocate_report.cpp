// The allocator for hosts that make their own choices: who gets what under several limits.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "retention/allocation/choice_rows.hpp"
#include "retention/allocation/plan.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using retention::choice_rows;
using retention::plan;

constexpr const char* name = "allocate";
constexpr std::array<report_input, 1> inputs{
    {{"choices", "", true, "customer,action,net, and one column for each of the limits"}}};
constexpr std::array<report_option, 1> options{
    {{"limits",
      R"({})",
      R"(column -> the most that may be used of it in total, null to count only: {"cost": 500})"}}};
constexpr std::array<report_output, 3> outputs{{{"", "customer,action,net,row"},
                                                {"resources", "resource,limit,used,shadow_price"},
                                                {"totals", "customers,treated,value,bound,gap"}}};

using named_limits = std::vector<std::pair<std::string, double>>;

// The work in phases: read, plan (stepped), write.
class allocation_run {
 public:
  allocation_run(report_inputs in, named_limits limits)
      : in_(std::move(in)),
        table_(in_.of("choices")),
        rows_(table_, name, "choices"),
        limits_(std::move(limits)) {}

  void read();
  double advance() { return plan_->advance(1U << 14); }
  void write(outcome& out);

 private:
  std::optional<double> limit(std::size_t r) const {
    return limits_[r].second < plan::no_limit ? std::optional(limits_[r].second) : std::nullopt;
  }

  report_inputs in_;
  const table& table_;
  report_rows rows_;
  named_limits limits_;
  std::optional<choice_rows> choices_;
  std::optional<plan> plan_;
  std::vector<std::string> action_;
  std::vector<double> net_;
};

void allocation_run::read() {
  choices_.emplace(rows_.texts("customer"));
  action_ = rows_.texts("action");
  net_ = rows_.numbers("net");
  std::vector<double> limits;
  std::vector<std::vector<double>> uses;
  for (const auto& [column, limit] : limits_) {
    limits.push_back(limit);
    uses.push_back(rows_.numbers(column));
    const auto below = std::find_if(
        uses.back().begin(), uses.back().end(), [](double amount) { return amount < 0; });
    if (below == uses.back().end()) continue;
    rows_.refuse(column, static_cast<std::size_t>(below - uses.back().begin()), "is below 0");
  }
  plan_.emplace(std::move(limits));
  std::vector<retention::use> amounts;
  std::vector<retention::option> offered;
  for (std::size_t i = 0; i < choices_->customers(); ++i) {
    amounts.clear();
    offered.clear();
    choices_->each_row(i, [&](std::uint32_t row) {
      for (std::uint32_t r = 0; r < uses.size(); ++r) amounts.push_back({r, uses[r][row]});
      offered.push_back({.rank = net_[row], .id = row, .uses = {}});
    });
    for (std::size_t k = 0; k < offered.size(); ++k) {
      offered[k].uses = std::span(amounts).subspan(k * uses.size(), uses.size());
    }
    plan_->add(offered, choices_->tie_key(i), true);
  }
}

void allocation_run::write(outcome& out) {
  report_writer taken({{"customer", type::utf8},
                       {"action", type::utf8},
                       {"net", type::f64, rows_.unit("net")},
                       {"row", type::i64}});
  std::int64_t treated = 0;
  for (std::size_t i = 0; i < choices_->customers(); ++i) {
    const auto row = plan_->chosen(i);
    if (!row) continue;
    ++treated;
    taken.row(choices_->customer(i), action_[*row], net_[*row], std::int64_t{*row} + 1);
  }
  report_writer resources({{"resource", type::utf8},
                           {"limit", type::f64},
                           {"used", type::f64},
                           {"shadow_price", type::f64}});
  std::string seal = std::string(name) + "|" + table_.fingerprint();
  for (std::size_t r = 0; r < limits_.size(); ++r) {
    resources.row(limits_[r].first, limit(r), plan_->used(r), plan_->shadow_price(r));
    seal += "|" + limits_[r].first;
  }
  report_writer totals({{"customers", type::i64},
                        {"treated", type::i64},
                        {"value", type::f64, rows_.unit("net")},
                        {"bound", type::f64, rows_.unit("net")},
                        {"gap", type::f64, rows_.unit("net")}});
  totals.row(static_cast<std::int64_t>(choices_->customers()),
             treated,
             plan_->total(),
             plan_->bound(),
             plan_->bound() - plan_->total());
  out.tables[""] = taken.sealed(seal);
  out.tables["resources"] = resources.sealed(seal);
  out.tables["totals"] = totals.sealed(seal);
}

job begin(report_inputs in, std::string_view options_json) {
  const settings s(name, options_json, options);
  auto limits = s.limits("limits").value_or(named_limits{});
  auto result = std::make_shared<outcome>();
  if (in.tables.empty()) throw error(status::invalid, "report 'allocate' has no table 'choices'");
  auto run = std::make_shared<allocation_run>(std::move(in), std::move(limits));
  std::vector<phase> phases;
  phases.push_back({"read", [run] {
                      run->read();
                      return 1.0;
                    }});
  phases.push_back({"allocate", [run] { return run->advance(); }});
  phases.push_back({"write", [run, result] {
                      run->write(*result);
                      return 1.0;
                    }});
  return {std::move(phases), std::move(result)};
}

}  // namespace

constinit const report allocate_report{
    .name = name,
    .summary = "Who gets which action so that profit is highest and no limit is exceeded",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
