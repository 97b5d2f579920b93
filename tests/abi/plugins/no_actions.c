/* Declares no action. */
#define FIXTURE_MANIFEST "{\"reads\":[\"p_alive\"],\"actions\":[]}"
#include "fixture.h"
#include "quiet.h"
