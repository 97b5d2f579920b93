// Whether bytes are well-formed UTF-8 (RFC 3629: no surrogates, nothing overlong, up to U+10FFFF).
#pragma once

#include <string_view>

namespace clvd {

bool is_utf8(std::string_view bytes);

}  // namespace clvd
