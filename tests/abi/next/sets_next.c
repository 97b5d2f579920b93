/* Built for 1.1 and sets a member that a host of 1.0 does not know: refused, never ignored. */
#define NEEDS CLV_ABI_PACK(1, 0)
#include "plugin.h"

static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* to) {
  (void)self;
  return in->n_rows == 0 ? CLV_OK : offer(to, 1, .5);
}
