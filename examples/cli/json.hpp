// JSON text, written member by member in the order they are added.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cli {

std::string json_text(std::string_view text);  // quoted and escaped
std::string json_number(double value);         // exact; null when it is not finite

class json_object {
 public:
  json_object& add(std::string_view name, std::string_view text);
  json_object& add(std::string_view name, const char* text);
  json_object& add(std::string_view name, double value);
  json_object& add(std::string_view name, std::int64_t value);
  json_object& add(std::string_view name, bool value);
  // `json` is a complete JSON value.
  json_object& add_json(std::string_view name, std::string_view json);
  std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

class json_array {
 public:
  json_array& add_json(std::string_view json);
  std::string text() const { return "[" + items_ + "]"; }

 private:
  std::string items_;
};

}  // namespace cli
