#include "plugins/worker.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>

namespace clvd::plugins {
namespace {

using namespace clv::worker;

// How often somebody who waits looks whether he still should.
constexpr milliseconds glance{20};
// A process that does not die of SIGKILL sits in the kernel; it is left to init then.
constexpr int most_waits = 50;

milliseconds left_of(const patience& until, instant now) {
  if (until.deadline == instant::max()) return glance;
  return std::chrono::ceil<milliseconds>(until.deadline - now);
}

std::string end_in_words(const siginfo_t& end) {
  if (end.si_code == CLD_EXITED) {
    return "its process ended with exit status " + std::to_string(end.si_status);
  }
  const char* name = ::sigabbrev_np(end.si_status);
  return "its process was ended by signal " + std::to_string(end.si_status) +
         (name == nullptr ? std::string() : std::string(" (SIG") + name + ")");
}

// Words of a file in /proc, all numbers but a name in parentheses.
std::vector<std::uint64_t> numbers_in(const std::string& path) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> text{};
  const ssize_t size = file ? ::read(file.get(), text.data(), text.size()) : -1;
  if (size <= 0) return {};
  const std::string_view line(text.data(), static_cast<std::size_t>(size));
  const std::size_t name_end = line.rfind(')');
  const char* at = text.data() + (name_end == std::string_view::npos ? 0 : name_end + 2);
  const char* end = text.data() + size;
  std::vector<std::uint64_t> numbers;
  while (at < end) {
    const char* word_end = std::find_if(at, end, [](char c) { return c == ' ' || c == '\n'; });
    std::uint64_t value = 0;
    std::from_chars(at, word_end, value);
    numbers.push_back(value);
    at = word_end + 1;
  }
  return numbers;
}

descriptor shared_input(const clv_batch& batch, std::uint64_t& size) {
  size = encoded_size(batch);
  descriptor file = new_memory(size);
  const mapping room(file.get(), size, true);
  encode(batch, room.bytes());
  seal_content(file.get());
  return file;
}

}  // namespace

std::size_t answer_room(std::int64_t rows) {
  constexpr std::size_t least = std::size_t{4} << 20, per_row = std::size_t{16} << 10,
                        most = std::size_t{1} << 30;
  return std::min(most, least + per_row * static_cast<std::size_t>(rows));
}

worker_reply::worker_reply(std::vector<std::byte> bytes, const frame& head)
    : bytes_(std::move(bytes)), head_(head) {}

std::span<const std::byte> worker_reply::table() const {
  return {bytes_.data(), head_.first_size};
}

std::span<const std::byte> worker_reply::notes() const {
  return {bytes_.data() + head_.first_size, head_.second_size};
}

worker::worker(spawner& starter, const std::string& program, const ticks& clock) : clock_(clock) {
  try {
    process_ = starter.start(program);
  } catch (const std::system_error& e) {
    throw plugin_failure(fault::failed,
                         std::string("no process for it could be started: ") + e.what());
  }
}

worker::~worker() {
  end();
}

void worker::end() noexcept {
  if (std::exchange(ended_, true)) return;
  ::syscall(SYS_pidfd_send_signal, process_.pidfd.get(), SIGKILL, nullptr, 0);
  siginfo_t end{};
  for (int i = 0; i < most_waits; ++i) {
    pollfd wait{process_.pidfd.get(), POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(glance.count())) > 0) break;
  }
  ::waitid(P_PIDFD, static_cast<id_t>(process_.pidfd.get()), &end, WEXITED | WNOHANG);
}

bool worker::alive() const {
  if (ended_) return false;
  pollfd wait{process_.pidfd.get(), POLLIN, 0};
  return ::poll(&wait, 1, 0) == 0;
}

