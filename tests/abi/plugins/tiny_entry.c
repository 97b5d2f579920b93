/* States an entry too short to say what it needs. */
#define FIXTURE_ENTRY_SIZE 4
#include "fixture.h"
#include "quiet.h"
