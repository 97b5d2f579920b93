#include "json.hpp"

#include <array>
#include <cmath>

#include "text.hpp"

namespace cli {

std::string json_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20) {
      out += {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15u]};
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string json_number(double value) {
  return std::isfinite(value) ? exact(value) : "null";
}

json_object& json_object::add(std::string_view name, std::string_view text) {
  return add_json(name, json_text(text));
}

json_object& json_object::add(std::string_view name, const char* text) {
  return add_json(name, json_text(text));
}

json_object& json_object::add(std::string_view name, double value) {
  return add_json(name, json_number(value));
}

json_object& json_object::add(std::string_view name, std::int64_t value) {
  return add_json(name, std::to_string(value));
}

json_object& json_object::add(std::string_view name, bool value) {
  return add_json(name, value ? "true" : "false");
}

json_object& json_object::add_json(std::string_view name, std::string_view json) {
  members_ += (members_.empty() ? "" : ", ") + json_text(name) + ": " + std::string(json);
  return *this;
}

json_array& json_array::add_json(std::string_view json) {
  items_ += (items_.empty() ? "" : ", ") + std::string(json);
  return *this;
}

}  // namespace cli
