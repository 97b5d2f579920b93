/* Reads a file while it is made, as a plugin with a table of its own might: the second instance of
 * a process cannot. */
#define MISBEHAVE_IN_CREATE
#define BAD_CREATE create_or_fail
#include <fcntl.h>
#include <unistd.h>

#include "bad.h"

static int could_read;

static void misbehave_in_create(void) {
  const int file = open("/dev/null", O_RDONLY);
  could_read = file >= 0;
  if (could_read) close(file);
}

static clv_status create_or_fail(const clv_plugin_host* host, const char* config, void** instance) {
  const clv_status made = create(host, config, instance);
  if (made < 0 || could_read) return made;
  *instance = NULL;
  host->fail(host->ctx, -1, "its table cannot be read");
  return CLV_E_IO;
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return NULL;
}
