/* Prints without end, to where the server's log might be. */
#include <stdio.h>

#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  for (int i = 0; i < 20000; ++i) {
    puts("a line that nobody wants to read, again and again and again");
    fputs("and one for the log\n", stderr);
  }
  return NULL;
}
