/* A propose for fixtures that never get as far as being asked. */
#ifndef CLV_TEST_QUIET_H
#define CLV_TEST_QUIET_H

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  (void)instance;
  (void)customers;
  (void)sink;
  return CLV_OK;
}

#endif
