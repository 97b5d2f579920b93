#include "doors/http_front.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "config/start_error.hpp"
#include "doors/http_framing.hpp"
#include "doors/listening_socket.hpp"

namespace clvd {
namespace {

using clock = std::chrono::steady_clock;
using id = std::uint64_t;

// After a refusal the client may still be sending: closing at once would reset the connection and
// lose the answer, so what comes is read and dropped for this long.
constexpr std::chrono::seconds lingering_time{2};
constexpr std::chrono::milliseconds pause_without_descriptors{50};

// What is large may take longer: nobody needs less than 64 KB a second.
std::chrono::milliseconds time_for(std::size_t bytes) {
  return std::chrono::milliseconds(bytes / 64);
}

// Answers on their way from workers to the front's thread. Outlives the front with its replies.
class mailbox {
 public:
  mailbox() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_ < 0) throw start_error(failed, "eventfd: no descriptor is left");
  }
  ~mailbox() { close(wake_); }
  mailbox(const mailbox&) = delete;
  mailbox& operator=(const mailbox&) = delete;

  int fd() const { return wake_; }
  void put(id to, std::string response) {
    {
      const std::lock_guard lock(mutex_);
      answers_.emplace_back(to, std::move(response));
    }
    wake();
  }
  void wake() { eventfd_write(wake_, 1); }
  std::vector<std::pair<id, std::string>> take() {
    eventfd_t ignored = 0;
    eventfd_read(wake_, &ignored);
    const std::lock_guard lock(mutex_);
    return std::exchange(answers_, {});
  }

 private:
  const int wake_;
  std::mutex mutex_;
  std::vector<std::pair<id, std::string>> answers_;
};

struct connection {
  enum class stage { reading, waiting, sending, lingering };

  explicit connection(int s) : socket(s) {}
  ~connection() { close(socket); }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  short events() const {
    if (now == stage::sending || !interim.empty()) return POLLOUT;
    return now == stage::waiting ? short{0} : short{POLLIN};
  }

  const int socket;
  stage now = stage::reading;
  std::string in;
  std::size_t counted = 0;  // of what is gathered
  http_frame frame;
  std::string head;  // of a chunked request
  http_chunks chunks;
  std::string interim;  // "100 Continue" on its way
  bool continued = false;
  std::string out;
  std::size_t sent = 0;
  clock::time_point given;  // the answer
  bool whole = false;       // nothing of the request is left unread
  clock::time_point until;
};

}  // namespace

struct http_front::impl {
  impl(const http_options& o, handler h)
      : options(o),
        bounds{o.head_bytes, o.body_bytes},
        on_request(std::move(h)),
        listener(o.address, o.peers) {}

  const http_options options;
  const http_bounds bounds;
  const handler on_request;
  listening_socket listener;
  const std::shared_ptr<mailbox> mail = std::make_shared<mailbox>();
  std::map<id, connection> connections;
  id last = 0;
  std::size_t gathered = 0;  // bytes of requests that are being read
  std::size_t unread = 0;    // bytes of answers that are being sent
  clock::time_point accept_from;
  std::atomic<bool> stopping = false;
  clock::time_point stop_until;  // written before `stopping`
  std::thread thread;

  void loop();
  bool ended() const;
  void wait(std::vector<pollfd>& fds, std::vector<id>& ids) const;
  int patience() const;
  void accept_all();
  void deliver();
  bool go_on(id i, connection& c, short events);
  bool read(id i, connection& c);
  void look(id i, connection& c);
  int look_at_chunks(connection& c);
  void arrived(id i, connection& c, std::string request);
  void refuse(id i, connection& c, int refusal);
  void hand_over(id i, connection& c, http_arrival what);
  bool send(connection& c);
  bool send_interim(connection& c);
  void drop(std::map<id, connection>::iterator c);
  void drop_overdue();
  void drop_unread();
};

// True while the connection is to be kept.
bool http_front::impl::go_on(id i, connection& c, short events) {
  if ((events & POLLIN) != 0 && c.now != connection::stage::waiting) return read(i, c);
  if ((events & POLLOUT) != 0) {
    return c.now == connection::stage::sending ? send(c) : send_interim(c);
  }
  return (events & (POLLERR | POLLHUP | POLLNVAL)) == 0;
}

