// a store of an earlier schema -> a checked copy of it, then the steps it lacks.
#include <memory>

#include "clv/store.hpp"
#include "data/report_tables.hpp"
#include "engine/core.hpp"
#include "engine/verified_copy.hpp"

namespace clv {
namespace {

using store::migrations;

std::int64_t version_of(const std::string& path) {
  return store::open_to_inspect(path, "store '" + path + "'")->integer("PRAGMA user_version");
}

class migrate_work {
 public:
  migrate_work(const std::string& path, std::string copy, std::shared_ptr<outcome> result)
      : result_(std::move(result)), version_(version_of(path)) {
    const auto newest = static_cast<std::size_t>(migrations().back().version);
    const auto found = static_cast<std::size_t>(version_);
    // Opened with the steps it has: the writer's lock is held, and nothing is upgraded yet.
    store_.emplace(store::database_options{.path = path}, migrations().first(found));
    if (found == newest) return;
    if (copy.empty()) copy = path + ".before-" + std::to_string(newest);
    copy_.emplace(std::move(copy));
  }

  double copy() {
    if (!copy_) return 1.0;
    if (!reader_) reader_ = store::open_to_inspect(store_->path(), store_->sql().label());
    const double done = copy_->copy(*reader_);
    if (done >= 1.0) reader_.reset();
    return done;
  }
  double check() { return copy_ ? copy_->check(result_->cancelled) : 1.0; }
  double hash() { return copy_ ? copy_->hash() : 1.0; }
  double publish() { return copy_ ? copy_->publish() : 1.0; }
  double migrate();
  void abandon() {
    reader_.reset();
    if (copy_) copy_->abandon();
  }

 private:
  std::shared_ptr<outcome> result_;
  std::int64_t version_;  // before
  std::size_t applied_ = 0;
  std::optional<store::database> store_;
  std::unique_ptr<store::connection> reader_;
  std::optional<detail::verified_copy> copy_;
};

double migrate_work::migrate() {
  const auto all = migrations();
  ++applied_;
  store::migrate(store_->sql(), all.first(applied_));
  if (applied_ < all.size()) {
    return static_cast<double>(applied_) / static_cast<double>(all.size());
  }
  report_writer out({{"step", type::i64}, {"status", type::utf8}});
  for (const store::migration& m : all) {
    out.row(m.version, m.version > version_ ? "applied" : "there");
  }
  result_->tables[""] = out.sealed("migrate");
  if (copy_) {
    result_->tables["copy"] = copy_->facts();
    result_->notes.push_back({.code = status::ok,
                              .level = log_level::info,
                              .message = "the store of before is at '" + copy_->path() + "'"});
  }
  store_.reset();
  return 1.0;
}

}  // namespace

job migrate_store(std::string path, std::string copy) {
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<migrate_work>(path, std::move(copy), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("copy", work, &migrate_work::copy));
  phases.push_back(detail::phase_of("check", work, &migrate_work::check));
  phases.push_back(detail::phase_of("hash", work, &migrate_work::hash));
  phases.push_back(detail::phase_of("publish", work, &migrate_work::publish));
  phases.push_back(detail::phase_of("migrate", work, &migrate_work::migrate));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
