// The published logs as summaries, for tests with shared data.
#pragma once

#include <charconv>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clv/csv.hpp"
#include "clv/fit.hpp"
#include "clv/summary.hpp"
#include "clv/time.hpp"

namespace clv::test {

// A log of purchases in weeks, the last observed day `as_of`.
inline std::shared_ptr<const table> summary_of_log(const std::string& path,
                                                   const std::string& columns,
                                                   const std::string& as_of) {
  csv_options o;
  o.path = path;
  o.schema = "transactions";
  o.map = columns;
  o.currency = "USD";
  job read = read_csv(o);
  read.run();
  summarize_options s;
  s.as_of_us = parse_time(as_of, zone("UTC")).value();
  job summing = summarize(read.result().tables.at(""), s);
  summing.run();
  return summing.result().tables.at("");
}

inline std::shared_ptr<const table> cdnow_log(const std::string& path, const std::string& as_of) {
  return summary_of_log(path, "customer=sample_id,time=date,amount=sales,event_id=", as_of);
}

// The apparel log with Gender and Channel of each customer, read from the second file.
inline std::shared_ptr<const table> apparel(const std::string& log,
                                            const std::string& covariates,
                                            const std::string& as_of) {
  const auto plain = summary_of_log(log, "customer=Id,time=Date,amount=Price,event_id=", as_of);
  std::map<std::string, std::pair<double, double>> of;
  std::ifstream file(covariates);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::erase(line, '"');
    std::erase(line, '\r');
    const auto first = line.find(',');
    const auto second = line.find(',', first + 1);
    double gender = 0, channel = 0;
    std::from_chars(line.data() + first + 1, line.data() + second, gender);
    std::from_chars(line.data() + second + 1, line.data() + line.size(), channel);
    of[line.substr(0, first)] = {gender, channel};
  }
  auto out = std::make_shared<table>(*plain);
  column& gender = out->add("Gender", type::f64);
  column& channel = out->add("Channel", type::f64);
  const column& who = out->get("customer", type::utf8);
  for (std::size_t row = 0; row < out->rows(); ++row) {
    const auto& [g, c] = of.at(std::string(who.text(row)));
    gender.push(g);
    channel.push(c);
  }
  return out;
}

inline outcome fit_of(std::shared_ptr<const table> summary, fit_options o) {
  job j = fit(std::move(summary), std::move(o));
  j.run();
  return j.result();
}

}  // namespace clv::test
