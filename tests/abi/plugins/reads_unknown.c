/* Reads a column that no score table has. */
#define FIXTURE_MANIFEST "{\"reads\":[\"shoe_size\"],\"actions\":[\"win\"]}"
#include "fixture.h"
#include "quiet.h"
