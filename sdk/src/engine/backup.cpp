// the store as committed now -> a copy that was read to the last byte, and its manifest.
#include "engine/core.hpp"
#include "engine/verified_copy.hpp"

namespace clv {
namespace detail {
namespace {

class backup_work {
 public:
  backup_work(std::shared_ptr<core> owner, std::string path, std::shared_ptr<outcome> result)
      : owner_(std::move(owner)), copy_(std::move(path)), result_(std::move(result)) {
    if (owner_->store.path().empty()) held_.emplace(owner_);
  }

  double copy();
  double check() { return copy_.check(result_->cancelled); }
  double hash() { return copy_.hash(); }
  double publish() {
    copy_.publish();
    result_->tables[""] = copy_.facts();
    return 1.0;
  }
  void abandon() { copy_.abandon(); }

 private:
  std::shared_ptr<core> owner_;
  // A store in memory has the one connection, which its other verbs would change meanwhile.
  std::optional<lease> held_;
  std::unique_ptr<store::connection> reader_;
  verified_copy copy_;
  std::shared_ptr<outcome> result_;
};

// Through a connection of its own: the engine's verbs, and other processes, write on meanwhile.
double backup_work::copy() {
  const std::string& path = owner_->store.path();
  if (!held_ && !reader_) {
    reader_ = store::open_to_inspect(path, owner_->sql().label());
  }
  const double done = copy_.copy(held_ ? owner_->sql() : *reader_);
  if (done >= 1.0) reader_.reset();
  return done;
}

}  // namespace
}  // namespace detail

job engine::backup(std::string path) {
  using detail::backup_work;
  detail::require_sqlite(*impl_->core, "backup");
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<backup_work>(impl_->core, std::move(path), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("copy", work, &backup_work::copy));
  phases.push_back(detail::phase_of("check", work, &backup_work::check));
  phases.push_back(detail::phase_of("hash", work, &backup_work::hash));
  phases.push_back(detail::phase_of("publish", work, &backup_work::publish));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
