#include <stdexcept>

#define FIXTURE_ID "org.example.throws_in_create"
#define FIXTURE_CREATE create
#include "fixture.h"
#include "quiet.h"

static clv_status create(const clv_plugin_host*, const char*, void**) {
  throw std::runtime_error("no licence file");
}
