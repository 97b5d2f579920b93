// Texts in the order of their bytes, sorted and merged in bounded pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace clv::detail {

// A million texts sorted at once would hold up a job's step for a second. Texts that come in order
// already cost one comparison each. Equal texts keep their order.
class ranking {
 public:
  using text_of = std::function<std::string_view(std::uint32_t)>;
  ranking(std::vector<std::uint32_t> items, text_of text)
      : order_(std::move(items)), text_(std::move(text)) {}

  std::size_t size() const { return order_.size(); }
  double sort_some();    // one more run; how much is done, in [0, 1]
  std::uint32_t next();  // after the sorting: the items in order, one a call

 private:
  bool before(std::uint32_t a, std::uint32_t b) const;

  std::vector<std::uint32_t> order_;
  text_of text_;
  std::size_t sorted_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> runs_;  // a heap by each run's first item
};

}  // namespace clv::detail
