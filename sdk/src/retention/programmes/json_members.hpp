// The members of one JSON object, each read with its path: every complaint is error{invalid} that
// names path, value and what it should be.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace clv::retention {

class json_members {
 public:
  // `of` must outlive this. A member that is not among `known` is refused.
  json_members(const boost::json::value& of,
               std::string path,
               std::initializer_list<std::string_view> known);

  bool has(std::string_view name) const { return find(name) != nullptr; }
  const std::string& path() const { return path_; }
  std::string path_of(std::string_view name) const;
  // Required members.
  const boost::json::value& get(std::string_view name, std::string_view wanted) const;
  std::string text(std::string_view name) const;
  double number(std::string_view name, double least, double most) const;
  // Of an optional member: `fallback` where it is not there.
  std::string text_or(std::string_view name, std::string_view fallback) const;
  double number_or(std::string_view name, double fallback, double least, double most) const;
  std::int64_t whole_or(std::string_view name,
                        std::int64_t fallback,
                        std::int64_t least,
                        std::int64_t most) const;
  bool flag_or(std::string_view name, bool fallback) const;
  // A number times `scale`, which must then be whole: 1.25 at scale 100 is 125.
  std::int64_t scaled(std::string_view name, std::int64_t scale, double least, double most) const;
  std::int64_t scaled_or(std::string_view name,
                         std::int64_t fallback,
                         std::int64_t scale,
                         double most) const;
  // A text that is one of `words`: which. Required.
  std::size_t choice(std::string_view name, std::initializer_list<std::string_view> words) const;
  // The items of an optional list; none where it is not there.
  std::span<const boost::json::value> items(std::string_view name) const;

  [[noreturn]] void refuse(std::string_view name, std::string_view wanted) const;

 private:
  const boost::json::value* find(std::string_view name) const;

  const boost::json::object* members_;
  std::string path_;
};

[[noreturn]] void refuse_json(const std::string& path,
                              const boost::json::value* value,
                              std::string_view wanted);

}  // namespace clv::retention
