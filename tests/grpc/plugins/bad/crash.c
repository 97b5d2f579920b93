/* Follows a wrong pointer. */
#include "bad.h"

__attribute__((no_sanitize_undefined)) static const char* misbehave(const clv_plugin_host* host,
                                                                    const clv_batch* customers) {
  (void)host;
  (void)customers;
  volatile int* volatile nowhere = NULL;
  *nowhere = 1;
  return NULL;
}
