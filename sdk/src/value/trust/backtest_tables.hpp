// The tables of a backtest.
#pragma once

#include <span>
#include <string_view>

#include "clv/job.hpp"
#include "value/trust/backtest_candidate.hpp"
#include "value/trust/backtest_choice.hpp"

namespace clv {

inline constexpr std::string_view backtest_columns =
    "model,rank,chosen,status,reason,parameters,log_likelihood,aic,bic,customers,holdout,"
    "predicted_purchases,actual_purchases,bias,bias_percent,mae,rmse,log_score,rank_correlation,"
    "top_decile_lift,count_coverage,count_coverage_expected,predicted_value,actual_value,"
    "value_bias,value_bias_percent,value_mae,value_rmse,value_rank_correlation,"
    "value_top_decile_lift,value_coverage,value_coverage_expected";
inline constexpr std::string_view calibration_columns =
    "model,x,customers,predicted_mean,actual_mean";

// Tables "" and "calibration" into `out`.
void write_backtest(const backtest_case& on,
                    std::span<const backtest_result> results,
                    const backtest_choice& choice,
                    std::string_view seal,
                    outcome& out);

}  // namespace clv
