// One place in a policy, or in other rules of the host: its value and the JSON path that names it
// in every complaint. [any]
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clv::retention {

// What complaints call the whole, and the page that tells its members.
struct policy_page {
  std::string_view subject = "policy";
  std::string_view file = "sdk/POLICY.md";
};

// Borrows the value. Every complaint is error{invalid}: "policy: $.caps[0].days is 0, expected a
// number above 0".
class policy_node {
 public:
  policy_node(const boost::json::value& value, std::string path, policy_page page = {})
      : value_(&value), path_(std::move(path)), page_(page) {}

  [[noreturn]] void refuse(const std::string& wanted) const;
  // Of a member of this object: what is wrong with it, and what to do.
  [[noreturn]] void refuse_member(std::string_view name,
                                  const std::string& wrong,
                                  const std::string& hint) const;
  const std::string& path() const { return path_; }

  // An object with no member beside these.
  void allow(std::span<const std::string_view> known) const;
  bool has(std::string_view name) const;
  policy_node at(std::string_view name) const;  // refuses a missing one
  std::vector<std::string_view> names() const;  // of an object, in its order
  std::vector<policy_node> items() const;       // of a list

  std::string text() const;     // not empty
  std::string pattern() const;  // a text with '*' at its end or nowhere
  bool flag() const;
  double number(double least, double most) const;
  double days() const;                     // above 0, at most a century
  std::int64_t count() const;              // whole, 0 or more
  std::int32_t minute() const;             // "21:00" as the minute of the day
  std::string time_zone() const;           // one that the system knows
  std::vector<std::string> texts() const;  // a list of different ones

 private:
  const boost::json::value* value_;
  std::string path_;
  policy_page page_;
};

}  // namespace clv::retention
