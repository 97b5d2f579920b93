/* Waits in compute and in segment until it is told to stop. */
#define CAPABLE_ID "org.example.computes_and_waits"
#define CAPABLE_MANIFEST "{\"reads\":[\"x\"],\"features\":[\"late\"],\"segments\":[\"late\"]}"
#define CAPABLE_FEATURE
#define CAPABLE_SEGMENTATION
#include "capable.h"

static clv_status wait_for_the_end(void* instance) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  while (host->cancelled(host->ctx) == 0) {
  }
  return CLV_E_CANCELLED;
}

static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink) {
  (void)in;
  (void)sink;
  return wait_for_the_end(instance);
}

static clv_status segment(void* instance, const clv_batch* in, const clv_segment_sink* sink) {
  (void)in;
  (void)sink;
  return wait_for_the_end(instance);
}
