#include "engine/verified_copy.hpp"

#include "data/report_tables.hpp"
#include "engine/decision_chain.hpp"

namespace clv::detail {
namespace {

constexpr int pages_at_once = 256;  // 1 MiB of the usual pages
constexpr std::size_t bytes_at_once = std::size_t{1} << 20U;

std::string name_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// Bytes 18 and 19 of the header say which kind of journal belongs to the file: 2 is a write-ahead
// log, which a reader must be able to create; 1 is none that is kept. SQLite file format, 1.3.3.
void say_without_log(store::new_file& file) {
  file.write_at(18, std::string_view("\1\1", 2));
}

}  // namespace

// ---- checked_file

checked_file::checked_file(const std::string& file, const std::string& label)
    : db_(store::open_to_inspect(file, label)) {}

double checked_file::step(const std::atomic<bool>* cancelled) {
  if (!checks_) {
    checks_.emplace(*db_, cancelled);
    add_decision_chain(*checks_, *db_);
  }
  const double done = checks_->step();
  if (done < 1.0) return done;
  const std::string damage = store::first_damage(checks_->lines());
  if (!damage.empty()) {
    throw error(status::corrupt,
                db_->label() + " is damaged: " + damage,
                "clv store check tells all that is damaged");
  }
  return 1.0;
}

// ---- verified_copy

verified_copy::verified_copy(std::string path) : path_(std::move(path)) {
  store::require_free(path_, true);
  store::require_free(store::manifest_path(path_), false);
}

double verified_copy::copy(store::connection& from) {
  if (!copying_) {
    file_.emplace(path_);
    copying_.emplace(from, file_->part(), "backup '" + path_ + "'");
  }
  const double done = copying_->step(pages_at_once);
  if (done < 1.0) return done;
  copying_.reset();
  say_without_log(*file_);
  return 1.0;
}

double verified_copy::check(const std::atomic<bool>* cancelled) {
  if (!checking_) checking_.emplace(file_->part(), "backup '" + path_ + "'");
  const double done = checking_->step(cancelled);
  if (done < 1.0) return done;
  manifest_.schema_version = checking_->db().integer("PRAGMA user_version");
  manifest_.tables = store::count_rows(checking_->db());
  checking_.reset();
  return 1.0;
}

double verified_copy::hash() {
  if (!reading_) reading_.emplace(file_->part());
  const std::string_view block = reading_->read(bytes_at_once);
  sha256_.add(block);
  manifest_.bytes += static_cast<std::int64_t>(block.size());
  if (!block.empty()) {
    return 0.999 * static_cast<double>(manifest_.bytes) / static_cast<double>(reading_->bytes());
  }
  reading_.reset();
  manifest_.sha256 = sha256_.hex();
  manifest_.file = name_of(path_);
  return 1.0;
}

// The manifest first: where there is a backup, there is all of it.
double verified_copy::publish() {
  store::new_file manifest(store::manifest_path(path_));
  manifest.append(store::to_json(manifest_));
  manifest.publish();
  try {
    file_->publish();
  } catch (...) {
    manifest.withdraw();
    throw;
  }
  file_.reset();
  return 1.0;
}

void verified_copy::abandon() {
  copying_.reset();
  checking_.reset();
  reading_.reset();
  file_.reset();
}

std::shared_ptr<const table> verified_copy::facts() const {
  return facts_of(path_, manifest_);
}

std::shared_ptr<const table> facts_of(const std::string& path, const store::backup_manifest& m) {
  report_writer out({{"path", type::utf8},
                     {"bytes", type::i64},
                     {"sha256", type::utf8},
                     {"schema_version", type::i64}});
  out.row(path, m.bytes, m.sha256, m.schema_version);
  return out.sealed("backup|" + m.sha256);
}

}  // namespace clv::detail
