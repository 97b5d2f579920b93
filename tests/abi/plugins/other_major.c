/* Built for another major version. */
#define FIXTURE_ID "org.example.x"
#define FIXTURE_NEEDS CLV_ABI_PACK(2, 0)
#define FIXTURE_BUILT CLV_ABI_PACK(2, 0)
#include "fixture.h"
#include "quiet.h"
