// From the log of decisions and their outcomes to what `effects` and `off_policy` read.
//
// Main table, for `effects`: one action against nothing. The customers are those who were selected
// for it at the first decision that had anything to do for them; chance, by the salted hash of
// holdouts, then said whether it was done (treatment: the action) or withheld (none). Later
// decisions depend on what came of the first one and are left out, and so are customers for whom
// the action was no choice: nothing was random there. The effect is that on customers as the policy
// selects them. propensity: (1 - h)(1 - h_a) of those treated, 1 minus that of the others.
//
// Table "log", for `off_policy`: every decision whose window has passed, with the propensity as it
// was logged; "none" where nothing was done. reward: profit of the window less what was paid.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "retention/experiments/measure_settings.hpp"
#include "retention/reports.hpp"
#include "value/fitting/short_text.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::string_view own_name = "logged_experiment";

constexpr std::array<report_input, 3> logged_experiment_inputs{
    {{"decision_log", "decision_log", true, ""},
     {"outcomes", "outcomes", true, ""},
     {"customers", "", false, "customer and what to know of each"}}};
constexpr std::array<report_option, 8> logged_experiment_options{{
    {"action", "", "the action, or plugin/action; left out: the only one of the log"},
    {"window_days", "30", "how long after a decision its outcomes count"},
    {"as_of",
     "",
     "decisions whose window has not passed then are left out; left out: the last time"},
    {"since", "", "decisions before are left out"},
    {"time_zone", "\"UTC\"", "of as_of and since where they have no offset"},
    {"share", "", "of the global holdout; left out: as the receipts say"},
    {"nested", "", "actions with a holdout of their own; left out: as the receipts say"},
    {"nested_shares", "", "their shares, one per entry of nested"},
}};
constexpr std::array<report_output, 3> logged_experiment_outputs{{
    {"", "customer,treatment,outcome,propensity,unsubscribed,cost,profit,..."},
    {"log", "decision_id,customer,action,propensity,reward,outcome"},
    {"left_out", "what,count"},
}};

struct task {
  report_inputs in;
  measure_options measure;
  group_rules groups;
  std::string action, extra;
};

class experiment_rows {
 public:
  explicit experiment_rows(const task& t)
      : task_(t),
        log_(read_measured_log(t.in.of("decision_log"), t.in.of("outcomes"), t.measure)),
        groups_(groups_of(log_, t.groups).groups),
        unit_(report_rows(t.in.of("decision_log"), own_name, "decision_log").unit("cost")),
        seal_("logged_experiment/1|" + t.in.of("decision_log").fingerprint() +
              t.in.of("outcomes").fingerprint() + t.extra) {}

  void write(outcome& out) const {
    const lift_group& group = group_asked_for();
    out.tables[""] = experiment_of(group, out.notes);
    out.tables["log"] = log_table();
    out.tables["left_out"] = left_out(group);
    if (log_.recorded_costs) return;
    out.notes.push_back({.code = status::ok,
                         .level = log_level::warn,
                         .message = "report 'logged_experiment': no outcome has kind 'cost', so "
                                    "the expected costs of the log are used",
                         .hint = "record what was paid"});
  }

 private:
  // Groups are called plugin/action, or action where the plugin is not known.
  std::string_view action_of(const lift_group& g) const {
    return log_.decisions[g.decisions.front()].action;
  }
  const lift_group& group_asked_for() const;
  void require_chance(const lift_group& g) const;
  std::shared_ptr<const table> experiment_of(const lift_group& g, issues& notes) const;
  void add_segments(const lift_group& g, table& to) const;
  void add_covariates(const lift_group& g, table& to, issues& notes) const;
  std::shared_ptr<const table> log_table() const;
  std::shared_ptr<const table> left_out(const lift_group& g) const;

  const task& task_;
  measured_log log_;
  std::vector<lift_group> groups_;
  std::string unit_, seal_;
};

const lift_group& experiment_rows::group_asked_for() const {
  std::string names;
  const lift_group* found = nullptr;
  std::size_t fitting = 0;
  for (const lift_group& g : groups_) {
    names += (names.empty() ? "" : ", ") + g.name;
    if (!task_.action.empty() && g.name != task_.action && action_of(g) != task_.action) continue;
    found = &g;
    ++fitting;
  }
  if (fitting == 1) return *found;
  const std::string asked =
      task_.action.empty() ? "option 'action' is missing" : "action '" + task_.action + "'";
  throw error(names.empty() ? status::data : status::invalid,
              names.empty()
                  ? "report 'logged_experiment': no decision of the log whose window of " +
                        short_text(task_.measure.window_days) +
                        " days has passed had anything to do"
                  : "report 'logged_experiment': " + asked + " fits " + std::to_string(fitting) +
                        " actions of the log, not one",
              names.empty() ? "wait, or give a shorter window_days" : "it has: " + names);
}

// What is certain teaches nothing: without a chance of the other arm there is no experiment.
void experiment_rows::require_chance(const lift_group& g) const {
  const measured_decision& first = log_.decisions[g.decisions.front()];
  if (!task_.groups.share && !first.share) {
    throw error(status::invalid,
                "report 'logged_experiment': the log has no receipts, so nothing says with which "
                "chance customers were held out",
                "give the receipts, or option 'share' (and 'nested')");
  }
  for (const measured_person& p : g.people) {
    if (p.held_chance > 0 && p.held_chance < 1) continue;
    throw error(status::data,
                "report 'logged_experiment': customer '" + log_.customers[p.customer] +
                    "' was held out with probability " + short_text(p.held_chance) + ": of '" +
                    g.name + "' nothing was left to chance",
                "decide with a holdout share, and give 'since' when it began");
  }
}

