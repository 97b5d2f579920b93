/* An id that would break a log line. */
#define FIXTURE_ID "org.example\nx"
#include "fixture.h"
#include "quiet.h"