home_usage worker::usage() const {
  if (ended_) return {};
  const std::string folder = "/proc/" + std::to_string(process_.pid);
  const auto memory = numbers_in(folder + "/statm");
  const auto times = numbers_in(folder + "/stat");  // from field 3 on: the name is left out
  home_usage used;
  if (memory.size() > 1) used.rss_bytes = memory[1] * static_cast<std::uint64_t>(::getpagesize());
  if (times.size() > 12) {
    const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    used.cpu_seconds = (times[11] + times[12]) / per_second;
  }
  return used;
}

// It went by itself, or the kernel ended it: says how.
void worker::gone() {
  siginfo_t end{};
  pollfd wait{process_.pidfd.get(), POLLIN, 0};
  for (int i = 0; i < most_waits && ::poll(&wait, 1, static_cast<int>(glance.count())) == 0; ++i) {
  }
  ::waitid(P_PIDFD, static_cast<id_t>(process_.pidfd.get()), &end, WEXITED | WNOHANG);
  if (end.si_pid == 0) {  // it closed its socket and lives on
    this->end();
    throw plugin_failure(fault::crashed, "it closed its socket, and its process was ended");
  }
  ended_ = true;
  plugin_failure why(fault::crashed, end_in_words(end));
  if (end.si_code != CLD_EXITED) why.signal = end.si_status;
  throw why;
}

void worker::give_up(fault why, const std::string& text) {
  end();
  throw plugin_failure(why, text);
}

void worker::wait_readable(const patience& until) {
  for (;;) {
    if (until.is_cancelled()) give_up(fault::cancelled, "the call was cancelled");
    const milliseconds left = left_of(until, clock_.now());
    if (left.count() <= 0) give_up(fault::timeout, "it did not answer in time and was ended");
    const milliseconds wait = until.cancelled == nullptr ? left : std::min(left, glance);
    pollfd socket{process_.socket.get(), POLLIN, 0};
    const int found =
        ::poll(&socket, 1, static_cast<int>(std::min(wait, milliseconds(1000)).count()));
    if (found > 0) return;
    if (found < 0 && errno != EINTR) give_up(fault::failed, "waiting for its answer failed");
  }
}

parcel worker::receive(const frame& request) {
  std::optional<parcel> got;
  try {
    got = receive_frame(process_.socket.get());
  } catch (const std::exception& e) {
    give_up(fault::failed, std::string("its answer is unreadable: ") + e.what());
  }
  if (!got) gone();
  const auto kind = static_cast<std::uint16_t>(request.kind | static_cast<int>(message::reply));
  const frame& head = got->head;
  if (head.kind != kind || head.call != request.call || got->files[0] || got->files[1]) {
    give_up(fault::failed, "it answered something that was not asked");
  }
  return std::move(*got);
}

parcel worker::exchange(const frame& request, int input, int output, const patience& until) {
  if (ended_) throw plugin_failure(fault::crashed, "its process has ended");
  bool sent = false;
  try {
    sent = send_frame(process_.socket.get(), request, input, output);
  } catch (const std::exception& e) {
    give_up(fault::failed, std::string("it takes no request: ") + e.what());
  }
  if (!sent) gone();
  wait_readable(until);
  return receive(request);
}

worker_reply worker::ask(frame request, const clv_batch& batch, const patience& until) {
  request.call = ++calls_;
  const descriptor input = shared_input(batch, request.first_size);
  const std::size_t room = answer_room(batch.n_rows);
  const descriptor output = new_memory(room);
  seal_size(output.get());
  const frame head = exchange(request, input.get(), output.get(), until).head;
  if (head.first_size > room || head.second_size > room - head.first_size) {
    give_up(fault::failed, "its answer is said to be longer than the memory it was given");
  }
  const auto size = static_cast<std::size_t>(head.first_size + head.second_size);
  std::vector<std::byte> copy(size);
  if (size > 0) {
    const mapping answered(output.get(), size, false);
    std::memcpy(copy.data(), answered.bytes().data(), size);
  }
  return {std::move(copy), head};
}

void worker::ping(const patience& until) {
  exchange({.kind = static_cast<std::uint16_t>(message::ping), .call = ++calls_}, -1, -1, until);
}

}  // namespace clvd::plugins
