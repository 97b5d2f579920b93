// Who moved from which segment to which between two dates, and what that is worth.
//
// A customer who is only in one of the two tables comes from, or goes to, "(none)". With scores of
// both dates the change of value is shown too. Movers are counted, not explained: where the scheme
// was learned anew on the second date, use the first date's rule on both (table "rule" of segment).
#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "segments/reports.hpp"

namespace clv {
namespace {

constexpr const char* nowhere = "(none)";

constexpr std::array<report_input, 4> inputs{{{"before", "segments", true, ""},
                                              {"after", "segments", true, ""},
                                              {"scores_before", "scores", false, ""},
                                              {"scores_after", "scores", false, ""}}};
constexpr std::array<report_output, 3> outputs{
    {{"", "from,to,customers,share,clv_before,clv_after,clv_change"},
     {"customers", "customer,from,to,clv_before,clv_after"},
     {"summary", "customers,stayed,moved,arrived,left,stability"}}};

struct one {
  std::string from = nowhere, to = nowhere;
  std::optional<double> before, after;
};

using people = std::map<std::string, one>;  // by id: the output is in the order of its bytes

void read_segments(const report_inputs& in,
                   const char* name,
                   std::string one::*place,
                   people& all) {
  const report_rows rows(in.of(name), "migration", name);
  const auto ids = rows.texts("customer");
  const auto segments = rows.texts("segment");
  positions(ids, rows, "customer");  // refuses one that is there twice
  for (std::size_t i = 0; i < ids.size(); ++i) all[ids[i]].*place = segments[i];
}

void read_values(const report_inputs& in,
                 const char* name,
                 std::optional<double> one::*place,
                 people& all) {
  if (!in.has(name)) return;
  const report_rows rows(in.of(name), "migration", name);
  const auto ids = rows.texts("customer");
  const column& clv = in.of(name).get("clv", type::f64);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto found = all.find(ids[i]);
    if (found != all.end() && clv.present(i)) found->second.*place = clv.numbers()[i];
  }
}

struct flow {
  double customers = 0, before = 0, after = 0;
};

void count(const report_inputs& in, outcome& out) {
  people all;
  read_segments(in, "before", &one::from, all);
  read_segments(in, "after", &one::to, all);
  read_values(in, "scores_before", &one::before, all);
  read_values(in, "scores_after", &one::after, all);
  const bool valued = in.has("scores_before") && in.has("scores_after");
  std::map<std::pair<std::string, std::string>, flow> flows;
  std::map<std::string, double> from_total;
  report_writer customers({{"customer", type::utf8},
                           {"from", type::utf8},
                           {"to", type::utf8},
                           {"clv_before", type::f64},
                           {"clv_after", type::f64}});
  std::int64_t stayed = 0, moved = 0, arrived = 0, left = 0;
  for (const auto& [id, who] : all) {
    customers.row(id, who.from, who.to, who.before, who.after);
    flow& f = flows[{who.from, who.to}];
    f.customers += 1;
    f.before += who.before.value_or(0);
    f.after += who.after.value_or(0);
    from_total[who.from] += 1;
    ++(who.from == nowhere  ? arrived
       : who.to == nowhere  ? left
       : who.from == who.to ? stayed
                            : moved);
  }
  report_writer rows({{"from", type::utf8},
                      {"to", type::utf8},
                      {"customers", type::f64},
                      {"share", type::f64},
                      {"clv_before", type::f64},
                      {"clv_after", type::f64},
                      {"clv_change", type::f64}});
  for (const auto& [key, f] : flows) {
    const auto money = [valued](double v) {
      return valued ? std::optional<double>(v) : std::optional<double>();
    };
    rows.row(key.first,
             key.second,
             f.customers,
             f.customers / from_total[key.first],
             money(f.before),
             money(f.after),
             money(f.after - f.before));
  }
  report_writer summary({{"customers", type::i64},
                         {"stayed", type::i64},
                         {"moved", type::i64},
                         {"arrived", type::i64},
                         {"left", type::i64},
                         {"stability", type::f64}});
  const double both = static_cast<double>(stayed + moved);
  summary.row(static_cast<std::int64_t>(all.size()),
              stayed,
              moved,
              arrived,
              left,
              both > 0 ? std::optional<double>(static_cast<double>(stayed) / both)
                       : std::optional<double>());
  out.tables[""] =
      rows.sealed("migration|" + in.of("before").fingerprint() + in.of("after").fingerprint());
  out.tables["customers"] = customers.sealed("migration.customers");
  out.tables["summary"] = summary.sealed("migration.summary");
}

job begin(report_inputs in, std::string_view options_json) {
  settings("migration", options_json, std::span<const report_option>());
  return report_at_once("count", [in = std::move(in)](outcome& out) { count(in, out); });
}

}  // namespace

constinit const report migration_report{
    .name = "migration",
    .summary = "Who moved from which segment to which between two dates, and what that is worth",
    .needs_model = false,
    .inputs = inputs,
    .options = {},
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
