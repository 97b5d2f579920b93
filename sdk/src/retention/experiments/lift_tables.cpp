#include "retention/experiments/lift_tables.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "math/proportion.hpp"
#include "retention/experiments/lift_estimate.hpp"
#include "retention/experiments/sequence.hpp"
#include "value/fitting/short_text.hpp"

namespace clv::retention {
namespace {

constexpr double srm_level = 1e-3;
constexpr double least_customers = 50;  // per arm, for intervals that lean on the central limit

using number = std::optional<double>;

// One group as it is told: everything that compares the arms is absent where it would mislead.
struct told_group {
  const lift_group* group = nullptr;
  split_test split;
  arms of;
  std::string status = "OK";
  double net_error = 0, factor = 0;
  bool compared() const { return status != "SRM"; }
  bool measured() const { return status == "OK"; }
  double net_difference() const { return of.treated.net - of.held.net; }
};

std::string per_cent(double share) {
  return short_text(100 * share) + " %";
}

std::string verdict_of(const told_group& g) {
  const auto n = short_text(static_cast<double>(g.group->people.size()));
  if (g.status == "SRM") {
    return per_cent(g.split.observed_share) + " of " + n + " customers are held out, expected " +
           per_cent(g.split.expected_share) + " (p = " + short_text(g.split.p) +
           "): the split is broken, nothing is compared. Find what drops or moves customers.";
  }
  if (g.status == "INSUFFICIENT") {
    const bool few = std::min(g.of.treated.n, g.of.held.n) < least_customers;
    return few ? short_text(g.of.treated.n) + " customers treated and " + short_text(g.of.held.n) +
                     " held out; " + short_text(least_customers) + " of each are needed."
               : "Nothing differs between customers: there are no outcomes to compare.";
  }
  const double half = g.factor * g.net_error, found = g.net_difference();
  const std::string range = short_text(found) + " per customer, between " +
                            short_text(found - half) + " and " + short_text(found + half) +
                            " whenever read.";
  if (found > half) return "It earns " + range;
  if (found < -half) return "It loses money: " + range;
  return "Not known yet: " + range;
}

class lift_report_work {
 public:
  lift_report_work(const report_inputs& in, lift_plan p) : in_(in), plan_(std::move(p)) {
    log_ = read_measured_log(in.of("decision_log"), in.of("outcomes"), plan_.measure);
    grouped_ = groups_of(log_, plan_.groups);
    read_covariates();
    seal_ = "lift/1|" + in.of("decision_log").fingerprint() + in.of("outcomes").fingerprint();
    if (in.has("covariates")) seal_ += in.of("covariates").fingerprint();
    unit_ = report_rows(in.of("decision_log"), "lift", "decision_log").unit("cost");
  }

  void write(outcome& out, const std::string& options_json) {
    seal_ += "|" + options_json + "|";
    std::vector<told_group> told;
    for (const lift_group& g : grouped_.groups) told.push_back(tell(g));
    write_main(told, out);
    write_split(told, out);
    write_days(told, out);
    write_left_out(out);
    add_notes(out);
  }

 private:
  void read_covariates() {
    before_.resize(log_.customers.size());
    if (!in_.has("covariates")) return;
    const report_rows rows(in_.of("covariates"), "lift", "covariates");
    const auto ids = rows.texts("customer");
    const auto values = rows.numbers("value");
    positions(ids, rows, "customer");
    for (std::size_t row = 0; row < ids.size(); ++row) {
      const auto at = std::lower_bound(log_.customers.begin(), log_.customers.end(), ids[row]);
      if (at == log_.customers.end() || *at != ids[row]) continue;
      before_[static_cast<std::size_t>(at - log_.customers.begin())] = values[row];
    }
  }

  told_group tell(const lift_group& g) const {
    told_group t{.group = &g, .split = test_split(g), .of = compare_arms(g.people)};
    t.net_error = std::sqrt(t.of.treated.net_variance + t.of.held.net_variance);
    t.factor =
        sequence_factor(t.of.treated.decisions + t.of.held.decisions, plan_.tuned_for, plan_.level);
    if (std::min(t.of.treated.n, t.of.held.n) < least_customers || !(t.net_error > 0)) {
      t.status = "INSUFFICIENT";
    }
    if (t.split.p < srm_level) t.status = "SRM";
    return t;
  }

