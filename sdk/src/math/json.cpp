#include "math/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>  // the library's own code: this is the one place that compiles it
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "clv/error.hpp"

namespace clv::math {
namespace {

namespace json = boost::json;

// Feeds a value_stack as Boost's own handler does, but reads doubles by from_chars.
struct exact_handler {
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  json::value_stack stack;
  std::string number;       // its text so far
  std::size_t members = 0;  // of all objects, as they are written

  using code = json::error_code;
  bool on_document_begin(code&) { return true; }
  bool on_document_end(code&) { return true; }
  bool on_object_begin(code&) { return true; }
  bool on_object_end(std::size_t n, code&) {
    members += n;
    return stack.push_object(n), true;
  }
  bool on_array_begin(code&) { return true; }
  bool on_array_end(std::size_t n, code&) { return stack.push_array(n), true; }
  bool on_key_part(json::string_view s, std::size_t, code&) { return stack.push_chars(s), true; }
  bool on_key(json::string_view s, std::size_t, code&) { return stack.push_key(s), true; }
  bool on_string_part(json::string_view s, std::size_t, code&) { return stack.push_chars(s), true; }
  bool on_string(json::string_view s, std::size_t, code&) { return stack.push_string(s), true; }
  bool on_number_part(json::string_view s, code&) { return number.append(s), true; }
  bool on_int64(std::int64_t i, json::string_view, code&) {
    number.clear();
    return stack.push_int64(i), true;
  }
  bool on_uint64(std::uint64_t u, json::string_view, code&) {
    number.clear();
    return stack.push_uint64(u), true;
  }
  bool on_double(double, json::string_view s, code& failure) {
    number.append(s);
    double exact = 0.0;
    const auto [end, problem] =
        std::from_chars(number.data(), number.data() + number.size(), exact);
    if (problem != std::errc{} || end != number.data() + number.size()) {
      failure = json::error::exponent_overflow;
      return false;
    }
    number.clear();
    return stack.push_double(exact), true;
  }
  bool on_bool(bool b, code&) { return stack.push_bool(b), true; }
  bool on_null(code&) { return stack.push_null(), true; }
  bool on_comment_part(json::string_view, code&) { return true; }
  bool on_comment(json::string_view, code&) { return true; }
};

[[noreturn]] void refuse(std::string_view text, std::size_t at, const std::string& why) {
  const std::string_view before = text.substr(0, std::min(at, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto column = before.size() - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  throw error(status::invalid,
              "not JSON at line " + std::to_string(line) + ", column " + std::to_string(column) +
                  ": " + why);
}

// Of all objects, as they are kept: of a member that is there twice the last.
std::size_t members_in(const json::value& value) {
  std::size_t count = 0;
  if (value.is_object()) {
    count = value.get_object().size();
    for (const auto& [key, member] : value.get_object()) count += members_in(member);
  } else if (value.is_array()) {
    for (const json::value& item : value.get_array()) count += members_in(item);
  }
  return count;
}

void write(const json::value& value, std::size_t indent, std::string& out);

void write_array(const json::array& array, std::size_t indent, std::string& out) {
  const bool flat = std::none_of(
      array.begin(), array.end(), [](const json::value& v) { return v.is_structured(); });
  const std::string line = "\n" + std::string(indent + 2, ' ');
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += flat ? ", " : ",";
    if (!flat) out += line;
    write(array[i], indent + 2, out);
  }
  if (!flat) out += "\n" + std::string(indent, ' ');
  out += ']';
}

void write_object(const json::object& object, std::size_t indent, std::string& out) {
  out += '{';
  bool first = true;
  for (const auto& [key, member] : object) {
    out += (first ? "\n" : ",\n") + std::string(indent + 2, ' ');
    out += json::serialize(key) + ": ";
    write(member, indent + 2, out);
    first = false;
  }
  if (!first) out += "\n" + std::string(indent, ' ');
  out += '}';
}

void write(const json::value& value, std::size_t indent, std::string& out) {
  if (value.is_object()) {
    write_object(value.get_object(), indent, out);
  } else if (value.is_array()) {
    write_array(value.get_array(), indent, out);
  } else if (value.is_double()) {
    const double number = value.get_double();
    out += std::isfinite(number) ? to_text(number) : "null";
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

json::value parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 32;
  json::basic_parser<exact_handler> parser(options);
  json::error_code failure;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), failure);
  if (failure) refuse(text, used, failure.message());
  const auto rest = text.find_first_not_of(" \t\r\n", used);
  if (rest != std::string_view::npos) refuse(text, rest, "more text after the value");
  json::value parsed = parser.handler().stack.release();
  if (members_in(parsed) != parser.handler().members) {
    throw error(status::invalid,
                "an object has the same member twice",
                "keep one of the two: which of them counts is not defined");
  }
  return parsed;
}

std::string to_text(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string to_json(const json::value& value) {
  std::string out;
  write(value, 0, out);
  return out;
}

}  // namespace clv::math
