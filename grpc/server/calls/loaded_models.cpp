#include "calls/loaded_models.hpp"

#include <algorithm>

namespace clvd {

std::shared_ptr<const clv_model> loaded_models::find(const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one.first == bytes; });
  if (found == kept_.end()) return nullptr;
  std::rotate(found, found + 1, kept_.end());
  return kept_.back().second;
}

std::shared_ptr<const clv_model> loaded_models::of(
    const std::string& bytes, const std::function<std::shared_ptr<const clv_model>()>& load) {
  if (auto found = find(bytes)) return found;
  auto model = load();
  if (bytes.size() > longest) return model;
  const std::lock_guard lock(mutex_);
  kept_.emplace_back(bytes, model);
  if (kept_.size() > most_kept) kept_.pop_front();
  return model;
}

}  // namespace clvd
