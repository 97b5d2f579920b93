/* States a capability table that ends before its function. */
#define FIXTURE_ACTION_SIZE 8
#include "fixture.h"
#include "quiet.h"
