/* States an entry that ends before its functions. */
#define FIXTURE_ENTRY_SIZE 32
#include "fixture.h"
#include "quiet.h"
