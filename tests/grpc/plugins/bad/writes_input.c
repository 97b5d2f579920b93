/* Changes the customers it is shown. */
#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  for (uint32_t i = 0; i < customers->n_columns; ++i) {
    if (strcmp(customers->columns[i].name, "p_alive") != 0) continue;
    memset((void*)(uintptr_t)customers->columns[i].data, 0xEE, (size_t)customers->n_rows * 8);
  }
  return NULL;
}
