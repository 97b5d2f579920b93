/* Offers nothing. */
#define FIXTURE_CAPABILITY NULL
#include "fixture.h"
#include "quiet.h"
