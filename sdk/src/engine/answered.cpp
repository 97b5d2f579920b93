#include "engine/answered.hpp"

#include "engine/core.hpp"
#include "store/kept_answers.hpp"

namespace clv::detail {

void require_unanswered(core& c, const std::optional<request_answer>& answer) {
  if (!answer) return;
  store::check_answer(*answer);
  store::require_unanswered(c.sql(), answer->key);
}

void keep(core& c, std::optional<request_answer>& answer, std::int64_t made) {
  if (!answer) return;
  answer->made = made;
  store::keep_answer(c.sql(), *answer);
}

}  // namespace clv::detail
