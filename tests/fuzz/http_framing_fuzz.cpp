// Any bytes from an HTTP connection: what arrives in pieces is framed as what arrives at once, and
// a body put together from chunks is what a reader of lengths would see.
#include <algorithm>

#include "doors/http_framing.hpp"
#include "promise.hpp"

namespace {

using namespace clvd;
using clv::fuzz::require;

constexpr http_bounds bounds{512, 1024};

bool is_refusal(int status) {
  return status == 400 || status == 411 || status == 413 || status == 431 || status == 505;
}

void check_chunks(std::string_view head, std::string_view rest) {
  std::string at_once(rest);
  http_chunks whole;
  const int refusal = whole.take(at_once, bounds.body_bytes);
  http_chunks piecewise;
  std::string pending;
  int later = 0;
  for (const char byte : rest) {
    if (later != 0 || piecewise.ended()) break;
    pending += byte;
    later = piecewise.take(pending, bounds.body_bytes);
  }
  require(refusal == 0 || is_refusal(refusal), "a known refusal of chunks");
  require(whole.body().size() <= bounds.body_bytes, "a body within its bound");
  require(later == refusal, "chunks in pieces are judged as chunks at once");
  if (refusal == 0) require(piecewise.body() == whole.body(), "the same body in pieces");
  if (!whole.ended() || refusal != 0) return;
  const std::string plain = with_length(head, whole.body().size()) + whole.body();
  const http_bounds wider{bounds.head_bytes + 64, bounds.body_bytes};
  const http_frame frame = frame_of(plain, wider);
  require(
      frame.state == http_frame::kind::whole && !frame.chunked, "chunks become a length", plain);
  require(frame.size == plain.size(), "and the length is theirs", plain);
}

void check_pieces(std::string_view bytes, const http_frame& whole) {
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const http_frame part = frame_of(bytes.substr(0, n), bounds);
    if (part.state == http_frame::kind::incomplete) continue;
    require(part.state == whole.state && part.refusal == whole.refusal && part.size == whole.size,
            "more bytes do not change what was decided");
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = clv::fuzz::text_of(data, std::min<std::size_t>(size, 2048));
  const http_frame frame = frame_of(bytes, bounds);
  if (frame.state == http_frame::kind::refused) {
    require(is_refusal(frame.refusal), "a known refusal");
  } else {
    require(frame.size <= bounds.head_bytes + bounds.body_bytes, "a frame within its bounds");
  }
  if (frame.state == http_frame::kind::whole) require(frame.size <= bytes.size(), "whole is there");
  check_pieces(bytes, frame);
  if (frame.chunked) check_chunks(bytes.substr(0, frame.size), bytes.substr(frame.size));
  return 0;
}
