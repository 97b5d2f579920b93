#include "market.hpp"

#include <map>

#include "clv/csv.hpp"
#include "clv/simulate.hpp"
#include "clv/summary.hpp"

namespace clv::bench {
namespace {

template <typename Value, typename Make>
const Value& kept(std::map<std::int64_t, Value>& made, std::int64_t customers, Make make) {
  auto at = made.find(customers);
  if (at == made.end()) at = made.emplace(customers, make()).first;
  return at->second;
}

}  // namespace

std::shared_ptr<const fitted_model> truth() {
  return std::make_shared<const fitted_model>(load_model(
      R"({"format": "clv.model/1", "unit": "week", "currency": "EUR",
          "purchase": {"model": "bg_nbd",
            "parameters": {"r": 0.242595, "alpha": 4.413602, "a": 0.792922, "b": 2.425907}},
          "spend": {"model": "gamma_gamma",
            "parameters": {"p": 6.249572, "q": 3.744225, "gamma": 15.443521}}})"));
}

std::shared_ptr<const table> log_of(std::int64_t customers) {
  static std::map<std::int64_t, std::shared_ptr<const table>> made;
  return kept(made, customers, [&] {
    job work = simulate(truth(), {.customers = customers, .seed = 7});
    work.run();
    return work.result().tables.at("");
  });
}

std::shared_ptr<const table> summary_of(std::int64_t customers) {
  static std::map<std::int64_t, std::shared_ptr<const table>> made;
  return kept(made, customers, [&] {
    job work = summarize(log_of(customers), {});
    work.run();
    return work.result().tables.at("");
  });
}

const std::string& csv_of(std::int64_t customers) {
  static std::map<std::int64_t, std::string> made;
  return kept(made, customers, [&] { return to_csv(*log_of(customers)); });
}

}  // namespace clv::bench
