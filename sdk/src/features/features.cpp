// What is known of each customer's behaviour at a date, as a table that models and people can use.
#include <array>
#include <memory>

#include "data/settings.hpp"
#include "features/reports.hpp"
#include "features/vector.hpp"

namespace clv {
namespace {

constexpr std::array<report_output, 3> outputs{
    {{"",
      "customer,recency_days,frequency,monetary,tenure_days,interval_mean_days,interval_cv,"
      "regularity,overdue,trend,season_peak,season_entropy,return_rate,discount_share,"
      "category_entropy,order_channel_entropy,engagement,days_since_touch,touch_channel_entropy,"
      "satisfaction,days_since_complaint,..."},
     {"dictionary", "name,unit,window,formula,missing,present"},
     {"cells", "cell,customers,share,purchase_cut,engagement_cut"}}};

job begin(report_inputs in, std::string_view options_json) {
  const settings given("features", options_json, features::vector_option_rows);
  auto with = features::read_vector_options(given, in.of("transactions"));
  return report_at_once(
      "features",
      [in = std::move(in), with = std::move(with), text = std::string(options_json)](outcome& out) {
        auto made = features::feature_vector(in, with, features::population::everybody, "features");
        auto words = features::dictionary(*made.rows, with);
        // Values and options only: a shuffled or repeated input has the same fingerprint.
        for (table* t : {made.rows.get(), made.cells.get(), words.get()}) {
          t->seal("features|" + text);
        }
        out.tables[""] = made.rows;
        out.tables["cells"] = made.cells;
        out.tables["dictionary"] = words;
        out.notes = std::move(made.notes);
      });
}

}  // namespace

constinit const report features_report{
    .name = "features",
    .summary = "A documented feature vector per customer as of a date",
    .needs_model = false,
    .inputs = features::vector_inputs,
    .options = features::vector_option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
