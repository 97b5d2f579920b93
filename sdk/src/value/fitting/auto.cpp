#include "value/fitting/auto.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "math/json.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::string_view word = "auto";
constexpr const char* remedy = "name a model instead of 'auto'";

// NBD and its like, in which nobody ever leaves, are benchmarks: on a short holdout they may look
// good, and then value everybody for ever.
std::string models_with_churn() {
  std::string names;
  for (const model* m : models()) {
    if (m->key != tuple_key::purchases || m->life.how == link::none) continue;
    names += (names.empty() ? "" : ",") + std::string(m->name);
  }
  return names;
}

}  // namespace

bool is_auto(std::string_view models) {
  return models.substr(0, models.find('+')) == word;
}

void refuse_auto() {
  throw error(status::invalid,
              "'auto' needs the log: it fits the models to the first part and compares them on the "
              "rest, and a summary cannot be split",
              "run the report 'backtest' on the log and name the model that it chooses");
}

void check_auto(const fit_options& o) {
  const std::pair<const char*, const std::string*> of_one_model[] = {
      {"priors", &o.priors},
      {"fixed", &o.fixed},
      {"transaction_covariates", &o.transaction_covariates},
      {"life_covariates", &o.life_covariates},
      {"equal_covariates", &o.equal_covariates}};
  for (const auto& [name, text] : of_one_model) {
    if (text->empty()) continue;
    throw error(status::invalid,
                "model 'auto' does not go with option '" + std::string(name) + "', which is '" +
                    *text + "': it belongs to one model",
                remedy);
  }
}

job choose_automatically(std::shared_ptr<const table> log,
                         const summarize_options& s,
                         const fit_options& f) {
  boost::json::object o;
  o["models"] = models_with_churn();
  o["spend"] = "";  // the choice goes by purchases alone
  o["unit"] = s.unit;
  o["time_zone"] = s.time_zone;
  o["currency"] = s.currency;
  o["drop_zero_value"] = s.drop_zero_value;
  o["threads"] = f.threads == 0 ? 1 : f.threads;
  if (s.as_of_us != 0) o["as_of"] = format_time(s.as_of_us);
  report_inputs in;
  in.tables["transactions"] = std::move(log);
  return backtest_report.begin(std::move(in), math::to_json(o));
}

std::string automatic_choice(const outcome& backtest, std::string_view models) {
  const table& t = *backtest.tables.at("");
  std::string reasons;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    const std::string name(t.get("model", type::utf8).text(row));
    if (t.integers("chosen", type::i64)[row] == 1) {
      const auto plus = models.find('+');
      return name + (plus == models.npos ? "+gamma_gamma" : std::string(models.substr(plus)));
    }
    const std::string_view why = t.get("reason", type::utf8).text(row);
    if (!why.empty()) reasons += (reasons.empty() ? "" : "; ") + name + ": " + std::string(why);
  }
  throw error(status::data, "'auto' found no model that can be used: " + reasons, remedy);
}

}  // namespace clv
