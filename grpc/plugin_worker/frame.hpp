// What clvd and clv-plugin-host say to each other over their socket: one struct of fixed size a
// message, with at most two memory files attached. Neither side believes the other: magic, version,
// kind and number of files are checked on receipt, and sizes against the files by whoever maps
// them.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace clv::worker {

// Owns a file descriptor.
class descriptor {
 public:
  explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(other.release()) {}
  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor();
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept;

 private:
  int fd_;
};

constexpr std::uint32_t frame_magic = 0x31574C43;  // "CLW1"
constexpr std::uint16_t frame_version = 1;         // both programs are installed together

enum class message : std::uint16_t {
  start = 1,    // load this plugin: answered by what it says of itself
  propose = 2,  // one batch: answered by proposals
  ping = 3,
  reply = 0x100  // added to the kind of what is answered
};

enum frame_flags : std::uint32_t {
  fresh_instance = 1,  // of propose: made by start with this clock and seed, nothing to renew
  renew_failed = 2     // of a reply: the plugin made no second instance; a new process may
};

struct frame {
  std::uint32_t magic = frame_magic;
  std::uint16_t version = frame_version;
  std::uint16_t kind = 0;
  std::uint64_t call = 0;  // a reply repeats it
  std::int64_t now_us = 0;
  std::uint64_t seed = 0;
  std::int32_t status = 0;  // clv_status of a reply
  std::uint32_t flags = 0;
  // Bytes used of the memory file: of a request's input; of a reply's output a table, then notes.
  std::uint64_t first_size = 0, second_size = 0;
};
static_assert(sizeof(frame) == 56, "the frame is the protocol");

// A frame and the memory files that came with it: input, output.
struct parcel {
  frame head;
  std::array<descriptor, 2> files;
};

// False when the other side is gone. Throws std::system_error on any other failure. Never raises
// SIGPIPE and never blocks.
bool send_frame(int socket, const frame& what, int input = -1, int output = -1);

// One message, or none when the other side is gone. Throws std::runtime_error, saying what is
// wrong, when it is not a frame of this protocol. Waits when nothing is there.
std::optional<parcel> receive_frame(int socket);

}  // namespace clv::worker