std::shared_ptr<const table> experiment_rows::experiment_of(const lift_group& g,
                                                            issues& notes) const {
  require_chance(g);
  auto made = std::make_shared<table>();
  made->add("customer", type::utf8);
  made->add("treatment", type::utf8);
  made->add("outcome", type::f64);
  made->add("propensity", type::f64);
  made->add("unsubscribed", type::f64);
  made->add("cost", type::f64, unit_);
  made->add("profit", type::f64, unit_);
  for (const measured_person& p : g.people) {
    made->find("customer")->push(std::string_view(log_.customers[p.customer]));
    made->find("treatment")->push(p.held ? std::string_view("none") : action_of(g));
    made->find("outcome")->push(p.responded);
    made->find("propensity")->push(p.held ? p.held_chance : 1 - p.held_chance);
    made->find("unsubscribed")->push(p.unsubscribed);
    made->find("cost")->push(p.cost);
    made->find("profit")->push(p.value);
  }
  add_segments(g, *made);
  if (task_.in.has("customers")) add_covariates(g, *made, notes);
  made->seal(seal_);
  return made;
}

// As they were when it was decided; only where everybody had one, for `effects` takes no empty one.
void experiment_rows::add_segments(const lift_group& g, table& to) const {
  std::vector<std::string_view> of(log_.customers.size());
  for (const std::size_t i : g.decisions) {
    of[log_.decisions[i].customer] = log_.decisions[i].segment;
  }
  const auto unknown = [&](const measured_person& p) { return of[p.customer].empty(); };
  if (std::any_of(g.people.begin(), g.people.end(), unknown)) return;
  column& segment = to.add("segment", type::utf8);
  for (const measured_person& p : g.people) segment.push(of[p.customer]);
}

void append(const column& from, std::optional<std::size_t> row, column& to) {
  if (!row || !from.present(*row)) return to.push_absent();
  if (from.kind() == type::utf8) return to.push(from.text(*row));
  from.kind() == type::f64 ? to.push(from.numbers()[*row]) : to.push(from.integers()[*row]);
}

void experiment_rows::add_covariates(const lift_group& g, table& to, issues& notes) const {
  const table& known = task_.in.of("customers");
  const report_rows rows(known, own_name, "customers");
  const auto ids = rows.texts("customer");
  const auto row_of = positions(ids, rows, "customer");
  for (const column& c : known.columns()) {
    if (to.find(c.name()) != nullptr) continue;
    column& made = to.add(c.name(), c.kind(), c.unit());
    for (const measured_person& p : g.people) {
      const auto found = row_of.find(log_.customers[p.customer]);
      append(c, found == row_of.end() ? std::nullopt : std::optional(found->second), made);
    }
  }
  notes.push_back({.code = status::ok,
                   .level = log_level::warn,
                   .message = "the columns of 'customers' are as they are now, not as they were "
                              "when it was decided",
                   .hint = "name only those as covariates that the action cannot have changed"});
}

std::shared_ptr<const table> experiment_rows::log_table() const {
  report_writer to({{"decision_id", type::utf8},
                    {"customer", type::utf8},
                    {"action", type::utf8},
                    {"propensity", type::f64},
                    {"reward", type::f64, unit_},
                    {"outcome", type::f64}});
  const column& id = task_.in.of("decision_log").get("decision_id", type::utf8);
  for (const measured_decision& d : log_.decisions) {
    const bool done = !d.held && !d.action.empty();
    to.row(id.text(d.row),
           log_.customers[d.customer],
           done ? std::string_view(d.action) : std::string_view("none"),
           d.propensity,
           d.value - d.cost,
           d.response);
  }
  return to.sealed(seal_ + "log");
}

std::shared_ptr<const table> experiment_rows::left_out(const lift_group& g) const {
  report_writer to({{"what", type::utf8}, {"count", type::f64}});
  const auto used = static_cast<double>(g.decisions.size());
  to.row("decisions about other actions or nothing, or after a customer's first",
         static_cast<double>(log_.decisions.size()) - used);
  to.row("decisions whose window has not passed", log_.pending);
  to.row("decisions before 'since'", log_.before);
  to.row("decisions about forgotten customers", log_.forgotten);
  to.row("outcomes of no decision in the log", log_.outcomes_unmatched);
  to.row("outcomes outside the window of their decision", log_.outcomes_outside);
  return to.sealed(seal_ + "left_out");
}

job logged_experiment_begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'logged_experiment'", options_json, logged_experiment_options);
  task t{.in = std::move(in),
         .measure = read_measure(s),
         .groups = {.kinds = {"action"}},
         .action = s.text("action", ""),
         .extra = "|" + std::string(options_json) + "|"};
  read_shares(s, t.groups);
  return report_at_once("join",
                        [t = std::move(t)](outcome& out) { experiment_rows(t).write(out); });
}

}  // namespace

constinit const report logged_experiment_report{
    .name = own_name,
    .summary = "Logged decisions and their outcomes as the tables of effects and off_policy",
    .needs_model = false,
    .inputs = logged_experiment_inputs,
    .options = logged_experiment_options,
    .outputs = logged_experiment_outputs,
    .begin = logged_experiment_begin,
};

}  // namespace clv
