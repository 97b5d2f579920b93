/* Speaks on the host's socket itself: messages that are no frames, or that lie about sizes. What it
 * sends depends on the first customer's p_alive. */
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bad.h"

/* As grpc/plugin_worker/frame.hpp has it. */
struct frame {
  uint32_t magic;
  uint16_t version, kind;
  uint64_t call;
  int64_t now_us;
  uint64_t seed;
  int32_t status;
  uint32_t flags;
  uint64_t first_size, second_size;
};

static void send_bytes(const void* bytes, size_t size) {
  struct iovec part = {(void*)(uintptr_t)bytes, size};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  (void)sendmsg(3, &message, MSG_NOSIGNAL);
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  double which = 0;
  for (uint32_t i = 0; i < customers->n_columns; ++i) {
    if (strcmp(customers->columns[i].name, "p_alive") == 0) {
      which = *(const double*)customers->columns[i].data;
    }
  }
  struct frame f = {.magic = 0x31574C43, .version = 1, .kind = 0x102, .call = 2};
  const int lie = (int)(which * 10 + .5);
  if (lie == 0) send_bytes("nonsense", 8);
  if (lie == 1) f.magic = 7, send_bytes(&f, sizeof f);
  if (lie == 2) f.version = 9, send_bytes(&f, sizeof f);
  if (lie == 3) f.kind = 0x101, send_bytes(&f, sizeof f);
  if (lie == 4) f.call = 77, send_bytes(&f, sizeof f);
  if (lie == 5) f.first_size = UINT64_MAX - 3, f.second_size = 8, send_bytes(&f, sizeof f);
  if (lie == 6) f.first_size = 64, f.second_size = 64, send_bytes(&f, sizeof f); /* all zeros */
  if (lie == 7) close(3);
  if (lie == 8) send_bytes(&f, 0), send_bytes(&f, sizeof f); /* an empty message reads as the end */
  return NULL;
}
