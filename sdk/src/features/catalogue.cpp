// sdk/src/features/README.md repeats this table; a test compares the two.
#include "features/catalogue.hpp"

#include <array>
#include <vector>

namespace clv::features {
namespace {

using maybe = std::optional<double>;

constexpr std::string_view no_purchase = "no purchase";

bool bought(const person& p) {
  return !p.buys.days.empty();
}

double days_since(const person& p, std::int32_t day) {
  return static_cast<double>(p.at->day - day);
}

maybe recency(const person& p) {
  return bought(p) ? maybe(days_since(p, p.buys.days.back().day)) : std::nullopt;
}

maybe tenure(const person& p) {
  return bought(p) ? maybe(days_since(p, p.buys.days.front().day)) : std::nullopt;
}

maybe frequency(const person& p) {
  return static_cast<double>(p.buys.days.size());
}

maybe monetary(const person& p) {
  if (!bought(p)) return std::nullopt;
  return static_cast<double>(p.buys.bought) / p.minor_per_major / *frequency(p);
}

maybe mean_of_intervals(const person& p) {
  return interval_mean(p.buys);
}

maybe cv_of_intervals(const person& p) {
  return interval_cv(p.buys);
}

maybe regularity_of(const person& p) {
  return regularity(p.buys);
}

maybe overdue(const person& p) {
  const maybe mean = interval_mean(p.buys);
  return mean ? maybe(*recency(p) / *mean) : std::nullopt;
}

maybe trend_of(const person& p) {
  return trend(p.buys, p.at->day, p.with->trend_days);
}

maybe season_peak(const person& p) {
  const auto counts = months(p.buys, p.at->day);
  return counts ? maybe(share_of_largest(*counts)) : std::nullopt;
}

maybe season_entropy(const person& p) {
  const auto counts = months(p.buys, p.at->day);
  return counts ? maybe(entropy(*counts)) : std::nullopt;
}

maybe return_rate(const person& p) {
  if (p.buys.bought == 0) return std::nullopt;
  return static_cast<double>(p.buys.returned) / static_cast<double>(p.buys.bought);
}

maybe discount_share(const person& p) {
  const auto listed = static_cast<double>(p.priced) + static_cast<double>(p.discount);
  if (!p.discount_known || !(listed > 0)) return std::nullopt;
  return static_cast<double>(p.discount) / listed;
}

maybe mix(const std::map<std::string, double>& words) {
  if (words.empty()) return std::nullopt;
  std::vector<double> counts;
  for (const auto& [word, count] : words) counts.push_back(count);
  return entropy(counts);
}

maybe category_entropy(const person& p) {
  return mix(p.categories);
}

maybe order_channel_entropy(const person& p) {
  return mix(p.order_channels);
}

maybe touch_channel_entropy(const person& p) {
  std::map<std::string, double> words;
  for (const touch& t : p.touches) {
    if (!t.channel.empty()) ++words[t.channel];
  }
  return mix(words);
}

maybe engagement_of(const person& p) {
  if (!p.touches_given) return std::nullopt;
  return engagement(p.touches, *p.at, p.with->decay_days);
}

maybe days_since_touch(const person& p) {
  return p.touches.empty() ? std::nullopt : maybe(p.at->age_days(p.touches.back().time));
}

maybe satisfaction_of_one(const person& p) {
  if (!p.overall) return std::nullopt;
  return satisfaction(
      p.responses, *p.at, p.with->satisfaction_days, p.with->satisfaction_prior, *p.overall);
}

maybe days_since_complaint(const person& p) {
  maybe last;
  for (const response& r : p.responses) {
    if (r.complaint) last = p.at->age_days(r.time);  // responses are sorted by time
  }
  return last;
}

maybe purchases_in(const person& p, double days) {
  return purchases_within(p.buys, p.at->day, days);
}

maybe spend_in(const person& p, double days) {
  return spent_within(p.buys, p.at->day, days) / p.minor_per_major;
}

maybe touches_in(const person& p, double days) {
  if (!p.touches_given) return std::nullopt;
  double count = 0;
  for (const touch& t : p.touches) count += p.at->age_days(t.time) <= days ? 1 : 0;
  return count;
}

constexpr std::array all{
    feature{"recency_days", "day", "life", "day - last purchase day", no_purchase, recency},
    feature{"frequency", "", "life", "purchase days, the first included", "never", frequency},
    feature{"monetary", "currency", "life", "sum of purchases / frequency", no_purchase, monetary},
    feature{"tenure_days", "day", "life", "day - first purchase day", no_purchase, tenure},
    feature{"interval_mean_days",
            "day",
            "life",
            "mean of the intervals between purchase days",
            "under 1 interval",
            mean_of_intervals},
    feature{"interval_cv",
            "",
            "life",
            "standard deviation (n - 1) of the intervals / their mean",
            "under 2 intervals",
            cv_of_intervals},
    feature{"regularity",
            "",
            "life",
            "gamma shape k of the intervals, bias-corrected, at most 100",
            "under 4 intervals",
            regularity_of},
    feature{
        "overdue", "", "life", "recency_days / interval_mean_days", "under 1 interval", overdue},
    feature{"trend",
            "",
            "life",
            "ln[(c1 + .5) / W] - ln[(c0 + .5) / (tenure - W)]",
            "tenure under 2 W",
            trend_of},
    feature{"season_peak",
            "",
            "life",
            "share of the strongest calendar month in purchase days",
            "tenure under 365 or under 4 purchase days",
            season_peak},
    feature{"season_entropy",
            "nat",
            "life",
            "-sum p ln p over calendar months of purchase days",
            "tenure under 365 or under 4 purchase days",
            season_entropy},
    feature{"return_rate",
            "",
            "life",
            "sum of refunds / sum of purchases",
            "nothing bought above 0",
            return_rate},
    feature{"discount_share",
            "",
            "life",
            "sum d / (sum d + sum of amounts), orders with a known d",
            "no order with a known discount",
            discount_share},
    feature{"category_entropy",
            "nat",
            "life",
            "-sum p ln p over categories of order lines",
            "no line with a category",
            category_entropy},
    feature{"order_channel_entropy",
            "nat",
            "life",
            "-sum p ln p over channels of order lines",
            "no line with a channel",
            order_channel_entropy},
    feature{"engagement",
            "",
            "life",
            "sum over touches of w exp(-age / decay_days)",
            "no table of touches",
            engagement_of},
    feature{
        "days_since_touch", "day", "life", "age of the last touch", "no touch", days_since_touch},
    feature{"touch_channel_entropy",
            "nat",
            "life",
            "-sum p ln p over channels of touches",
            "no touch with a channel",
            touch_channel_entropy},
    feature{"satisfaction",
            "",
            "life",
            "(sum w y + prior m) / (sum w + prior), w = exp(-age / satisfaction_days)",
            "no answer with a score",
            satisfaction_of_one},
    feature{"days_since_complaint",
            "day",
            "life",
            "age of the last complaint",
            "no complaint",
            days_since_complaint},
};

constexpr std::array all_windowed{
    windowed_feature{"purchases_",
                     "",
                     "the last N days",
                     "purchase days among the last N days",
                     "never",
                     purchases_in},
    windowed_feature{"spend_",
                     "currency",
                     "the last N days",
                     "sum of purchases of the last N days",
                     "never",
                     spend_in},
    windowed_feature{"touches_",
                     "",
                     "the last N days",
                     "touches of age N days or less",
                     "no table of touches",
                     touches_in},
};

}  // namespace

std::span<const feature> features() {
  return all;
}

std::span<const windowed_feature> windowed_features() {
  return all_windowed;
}

std::string windowed_name(const windowed_feature& f, double days) {
  return std::string(f.stem) + std::to_string(static_cast<std::int64_t>(days)) + "d";
}

}  // namespace clv::features
