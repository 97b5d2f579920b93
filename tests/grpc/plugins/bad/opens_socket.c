/* Calls home. */
#include <sys/socket.h>

#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return told(socket(AF_INET, SOCK_STREAM, 0) < 0);
}
