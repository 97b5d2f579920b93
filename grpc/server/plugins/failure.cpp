#include "plugins/failure.hpp"

namespace clvd::plugins {

const char* reason_of(fault what) {
  switch (what) {
    case fault::failed:
      return "PLUGIN_FAILED";
    case fault::crashed:
      return "PLUGIN_CRASHED";
    case fault::timeout:
      return "PLUGIN_TIMEOUT";
    case fault::quarantined:
      return "PLUGIN_QUARANTINED";
    case fault::disabled:
      return "PLUGIN_DISABLED";
    case fault::cancelled:
      return "CANCELLED";
  }
  return "PLUGIN_FAILED";
}

}  // namespace clvd::plugins
