/* Its manifest is no JSON. */
#define FIXTURE_MANIFEST "reads: p_alive"
#include "fixture.h"
#include "quiet.h"
