// Throws what is no std::exception while it segments.
#define CAPABLE_ID "org.example.throws_in_segment"
#define CAPABLE_MANIFEST "{\"reads\":[\"x\"],\"segments\":[\"good\"]}"
#define CAPABLE_SEGMENTATION
#include "capable.h"

static clv_status segment(void*, const clv_batch*, const clv_segment_sink*) {
  throw 7;
}
