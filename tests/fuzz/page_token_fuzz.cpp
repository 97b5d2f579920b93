// Any bytes as a page token: refused, or the page is within the table; and tokens that clvd made
// are taken again. Byte 0: the size of the page; the rest: the token.
#include "calls/errors.hpp"
#include "calls/page.hpp"
#include "promise.hpp"

namespace {

using namespace clvd;
using clv::fuzz::require;

const page_source table{"ListScores default", "0123456789abcdef", 2500};

void check_refusal(const call_error& e) {
  require(e.reason == "PAGE_TOKEN_INVALID" || e.reason == "PAGE_TOKEN_STALE", "a refused token");
}

void check_page(std::int32_t size, const std::string& token) {
  try {
    const page p = page_of(table, size, token);
    require(p.first >= 0 && p.count >= 0 && p.first + p.count <= table.rows,
            "a page is in the table");
    require(p.next_token.empty() == (p.first + p.count == table.rows), "the last page says so");
    require(page_token(table, p.first) == token || token.empty(), "a page has one token", token);
    if (!p.next_token.empty()) {
      require(page_of(table, size, p.next_token).first == p.first + p.count, "pages join");
    }
  } catch (const call_error& e) {
    check_refusal(e);
  }
}

void check_name(const std::string& text) {
  const std::string made = name_token("ListSegments default", text);
  require(name_of_token("ListSegments default", made) == text, "a name comes back");
  try {
    const std::string name = name_of_token("ListSegments default", text);
    require(name_token("ListSegments default", name) == text, "a name has one token");
  } catch (const call_error& e) {
    check_refusal(e);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string token(clv::fuzz::text_of(data + 1, size - 1));
  check_page(data[0], token);
  // Behind the part that is bound to the arguments, where the interesting bytes are.
  const std::string begin = page_token(table, 0);
  check_page(data[0], begin.substr(0, begin.rfind('.') + 1) + token);
  check_name(token);
  return 0;
}
