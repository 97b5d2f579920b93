/* Needs a host that does not exist yet. */
#define FIXTURE_ID "org.example.x"
#define FIXTURE_NEEDS CLV_ABI_PACK(1, 4)
#define FIXTURE_BUILT CLV_ABI_PACK(1, 4)
#include "fixture.h"
#include "quiet.h"
