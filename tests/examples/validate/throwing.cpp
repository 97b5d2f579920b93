// Plugins that throw where hostile.c cannot: on another thread than the first, at hosts they cannot
// run on, in a thread of their own. A check that lets an exception leave its own thread ends
// without the words.
#include <cstring>
#include <stdexcept>
#include <thread>

#include "clv_plugin.h"

namespace {

[[maybe_unused]] void throw_elsewhere() {
  static const std::thread::id first = std::this_thread::get_id();
  if (std::this_thread::get_id() != first) throw std::runtime_error("not on this thread");
}

clv_status create(const clv_plugin_host* host, const char*, void** self) {
  *self = const_cast<clv_plugin_host*>(host);
  return CLV_OK;
}

void destroy(void*) {}

clv_status propose(void*, const clv_batch*, const clv_proposal_sink*) {
#ifdef THROWS_IN_ITS_THREAD  // which no host can catch
  std::thread([] { throw std::runtime_error("nobody is there"); }).join();
#endif
  return CLV_OK;
}

const void* get_capability(const char* id) {
#ifdef CAPABILITY_THROWS_ELSEWHERE
  throw_elsewhere();
#endif
  static const clv_action_v1 action{sizeof(clv_action_v1), 0, propose};
  return std::strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : nullptr;
}

const clv_plugin_entry entry{sizeof(clv_plugin_entry),
                             CLV_ABI_PACK(1, 0),
                             CLV_ABI_TARGET,
                             0,
                             "org.example.throwing",
                             "Throwing",
                             "1.0.0",
                             "example",
                             "Apache-2.0",
                             "Throws in one place.",
                             R"({"reads": ["p_alive"], "actions": ["throwing.none"]})",
                             create,
                             destroy,
                             get_capability};

}  // namespace

extern "C" CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
#ifdef ENTRY_THROWS_ELSEWHERE
  throw_elsewhere();
#endif
#ifdef THROWS_AT_OTHER_HOSTS
  if (host_abi >> 16 != CLV_ABI_MAJOR) throw std::runtime_error("no such host");
#endif
  (void)host_abi;
  return &entry;
}
