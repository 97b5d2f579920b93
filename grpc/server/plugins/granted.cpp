#include "plugins/granted.hpp"

#include <algorithm>
#include <string_view>

#include "plugins/text.hpp"

namespace clvd::plugins {

granted_columns::granted_columns(const clv_batch& candidates,
                                 const description& says,
                                 const std::string& grant,
                                 bool with_customer) {
  const std::vector<std::string> granted = split(grant);
  const auto lists = [](const std::vector<std::string>& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
  };
  for (std::uint32_t i = 0; i < candidates.n_columns; ++i) {
    const clv_column& c = candidates.columns[i];
    const bool may = lists(says.reads, c.name) && (grant.empty() || lists(granted, c.name));
    const bool names_row = with_customer && std::string_view(c.name) == "customer";
    if (may || names_row) columns_.push_back(c);
  }
  batch_ = {.struct_size = static_cast<std::uint32_t>(sizeof(clv_batch)),
            .n_columns = static_cast<std::uint32_t>(columns_.size()),
            .n_rows = candidates.n_rows,
            .columns = columns_.data()};
}

}  // namespace clvd::plugins