bool http_front::impl::read(id i, connection& c) {
  char buffer[16 << 10];
  const ssize_t n = recv(c.socket, buffer, sizeof buffer, 0);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (n == 0) return false;
  if (c.now == connection::stage::lingering) return true;
  c.in.append(buffer, static_cast<std::size_t>(n));
  c.counted += static_cast<std::size_t>(n);
  gathered += static_cast<std::size_t>(n);
  look(i, c);
  return true;
}

// Whether the request is whole by now, or cannot become it.
void http_front::impl::look(id i, connection& c) {
  if (c.frame.size == 0) {
    c.frame = frame_of(c.in, bounds);
    c.until += time_for(c.frame.size);
  }
  if (c.frame.state == http_frame::kind::refused) return refuse(i, c, c.frame.refusal);
  if (c.frame.size != 0 && c.frame.chunked) {
    if (const int refusal = look_at_chunks(c)) return refuse(i, c, refusal);
    if (c.chunks.ended()) return arrived(i, c, with_length(c.head, c.chunks.body().size()));
  } else if (c.frame.size != 0 && c.in.size() >= c.frame.size) {
    std::string request = c.in.substr(0, c.frame.size);
    c.in.erase(0, c.frame.size);
    return arrived(i, c, std::move(request));
  }
  if (gathered > options.all_bytes) return refuse(i, c, 503);
  if (c.frame.wants_continue && !std::exchange(c.continued, true)) {
    c.interim = "HTTP/1.1 100 Continue\r\n\r\n";
  }
}

// 0, or the refusal.
int http_front::impl::look_at_chunks(connection& c) {
  if (c.head.empty()) {
    c.head = c.in.substr(0, c.frame.size);
    c.in.erase(0, c.frame.size);
  }
  return c.chunks.take(c.in, bounds.body_bytes);
}

void http_front::impl::arrived(id i, connection& c, std::string request) {
  // Bytes behind the request would be a second one; this connection has only one.
  c.whole = c.in.empty();
  request += c.chunks.body();
  hand_over(i, c, {0, std::move(request)});
}

void http_front::impl::refuse(id i, connection& c, int refusal) {
  hand_over(i, c, {refusal, {}});
}

void http_front::impl::hand_over(id i, connection& c, http_arrival what) {
  gathered -= std::exchange(c.counted, 0);
  c.now = connection::stage::waiting;
  c.in = {};
  c.chunks = {};
  c.interim.clear();
  on_request(std::move(what), [to = mail, i](std::string r) { to->put(i, std::move(r)); });
}

bool http_front::impl::send(connection& c) {
  const ssize_t n = ::send(c.socket, c.out.data() + c.sent, c.out.size() - c.sent, MSG_NOSIGNAL);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  c.sent += static_cast<std::size_t>(n);
  if (c.sent < c.out.size()) return true;
  if (c.whole) return false;
  unread -= c.out.size();
  c.out = {};
  shutdown(c.socket, SHUT_WR);
  c.now = connection::stage::lingering;
  c.until = clock::now() + lingering_time;
  return true;
}

bool http_front::impl::send_interim(connection& c) {
  const ssize_t n = ::send(c.socket, c.interim.data(), c.interim.size(), MSG_NOSIGNAL);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  c.interim.erase(0, static_cast<std::size_t>(n));
  return true;
}

void http_front::impl::deliver() {
  for (auto& [to, response] : mail->take()) {
    const auto found = connections.find(to);
    if (found == connections.end()) continue;  // the client is gone
    connection& c = found->second;
    c.out = std::move(response);
    unread += c.out.size();
    c.given = clock::now();
    c.now = connection::stage::sending;
    c.until = c.given + options.patience + time_for(c.out.size());
    if (!send(c)) drop(found);
    drop_unread();
  }
}

