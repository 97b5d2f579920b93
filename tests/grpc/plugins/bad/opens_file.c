/* Reads what it was not given. */
#include <fcntl.h>

#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return told(open("/etc/passwd", O_RDONLY) < 0);
}
