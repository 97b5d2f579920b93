// Who there is: customer ids of several tables as numbers in the order of the ids' bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clv::features {

// Looks up a std::string key by string_view without making a string.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

// First every table adds its ids and keeps the provisional numbers (order of appearance), then
// settle() sorts, and ranks() turns provisional numbers into final ones. So nothing that is summed
// in the order of the final numbers depends on the order of rows. [one]
class crowd {
 public:
  std::uint32_t add(std::string_view id);
  void settle();
  const std::vector<std::uint32_t>& ranks() const { return ranks_; }  // provisional -> final
  std::size_t size() const { return ids_.size(); }
  const std::string& id(std::size_t number) const { return ids_[number]; }  // final number
  std::optional<std::uint32_t> find(std::string_view id) const;             // final number

 private:
  std::unordered_map<std::string, std::uint32_t, text_hash, std::equal_to<>> numbers_;
  std::vector<std::string> ids_;
  std::vector<std::uint32_t> ranks_;
};

// Event ids already seen in one table: the same event sent twice counts once. [one]
class seen_events {
 public:
  // The row that had this id first, nullopt when it is new or empty.
  std::optional<std::size_t> first_row(std::string_view id, std::size_t row);

 private:
  std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>> rows_;
};

}  // namespace clv::features
