// a backup and its manifest -> a store, whole or not at all.
#include <memory>

#include "clv/store.hpp"
#include "engine/core.hpp"
#include "engine/verified_copy.hpp"

namespace clv {
namespace {

constexpr std::size_t bytes_at_once = std::size_t{1} << 20U;

store::backup_manifest read_manifest(const std::string& backup) {
  const std::string path = store::manifest_path(backup);
  store::old_file file(path);
  const std::string json(file.read(bytes_at_once));
  const store::backup_manifest m = store::parse_manifest(json, path);
  const std::int64_t ours = store::migrations().back().version;
  if (m.schema_version <= ours) return m;
  throw error(status::state,
              "backup '" + backup + "' was written by a newer libclv: its schema is version " +
                  std::to_string(m.schema_version) + ", this libclv knows version " +
                  std::to_string(ours),
              "upgrade libclv");
}

class restore_work {
 public:
  restore_work(std::string backup, std::string path, std::shared_ptr<outcome> result)
      : backup_(std::move(backup)),
        path_(std::move(path)),
        label_("backup '" + backup_ + "'"),
        result_(std::move(result)) {
    store::require_free(path_, true);
    manifest_ = read_manifest(backup_);
    from_.emplace(backup_);
  }

  double copy();
  double check();
  double publish() {
    file_->publish();
    file_.reset();
    result_->tables[""] = detail::facts_of(path_, manifest_);
    return 1.0;
  }
  void abandon() {
    checking_.reset();
    from_.reset();
    file_.reset();
  }

 private:
  void compare(const std::string& what, const std::string& found, const std::string& told) const;
  void compare_rows();

  std::string backup_, path_, label_;
  std::shared_ptr<outcome> result_;
  store::backup_manifest manifest_;
  std::optional<store::old_file> from_;
  std::optional<store::new_file> file_;
  math::sha256 sha256_;
  std::int64_t bytes_ = 0;
  std::optional<detail::checked_file> checking_;
};

void restore_work::compare(const std::string& what,
                           const std::string& found,
                           const std::string& told) const {
  if (found == told) return;
  throw error(
      status::corrupt,
      label_ + " is not what its manifest says: " + what + " " + found + " instead of " + told,
      "take another backup; nothing was restored");
}

double restore_work::copy() {
  if (!file_) {
    compare("bytes", std::to_string(from_->bytes()), std::to_string(manifest_.bytes));
    file_.emplace(path_);
  }
  const std::string_view block = from_->read(bytes_at_once);
  sha256_.add(block);
  file_->append(block);
  bytes_ += static_cast<std::int64_t>(block.size());
  if (!block.empty()) {
    return 0.999 * static_cast<double>(bytes_) / static_cast<double>(manifest_.bytes + 1);
  }
  from_.reset();
  compare("sha256", sha256_.hex(), manifest_.sha256);
  return 1.0;
}

void restore_work::compare_rows() {
  const auto counts = store::count_rows(checking_->db());
  const auto told = [](const auto& all) {
    std::string text;
    for (const auto& [name, rows] : all) text += name + " " + std::to_string(rows) + ", ";
    return text;
  };
  compare("rows are", told(counts), told(manifest_.tables));
}

double restore_work::check() {
  if (!checking_) checking_.emplace(file_->part(), label_);
  const double done = checking_->step(result_->cancelled);
  if (done < 1.0) return done;
  const std::int64_t version = checking_->db().integer("PRAGMA user_version");
  compare("schema version", std::to_string(version), std::to_string(manifest_.schema_version));
  compare_rows();
  checking_.reset();
  return 1.0;
}

}  // namespace

job restore_store(std::string backup, std::string path) {
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<restore_work>(std::move(backup), std::move(path), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("copy", work, &restore_work::copy));
  phases.push_back(detail::phase_of("check", work, &restore_work::check));
  phases.push_back(detail::phase_of("publish", work, &restore_work::publish));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
