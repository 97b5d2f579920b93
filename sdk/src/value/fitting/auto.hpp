// "auto" as the name of a model: the one that a backtest on the log chooses.
#pragma once

#include <string>
#include <string_view>

#include "clv/fit.hpp"

namespace clv {

// "auto" (with gamma_gamma for spend) or "auto+SPEND".
bool is_auto(std::string_view models);

// Where there is no log to split, as in clv::fit(): throws error{invalid} naming the report.
[[noreturn]] void refuse_auto();

// Throws error{invalid} for options that are about the parameters of one model, or covariates,
// which a log does not carry.
void check_auto(const fit_options& o);

// The backtest of a log up to the same day, under the same rules, as a job.
job choose_automatically(std::shared_ptr<const table> log,
                         const summarize_options& s,
                         const fit_options& f);

// What that job's outcome says for fit_options::model: "mbg_nbd+gamma_gamma". Throws error{data}
// with the models' reasons when it chose none.
std::string automatic_choice(const outcome& backtest, std::string_view models);

}  // namespace clv
