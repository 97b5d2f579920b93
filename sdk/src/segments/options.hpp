// The settings of a segmentation, read from its JSON object and checked by name.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clv {

// Every complaint is error{invalid} that names the scheme, the setting and the value it has.
class segment_settings {
 public:
  // `json` is an object or "" for none; a member that is not among `known` is refused by name.
  segment_settings(std::string_view scheme,
                   std::string_view json,
                   std::span<const std::string_view> known);

  double number(std::string_view name, double fallback) const;
  // A list of finite, strictly rising numbers.
  std::optional<std::vector<double>> cuts(std::string_view name) const;
  // A list of different texts, none empty.
  std::optional<std::vector<std::string>> names(std::string_view name) const;
  [[noreturn]] void refuse(std::string_view name, std::string_view wanted) const;

 private:
  const boost::json::value* find(std::string_view name) const;

  std::string scheme_;
  boost::json::object members_;
};

}  // namespace clv
