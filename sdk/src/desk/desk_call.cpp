#include "desk/desk_call.hpp"

#include <utility>

namespace clv::desk {

desk_call::desk_call(std::string_view name,
                     report_inputs tables,
                     std::string_view options_json,
                     std::span<const report_option> known)
    : report(name),
      in(std::move(tables)),
      given(name, options_json, known),
      seal(std::string(name) + "|" + std::string(options_json)) {
  read_desk_policy(given.json("desk"));
}

const table* desk_call::find(std::string_view input) const {
  return in.has(input) ? &in.of(input) : nullptr;
}

job desk_job(std::string phase, desk_call asked, desk_answer answer) {
  return report_at_once(std::move(phase),
                        [asked = std::move(asked), answer](outcome& out) { answer(asked, out); });
}

void warn(outcome& out, std::string message, std::string hint) {
  out.notes.push_back({.code = status::ok,
                       .level = log_level::warn,
                       .message = std::move(message),
                       .hint = std::move(hint)});
}

}  // namespace clv::desk
