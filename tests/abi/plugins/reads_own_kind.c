/* Computes features only, and wants to read one. */
#define CAPABLE_ID "org.example.reads_own_kind"
#define CAPABLE_MANIFEST "{\"reads\":[\"feature.twice\"],\"features\":[\"more\"]}"
#define CAPABLE_FEATURE
#include "capable.h"

static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink) {
  (void)instance;
  (void)in;
  (void)sink;
  return CLV_OK;
}
