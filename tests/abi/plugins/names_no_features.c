/* Offers clv.feature/1, and its manifest names actions instead. */
#define CAPABLE_ID "org.example.names_no_features"
#define CAPABLE_MANIFEST "{\"reads\":[\"x\"],\"actions\":[\"win\"]}"
#define CAPABLE_FEATURE
#include "capable.h"

static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink) {
  (void)instance;
  (void)in;
  (void)sink;
  return CLV_OK;
}
