// What clv fit lets a person say about the model and its estimation, as clv_fit_options.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "clv.h"
#include "model_text.hpp"

namespace cli {

struct fit_settings {
  std::string model = "bg_nbd+gamma_gamma";
  std::string unit;  // "" = the model's own
  std::string time_zone = "UTC";
  std::string currency;
  std::uint32_t threads = 1;
  double tolerance = 0;
  int max_iterations = 0;
  std::vector<std::string> covariates;  // of both processes
  std::vector<std::string> transaction_covariates;
  std::vector<std::string> life_covariates;
  std::vector<std::string> equal;
  double l2 = 0;        // of both processes
  double l2_life = -1;  // negative: as l2
  std::vector<std::string> priors;
  std::vector<std::string> fixed;
  double periods_per_year = 0;
};

void add_fit_settings(CLI::App& command, fit_settings& o);
// The columns of the summary that are covariates, each once, as a comma list.
std::string covariate_columns(const fit_settings& o);

// The C options with the texts they point to; neither copied nor moved.
class fit_options {
 public:
  fit_options(const fit_settings& o, const model_traits& traits);
  fit_options(const fit_options&) = delete;
  fit_options& operator=(const fit_options&) = delete;
  const clv_fit_options* get() const { return &options_; }
  const std::string& unit() const { return unit_; }

 private:
  std::string model_, unit_, time_zone_, currency_;
  std::string transaction_, life_, equal_, priors_, fixed_;
  clv_fit_options options_;
};

}  // namespace cli