// Beyond the bound those go that were given theirs first: who reads has it by then.
void http_front::impl::drop_unread() {
  while (unread > options.answer_bytes) {
    const auto sooner = [](const auto& a, const auto& b) {
      const bool sends = a.second.now == connection::stage::sending;
      if (sends != (b.second.now == connection::stage::sending)) return sends;
      return a.second.given < b.second.given;
    };
    drop(std::min_element(connections.begin(), connections.end(), sooner));
    if (options.on_drop) options.on_drop();
  }
}

void http_front::impl::accept_all() {
  while (connections.size() < options.connections) {
    const int s = accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (s < 0) {
      if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
        accept_from = clock::now() + pause_without_descriptors;
      }
      return;
    }
    if (!listener.may_talk(s)) {
      close(s);
      continue;
    }
    connections.try_emplace(++last, s).first->second.until = clock::now() + options.patience;
  }
}

void http_front::impl::drop(std::map<id, connection>::iterator c) {
  gathered -= c->second.counted;
  unread -= c->second.out.size();
  connections.erase(c);
}

// Requests that do not become whole get a 408; answers that nobody takes are dropped.
void http_front::impl::drop_overdue() {
  using stage = connection::stage;
  const auto now = clock::now();
  for (auto c = connections.begin(); c != connections.end();) {
    const auto here = c++;
    connection& one = here->second;
    if (one.now == stage::waiting) continue;
    if (stopping && one.now != stage::sending) {
      drop(here);
    } else if (now >= one.until && one.counted != 0) {
      refuse(here->first, one, 408);
    } else if (now >= one.until) {
      drop(here);
    }
  }
}

// Milliseconds until something is overdue, -1 = for ever.
int http_front::impl::patience() const {
  auto first = clock::time_point::max();
  if (stopping) first = stop_until;
  if (accept_from > clock::now()) first = std::min(first, accept_from);
  for (const auto& [i, c] : connections) {
    if (c.now != connection::stage::waiting) first = std::min(first, c.until);
  }
  if (first == clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(first - clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

void http_front::impl::wait(std::vector<pollfd>& fds, std::vector<id>& ids) const {
  fds.assign(1, {mail->fd(), POLLIN, 0});
  ids.clear();
  for (const auto& [i, c] : connections) {
    fds.push_back({c.socket, c.events(), 0});
    ids.push_back(i);
  }
  const bool accepts =
      !stopping && connections.size() < options.connections && accept_from <= clock::now();
  if (accepts) fds.push_back({listener.fd(), POLLIN, 0});
  poll(fds.data(), fds.size(), patience());
}

bool http_front::impl::ended() const {
  return stopping && (connections.empty() || clock::now() >= stop_until);
}

void http_front::impl::loop() {
  std::vector<pollfd> fds;
  std::vector<id> ids;
  while (!ended()) {
    wait(fds, ids);
    deliver();
    for (std::size_t k = 0; k < ids.size(); ++k) {
      const auto c = connections.find(ids[k]);
      if (c == connections.end() || fds[k + 1].revents == 0) continue;
      if (!go_on(c->first, c->second, fds[k + 1].revents)) drop(c);
    }
    if (stopping) {
      listener.shut();
    } else {
      accept_all();
    }
    drop_overdue();
  }
  connections.clear();
}

http_front::http_front(const http_options& options, handler on_request)
    : impl_(std::make_unique<impl>(options, std::move(on_request))) {
  impl_->thread = std::thread([this] { impl_->loop(); });
}

http_front::~http_front() {
  stop(std::chrono::system_clock::now());
}

int http_front::port() const {
  return impl_->listener.port();
}

void http_front::stop(std::chrono::system_clock::time_point deadline) {
  if (!impl_->thread.joinable()) return;
  const auto left = deadline - std::chrono::system_clock::now();
  impl_->stop_until = clock::now() + std::min<clock::duration>(left, std::chrono::hours(1));
  impl_->stopping = true;
  impl_->mail->wake();
  impl_->thread.join();
}

std::string http_response(int status,
                          const std::string& content_type,
                          const std::string& body,
                          const std::string& more_headers) {
  return "HTTP/1.1 " + std::to_string(status) + " \r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more_headers +
         "Connection: close\r\n\r\n" + body;
}

}  // namespace clvd
