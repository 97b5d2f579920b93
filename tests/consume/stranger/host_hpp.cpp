// The customer of host.cpp through clv.hpp, which is installed with all that it includes.
#include <cmath>
#include <cstdio>

#include "clv.hpp"

int main() try {
  const auto model = clv::host::model::load(R"({"format": "clv.model/1", "unit": "week",
      "purchase": {"model": "bg_nbd", "parameters": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}}})");
  auto options = CLV_SIZED(clv_score_options);
  options.horizon = 39;
  const clv_score one = clv::host::scorer(model, &options).row(2, 30.43, 38.86, 0);
  std::printf("expected purchases in 39 weeks: %.3f\n", one.expected_purchases);
  return std::fabs(one.expected_purchases - 1.226) < 1e-3 ? 0 : 1;
} catch (const clv::host::error& e) {
  std::fprintf(stderr, "%s: %s\n", e.status_name(), e.what());
  return 1;
}
