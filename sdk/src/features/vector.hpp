// One documented row per customer as of a moment: what the reports "features" and "churn_labels"
// share.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/report.hpp"
#include "features/catalogue.hpp"
#include "features/moment.hpp"

namespace clv::features {

struct vector_options {
  moment at;
  std::string currency;
  knobs with;
  std::vector<double> windows{30, 90, 365};
  double cell_days = 365;
  double purchase_cut = 0, engagement_cut = 0;  // 0: from the data
};

// The inputs and options both reports take.
inline constexpr std::array<report_input, 5> vector_inputs{
    {{"transactions", "transactions", true, ""},
     {"touches", "", false, "customer,time,kind,channel,weight,event_id"},
     {"feedback", "", false, "customer,time,kind,score,scale,topics,event_id"},
     {"order_lines", "", false, "event_id,discount,channel,category"},
     {"attributes", "", false, "customer,time,..."}}};
inline constexpr std::array<report_option, 11> vector_option_rows{
    {{"as_of", "", "date (known to its end) or date with a clock; default: the log's last day"},
     {"time_zone", "\"UTC\"", "whose midnight separates days"},
     {"currency", "", "of the transactions that count, where a log has several"},
     {"windows", "[30,90,365]", "days of the windowed features"},
     {"decay_days", "30", "tau of the engagement sum w exp(-age/tau)"},
     {"satisfaction_days", "365", "tau of the recency weights of answers"},
     {"satisfaction_prior", "5", "answers' worth of the overall mean beside a customer's own"},
     {"trend_days", "90", "W, the recent window of the trend"},
     {"cell_days", "365", "window of the purchases that place a customer in an engagement cell"},
     {"purchase_cut", "", "purchase days in that window from which they count as many"},
     {"engagement_cut", "", "engagement from which it counts as high"}}};

// Throws error{invalid} naming option and value.
vector_options read_vector_options(const settings& given, const table& transactions);

// Who gets a row: everybody with an event before the cutoff, or only those who bought.
enum class population { everybody, buyers };

struct feature_tables {
  std::shared_ptr<table> rows;   // customer, the features, engagement_cell, then attributes
  std::shared_ptr<table> cells;  // cell, customers, share, purchase_cut, engagement_cut
  issues notes;
};
feature_tables feature_vector(const report_inputs& in,
                              const vector_options& options,
                              population whom,
                              std::string_view owner);

// name, unit, window, formula, missing, present: the catalogue with the options filled in and, per
// feature, the share of rows that have it.
std::shared_ptr<table> dictionary(const table& rows, const vector_options& options);

}  // namespace clv::features
