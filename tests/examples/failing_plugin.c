/* A plugin that fails at the first customer: clv decide goes on without it and must say so. Built
 * with PLUGIN_HANGS it never comes back: only a second Ctrl-C ends the command. With PLUGIN_PEEKS
 * it proposes for whoever comes first, which depends on the other rows. */
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "clv_plugin.h"

static clv_status create(const clv_plugin_host* host, const char* config, void** self) {
  (void)config;
  *self = (void*)host;
  return CLV_OK;
}

static void destroy(void* self) {
  (void)self;
}

static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* out) {
  const clv_plugin_host* host = (const clv_plugin_host*)self;
#ifdef PLUGIN_PEEKS
  clv_proposal first = CLV_SIZED(clv_proposal);
  first.action = "fail";
  first.channel = "email";
  first.reason = "Came first.";
  first.effect_mean = first.effect_sd = .01;
  return in->n_rows > 0 ? out->emit(out->ctx, &first) : CLV_OK;
#endif
  (void)in;
  (void)out;
#ifdef PLUGIN_HANGS
  if (write(STDERR_FILENO, "hanging\n", 8) != 8) return CLV_E_IO;
  for (;;) pause();
#endif
  host->fail(host->ctx, 0, "the price list cannot be read");
  return CLV_E_NUMERIC;
}

static const void* get_capability(const char* id) {
  static const clv_action_v1 action = {sizeof(clv_action_v1), 0, propose};
  return strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : NULL;
}

static const clv_plugin_entry entry = {sizeof(clv_plugin_entry),
                                       CLV_ABI_PACK(1, 0),
                                       CLV_ABI_TARGET,
                                       0,
                                       "org.example.failing",
                                       "Failing",
                                       "1.0.0",
                                       "example",
                                       "Apache-2.0",
                                       "Fails.",
                                       "{\"reads\": [\"p_alive\"], \"actions\": [\"fail\"]}",
                                       create,
                                       destroy,
                                       get_capability};

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  return (host_abi >> 16) == CLV_ABI_MAJOR ? &entry : NULL;
}
