// The settings of a segmentation or a report, read from a JSON object and checked by name.
#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/report.hpp"

namespace clv {

// Every complaint is error{invalid} that names the owner ("rfm"), the setting and the value it has.
class settings {
 public:
  // `json` is an object or "" for none; a member that is not among `known` is refused by name.
  settings(std::string_view owner, std::string_view json, std::span<const std::string_view> known);

  // The same with the options of a report as what is known.
  settings(std::string_view owner, std::string_view json, std::span<const report_option> known);

  double number(std::string_view name, double fallback) const;
  // As number(), and within [least, most].
  double number_in(std::string_view name, double fallback, double least, double most) const;
  std::string text(std::string_view name, std::string_view fallback) const;
  bool flag(std::string_view name, bool fallback) const;
  // The setting as it stands, written as JSON; a text is taken as JSON itself. "" when not given.
  std::string json(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // A list of finite, strictly rising numbers.
  std::optional<std::vector<double>> cuts(std::string_view name) const;
  // A list of finite numbers, and a list of such lists.
  std::optional<std::vector<double>> numbers(std::string_view name) const;
  std::optional<std::vector<std::vector<double>>> matrix(std::string_view name) const;
  // A list of different texts, none empty; or one text of them with commas between.
  std::optional<std::vector<std::string>> names(std::string_view name) const;
  // A list of objects with exactly these members, all texts; each as its texts in that order.
  std::optional<std::vector<std::vector<std::string>>> records(
      std::string_view name, std::initializer_list<std::string_view> members) const;
  // An object whose members are numbers of 0 or more, or null (an infinite one), in their order.
  std::optional<std::vector<std::pair<std::string, double>>> limits(std::string_view name) const;
  [[noreturn]] void refuse(std::string_view name, std::string_view wanted) const;

 private:
  const boost::json::value* find(std::string_view name) const;

  std::string owner_;
  boost::json::object members_;
};

}  // namespace clv
