#include "engine/segment_sources.hpp"

#include <string_view>

namespace clv::detail {
namespace {

bool has_item(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const std::size_t end = list.find(',');
    if (list.substr(0, end) == wanted) return true;
    if (end == std::string_view::npos) return false;
    list.remove_prefix(end + 1);
  }
  return false;
}

// Those of `sources` that `reads` does not have, behind it.
std::string joined(std::string_view reads, std::string_view sources) {
  std::string all(reads);
  while (!sources.empty()) {
    const std::size_t end = sources.find(',');
    const std::string_view item = sources.substr(0, end);
    if (!has_item(all, item)) all += "," + std::string(item);
    sources.remove_prefix(end == std::string_view::npos ? sources.size() : end + 1);
  }
  return all;
}

}  // namespace

std::shared_ptr<const table> with_segment_sources(std::shared_ptr<const table> proposals,
                                                  const std::string& sources) {
  const column* before = proposals->find("reads");
  if (sources.empty() || before == nullptr) return proposals;
  column after("reads", type::utf8);
  for (std::size_t row = 0; row < before->size(); ++row) {
    const bool known = before->present(row);
    const std::string_view reads = known ? before->text(row) : std::string_view();
    if (!known) {
      after.push_absent();
    } else if (has_item(reads, "segment")) {
      after.push(std::string_view(joined(reads, sources)));
    } else {
      after.push(reads);
    }
  }
  auto made = std::make_shared<table>(*proposals);
  *made->find("reads") = std::move(after);
  made->seal("segment_sources/1|" + proposals->fingerprint() + "|" + sources);
  return made;
}

}  // namespace clv::detail
