/* A library that is no plugin. */
#include "clv_plugin.h"

CLV_PLUGIN_EXPORT int some_other_library(void);
int some_other_library(void) {
  return 1;
}
