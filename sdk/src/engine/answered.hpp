// Requests that a verb answers once: what is kept of them with what they did.
#pragma once

#include <cstdint>
#include <optional>

#include "clv/engine.hpp"

namespace clv::detail {

struct core;

// Before anything that a repeat would find otherwise than the first time: an etag, a customer who
// is forgotten by then. Throws error{exists} when the key was answered, error{invalid} for one that
// cannot be kept.
void require_unanswered(core& c, const std::optional<request_answer>& answer);

// Inside the caller's write transaction; without an answer nothing. `made` as in request_answer.
void keep(core& c, std::optional<request_answer>& answer, std::int64_t made);

}  // namespace clv::detail