  void write_main(const std::vector<told_group>& told, outcome& out) const;
  void write_group(const told_group& g, report_writer& to) const;
  void write_split(const std::vector<told_group>& told, outcome& out) const;
  void write_days(const std::vector<told_group>& told, outcome& out) const;
  void write_left_out(outcome& out) const;
  void add_notes(outcome& out) const;

  const report_inputs& in_;
  lift_plan plan_;
  measured_log log_;
  lift_groups grouped_;
  std::vector<number> before_;  // by customer
  std::string seal_, unit_;
};

void lift_report_work::write_main(const std::vector<told_group>& told, outcome& out) const {
  std::vector<column_spec> columns{
      {"kind", type::utf8}, {"group", type::utf8}, {"status", type::utf8}};
  for (const char* name : {"treated",
                           "held_out",
                           "decisions",
                           "response_treated",
                           "response_treated_lower",
                           "response_treated_upper",
                           "response_held_out",
                           "response_held_out_lower",
                           "response_held_out_upper",
                           "response_difference",
                           "response_lower",
                           "response_upper",
                           "unsubscribed_difference"}) {
    columns.push_back({name, type::f64});
  }
  for (const char* name : {"value_treated",
                           "value_held_out",
                           "value_difference",
                           "value_standard_error",
                           "value_lower",
                           "value_upper",
                           "cuped_difference",
                           "cuped_standard_error",
                           "cuped_lower",
                           "cuped_upper"}) {
    columns.push_back({name, type::f64, unit_});
  }
  columns.push_back({"theta", type::f64});
  columns.push_back({"variance_reduction", type::f64});
  for (const char* name : {"cost_treated",
                           "cost_held_out",
                           "net_difference",
                           "net_standard_error",
                           "sequence_lower",
                           "sequence_upper",
                           "incremental",
                           "incremental_lower",
                           "incremental_upper"}) {
    columns.push_back({name, type::f64, unit_});
  }
  columns.push_back({"verdict", type::utf8});
  report_writer rows(columns);
  for (const told_group& g : told) write_group(g, rows);
  out.tables[""] = rows.sealed(seal_);
}

void lift_report_work::write_group(const told_group& g, report_writer& to) const {
  const arm_means &t = g.of.treated, &h = g.of.held;
  const auto rate = [&](const arm_means& a) {
    return a.n > 0 ? math::wilson(a.responded, a.n, plan_.z) : math::share_interval{};
  };
  const auto of_arm = [&](const arm_means& a, double value) {
    return g.compared() && a.n > 0 ? number(value) : number();
  };
  const auto both = [&](double value) {
    return g.compared() && t.n > 0 && h.n > 0 ? number(value) : number();
  };
  const auto sure = [&](double value) { return g.measured() ? number(value) : number(); };
  const math::share_interval rt = rate(t), rh = rate(h), difference = math::newcombe(rt, rh);
  const double value = t.value - h.value;
  const double error = std::sqrt(t.value_variance + h.value_variance);
  const cuped_difference adjusted =
      g.measured() ? cuped(g.group->people, before_) : cuped_difference{};
  const auto of_cuped = [&](double found, double errors = 0) {
    return adjusted.covered > 0 ? number(found + errors * plan_.z * adjusted.standard_error)
                                : number();
  };
  const double net = g.net_difference(), half = g.factor * g.net_error;
  to.row(g.group->kind,
         g.group->name,
         g.status,
         t.n,
         h.n,
         t.decisions + h.decisions,
         of_arm(t, rt.share),
         of_arm(t, rt.lower),
         of_arm(t, rt.upper),
         of_arm(h, rh.share),
         of_arm(h, rh.lower),
         of_arm(h, rh.upper),
         both(difference.share),
         both(difference.lower),
         both(difference.upper),
         both(t.unsubscribed / t.n - h.unsubscribed / h.n),
         of_arm(t, t.value),
         of_arm(h, h.value),
         sure(value),
         sure(error),
         sure(value - plan_.z * error),
         sure(value + plan_.z * error),
         of_cuped(adjusted.difference),
         of_cuped(adjusted.standard_error),
         of_cuped(adjusted.difference, -1),
         of_cuped(adjusted.difference, 1),
         of_cuped(adjusted.theta),
         of_cuped(adjusted.variance_reduction),
         of_arm(t, t.cost),
         of_arm(h, h.cost),
         sure(net),
         sure(g.net_error),
         sure(net - half),
         sure(net + half),
         sure(t.n * net),
         sure(t.n * (net - half)),
         sure(t.n * (net + half)),
         verdict_of(g));
}

void lift_report_work::write_split(const std::vector<told_group>& told, outcome& out) const {
  report_writer rows({{"kind", type::utf8},
                      {"group", type::utf8},
                      {"treated", type::f64},
                      {"held_out", type::f64},
                      {"expected_share", type::f64},
                      {"observed_share", type::f64},
                      {"chi_square", type::f64},
                      {"p_value", type::f64},
                      {"status", type::utf8}});
  for (const told_group& g : told) {
    rows.row(g.group->kind,
             g.group->name,
             g.of.treated.n,
             g.of.held.n,
             g.split.expected_share,
             g.split.observed_share,
             std::isfinite(g.split.chi_square) ? number(g.split.chi_square) : number(),
             g.split.p,
             g.split.p < srm_level ? "SRM" : "OK");
  }
  out.tables["sample_ratio"] = rows.sealed(seal_ + "sample_ratio");
}

void lift_report_work::write_days(const std::vector<told_group>& told, outcome& out) const {
  report_writer rows({{"kind", type::utf8},
                      {"group", type::utf8},
                      {"day", type::utf8},
                      {"treated", type::f64},
                      {"held_out", type::f64},
                      {"net_difference", type::f64, unit_},
                      {"incremental", type::f64, unit_},
                      {"lower", type::f64, unit_},
                      {"upper", type::f64, unit_}});
  for (const told_group& g : told) {
    if (g.group->kind != "system" && g.group->kind != "plugin") continue;
    for (const lift_day& d : days_of(log_, *g.group)) {
      const bool shown =
          g.compared() && std::min(d.treated, d.held) >= least_customers && d.standard_error > 0;
      const double half =
          sequence_factor(d.decisions, plan_.tuned_for, plan_.level) * d.standard_error;
      const auto sure = [&](double value) { return shown ? number(value) : number(); };
      rows.row(g.group->kind,
               g.group->name,
               format_day(d.day),
               d.treated,
               d.held,
               sure(d.net_difference),
               sure(d.treated * d.net_difference),
               sure(d.treated * (d.net_difference - half)),
               sure(d.treated * (d.net_difference + half)));
    }
  }
  out.tables["cumulative"] = rows.sealed(seal_ + "cumulative");
}

void lift_report_work::write_left_out(outcome& out) const {
  report_writer rows({{"what", type::utf8}, {"count", type::f64}});
  double overlapping = 0, switched = 0;
  for (const lift_group& g : grouped_.groups) {
    overlapping += g.kind == "system" ? g.overlapping : 0;
    switched += g.switched;
  }
  rows.row("decisions whose window has not passed", log_.pending);
  rows.row("decisions before 'since'", log_.before);
  rows.row("decisions about forgotten customers", log_.forgotten);
  rows.row("decisions of the system within the window of another", overlapping);
  rows.row("decisions in the other arm than the customer's first", switched);
  rows.row("outcomes of no decision in the log", log_.outcomes_unmatched);
  rows.row("outcomes outside the window of their decision", log_.outcomes_outside);
  out.tables["left_out"] = rows.sealed(seal_ + "left_out");
}

void lift_report_work::add_notes(outcome& out) const {
  const auto say = [&](const std::string& message, const std::string& hint) {
    out.notes.push_back(
        {.code = status::ok, .level = log_level::warn, .message = message, .hint = hint});
  };
  if (!log_.recorded_costs) {
    say("report 'lift': no outcome has kind 'cost', so the expected costs of the log are used",
        "record what was paid, so that the net is what happened");
  }
  if (grouped_.partly_held > 0 && !plan_.groups.salt) {
    say("report 'lift': " + short_text(grouped_.partly_held) +
            " customers are held out of some of their decisions only; of the system and its "
            "segments they count as treated",
        "give 'salt' and 'share' of the global holdout, so that its members are known exactly");
  }
}

}  // namespace

void write_lift(const report_inputs& in,
                const lift_plan& plan,
                const std::string& options_json,
                outcome& out) {
  lift_report_work(in, plan).write(out, options_json);
}

}  // namespace clv::retention
