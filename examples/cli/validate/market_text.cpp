// What came of a trial, in words and for programs.
#include <cmath>

#include "../json.hpp"
#include "../text.hpp"
#include "market_trial.hpp"

namespace cli {
namespace {

double mean_of(const trial& t, double trial_score::*what) {
  double sum = 0, known = 0;
  for (const trial_score& m : t.markets) {
    if (!std::isfinite(m.*what)) continue;  // such as a share of nothing
    sum += m.*what;
    ++known;
  }
  return sum / known;
}

double regret_of(const trial_score& m) {
  return m.oracle - m.gated;
}

// "166.20 ± 15.10": mean and its standard error over the markets; without it for one market.
std::string with_error(const trial& t, double trial_score::*what) {
  const auto n = static_cast<double>(t.markets.size());
  const double mean = mean_of(t, what);
  double squares = 0;
  for (const trial_score& m : t.markets) squares += (m.*what - mean) * (m.*what - mean);
  const std::string words = rounded(mean, 2);
  return n < 2 ? words : words + " \xc2\xb1 " + rounded(std::sqrt(squares / (n - 1) / n), 2);
}

double mean_regret(const trial& t) {
  double sum = 0;
  for (const trial_score& m : t.markets) sum += regret_of(m);
  return sum / static_cast<double>(t.markets.size());
}

double per_thousand(const trial& t) {
  return mean_of(t, &trial_score::milliseconds) * 1000 / static_cast<double>(t.customers);
}

}  // namespace

std::string trial_text(const trial& t) {
  const auto count = [&](double trial_score::*what) { return rounded(mean_of(t, what), 1); };
  std::string text = "In " + std::to_string(t.markets.size()) + " simulated market" +
                     (t.markets.size() == 1 ? "" : "s") + " of " + grouped(t.customers) +
                     " customers; means, in EUR.\n";
  text += "Effects of its actions: " + t.truth + ".\n";
  text += "  proposals           " + count(&trial_score::proposals) + "\n";
  text += "  treated             " + count(&trial_score::treated) + "\n";
  text += "  profit, gated       " + with_error(t, &trial_score::gated) + "\n";
  text += "  profit, all done    " + with_error(t, &trial_score::ungated) + "\n";
  text += "  regret              " + rounded(mean_regret(t), 2) + "\n";
  text += "  given in vain       " + percent(mean_of(t, &trial_score::in_vain)) + "\n";
  text += "  cap violations      " + count(&trial_score::violations) + " gated, " +
          count(&trial_score::ungated_violations) + " were all done\n";
  return text + "  ms per 1,000        " + rounded(per_thousand(t), 1);
}

std::string trial_json(const trial& t) {
  json_array markets;
  for (const trial_score& m : t.markets) {
    json_object one;
    one.add("proposals", m.proposals).add("treated", m.treated);
    one.add("profit_gated", m.gated).add("profit_all_done", m.ungated);
    one.add("oracle", m.oracle).add("regret", regret_of(m)).add("given_in_vain", m.in_vain);
    one.add("violations_gated", m.violations).add("violations_all_done", m.ungated_violations);
    markets.add_json(one.add("milliseconds", m.milliseconds).text());
  }
  json_object json;
  json.add("truth", t.truth).add("customers", t.customers);
  json.add("milliseconds_per_1000", per_thousand(t));
  return json.add_json("markets", markets.text()).text();
}

}  // namespace cli
