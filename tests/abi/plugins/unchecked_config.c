/* Its configuration has a rule that libclv does not check. */
#define FIXTURE_ID "org.example.unchecked_config"
#define FIXTURE_MANIFEST                                                            \
  "{\"reads\":[\"p_alive\"],\"actions\":[\"win\"],\"config\":{\"type\":\"object\"," \
  "\"properties\":{\"code\":{\"type\":\"string\",\"pattern\":\"^[A-Z]+$\"}}}}"
#include "fixture.h"
#include "quiet.h"
