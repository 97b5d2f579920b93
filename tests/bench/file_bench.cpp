// The steps of a big job on the user's own files, each timed once or more, as JSON on standard
// output: what peers/compare.py sets beside another package.
//   file_bench log LOG.csv          log in memory -> summary
//   file_bench fit SUMMARY.csv      fits and predictions from a summary in memory
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "clv/score.hpp"
#include "clv/summary.hpp"

namespace {

using namespace clv;

std::shared_ptr<const table> finished(job work) {
  work.run();
  return work.result().tables.at("");
}

std::shared_ptr<const table> read(const char* path, const char* schema) {
  csv_options o;
  o.path = path;
  o.schema = schema;
  o.currency = "EUR";
  return finished(read_csv(o));
}

// The best of three, in seconds.
template <typename Work>
double seconds(const Work& work) {
  double best = 1e300;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count());
  }
  return best;
}

void print(const char* name, double value, const char* end = ",\n") {
  std::printf("  \"%s\": %.6g%s", name, value, end);
}

void time_log(const char* path) {
  const auto log = read(path, "transactions");
  std::printf("{\n");
  print("log_to_summary", seconds([&] { finished(summarize(log, {})); }), "\n}\n");
}

double fit_seconds(const std::shared_ptr<const table>& summary,
                   const char* model,
                   unsigned threads) {
  return seconds([&] { finished(fit(summary, {.model = model, .threads = threads})); });
}

void print_fit(const std::shared_ptr<const table>& summary, const char* model) {
  print((std::string("fit_") + model).c_str(), fit_seconds(summary, model, 1));
  print((std::string("fit_") + model + "_two_threads").c_str(), fit_seconds(summary, model, 2));
}

void time_fits(const char* path) {
  const auto summary = read(path, "summary");
  std::printf("{\n");
  print("customers", static_cast<double>(summary->rows()));
  print("tuples", static_cast<double>(distinct(*summary, tuple_key::purchases).size()));
  for (const char* model : {"bg_nbd", "pareto_nbd", "gamma_gamma"}) print_fit(summary, model);
  job fitting = fit(summary, {});
  fitting.run();
  const auto model = fitting.result().model;
  const score_options point{.annual_discount = 0.1,
                            .quantities = "p_alive,expected_purchases,expected_spend,clv"};
  print("predictions", seconds([&] { finished(score(model, summary, point)); }));
  const score_options all{.annual_discount = 0.1};
  print("scores_with_intervals", seconds([&] { finished(score(model, summary, all)); }));
  const score_options two{.annual_discount = 0.1, .threads = 2};
  print("scores_with_intervals_two_threads",
        seconds([&] { finished(score(model, summary, two)); }),
        "\n}\n");
}

}  // namespace

int main(int count, char** words) {
  const std::string what = count == 3 ? words[1] : "";
  if (what != "log" && what != "fit") {
    std::fprintf(stderr, "usage: file_bench log LOG.csv | file_bench fit SUMMARY.csv\n");
    return 2;
  }
  try {
    what == "log" ? time_log(words[2]) : time_fits(words[2]);
  } catch (const clv::error& e) {
    std::fprintf(stderr, "file_bench: %s\n", e.what());
    return 1;
  }
  return 0;
}
