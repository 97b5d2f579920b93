/* Computes the feature of doubles.c, and fails at the customer with 5,000 purchases. */
#define CAPABLE_ID "org.example.twice_fails"
#define CAPABLE_MANIFEST "{\"reads\":[\"x\"],\"features\":[\"twice\"]}"
#define CAPABLE_FEATURE
#include "capable.h"

static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  for (int64_t row = 0; row < in->n_rows; ++row) {
    const double x = number_in(in, "x", row, 0);
    if (x >= 5000) {
      host->fail(host->ctx, row, "too many purchases");
      return CLV_E_INVALID;
    }
    sink->set(sink->ctx, row, "twice", 2 * x);
  }
  return CLV_OK;
}
