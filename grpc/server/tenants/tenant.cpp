#include "tenants/tenant.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <utility>

#include "calls/errors.hpp"
#include "calls/model_json.hpp"
#include "calls/pool.hpp"
#include "calls/results.hpp"
#include "clv_service.h"
#include "ops/server_state.hpp"
#include "tenants/checkpoint.hpp"

namespace clvd {
namespace {

constexpr std::size_t idle_readers = 4;
constexpr std::size_t kept_tables = 16;
constexpr std::size_t kept_models = 32;
constexpr std::chrono::minutes proposals_stay{10};

// What verbs write, and no batch of facts changes.
constexpr std::array derived_tables{"summary",
                                    "parameters",
                                    "scores",
                                    "segments",
                                    "proposals",
                                    "decisions",
                                    "refusals",
                                    "budget",
                                    "resources",
                                    "decision_log",
                                    "models",
                                    "aliases"};

bool is_retired(const clv_result& models, std::int64_t row) {
  return number_at(models, "retired", row) == 1;
}

bool is_number(const std::string& name) {
  return !name.empty() && name[0] >= '0' && name[0] <= '9';
}

// A model has one number and one spelling of it; an alias has at most 64 bytes.
void check_spelling(const std::string& name) {
  constexpr std::size_t longest = 64;
  if (name.size() <= longest && name[0] != '0') return;
  throw call_error(grpc::StatusCode::NOT_FOUND, "MODEL_UNKNOWN", "there is no such model");
}

// The number that a name stands for now: an alias's model, or of "" that of alias "production" and
// else the latest that is not retired. A name that stands for nothing stays as it is.
std::string model_number(clv_engine* engine, const std::string& name) {
  if (is_number(name)) return name;
  const result_ptr aliases = stored_table(engine, "aliases");
  for (std::int64_t row = 0; row < clv_result_rows(aliases.get()); ++row) {
    const std::string alias = text_at(*aliases, "alias", row);
    if (alias == (name.empty() ? "production" : name)) return text_at(*aliases, "model", row);
  }
  if (!name.empty()) return name;
  const result_ptr models = stored_table(engine, "models");
  for (std::int64_t row = clv_result_rows(models.get()); row-- > 0;) {
    if (!is_retired(*models, row)) return text_at(*models, "name", row);
  }
  return name;
}

bool is_retired(clv_engine* engine, const std::string& number) {
  const result_ptr models = stored_table(engine, "models");
  for (std::int64_t row = 0; row < clv_result_rows(models.get()); ++row) {
    if (text_at(*models, "name", row) == number) return is_retired(*models, row);
  }
  return false;
}

// By its number: an alias may name another one from one moment to the next.
std::shared_ptr<served_model> read_model(clv_engine* engine, const std::string& name) {
  const std::string number = model_number(engine, name);
  const diag_ptr diag(clv_diag_new());
  clv_model* found = nullptr;
  check(clv_engine_model(engine, number.c_str(), &found, diag.get()), diag.get());
  auto served = std::make_shared<served_model>();
  served->model.reset(found);
  if (!is_number(number)) return nullptr;  // it became a name meanwhile
  served->name = number;
  served->retired = is_number(name) && is_retired(engine, number);
  const model_words words = words_of(saved_model(*found));
  served->currency = words.currency;
  served->unit = words.unit;
  served->time_zone = words.time_zone;
  return served;
}

bool is_connected(clv_engine& engine) {
  std::int64_t ignored = 0;
  return clv_engine_sequence(&engine, "is it connected", &ignored, nullptr) == CLV_OK;
}

double size_of(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? static_cast<double>(found.st_size) : 0;
}

}  // namespace

tenant::tenant(tenant_options o, metrics& m, server_state& server)
    : options_(std::move(o)),
      server_(server),
      registry_(std::make_unique<registry>(options_.registry)),
      writer_(std::make_unique<writer>(open(0), options_.limits, m, server, again())) {}

// A database hangs up and is there again; a file that failed is not trusted by opening it anew, and
// its lock would be free meanwhile.
std::function<engine_ptr()> tenant::again() const {
  if (options_.storage == nullptr) return {};
  return [this] { return open(0); };
}

tenant::~tenant() = default;

engine_ptr tenant::open(std::uint32_t flags) const {
  const diag_ptr diag(clv_diag_new());
  auto options = CLV_SIZED(clv_engine_options);
  options.path = options_.store.c_str();
  options.flags = flags | CLV_OPEN_ANY_AGE;
  options.storage = options_.storage;
  clv_engine* engine = nullptr;
  check(clv_engine_open(&options, &engine, diag.get()), diag.get());
  return engine_ptr(engine);
}

engine_ptr tenant::idle_reader() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  engine_ptr engine = std::move(idle_.back());
  idle_.pop_back();
  return engine;
}

reading tenant::read() {
  engine_ptr engine = idle_reader();
  if (options_.storage != nullptr) {
    const pool::pause waiting;  // for a network, perhaps
    while (engine && !is_connected(*engine)) engine = idle_reader();
    if (!engine) engine = open(CLV_OPEN_READ_ONLY);
  }
  if (!engine) engine = open(CLV_OPEN_READ_ONLY);
  const auto give_back = [this](engine_ptr used) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < idle_readers) idle_.push_back(std::move(used));
  };
  return {give_back, std::move(engine)};
}

std::shared_ptr<const cached_table> tenant::table(const std::string& name) {
  const bool derived =
      std::find(derived_tables.begin(), derived_tables.end(), name) != derived_tables.end();
  const writer::counts commits = writer_->commits();  // before reading: the rows may only be newer
  const std::uint64_t commit = commits.others + (derived ? 0 : commits.facts);
  {
    const std::lock_guard lock(mutex_);
    const auto kept = tables_.find(name);
    if (kept != tables_.end() && kept->second.commit == commit) return kept->second.rows;
  }
  const reading from = read();
  result_ptr owned = stored_table(from.engine(), name.c_str());
  const std::lock_guard lock(mutex_);
  kept_table& kept = tables_[name];
  // Most commits do not change this table: the old rows, with their index, stay.
  if (kept.rows == nullptr || kept.rows->fingerprint() != clv_result_fingerprint(owned.get())) {
    kept.rows = std::make_shared<const cached_table>(std::move(owned));
  }
  kept.commit = commit;
  auto answer = kept.rows;
  if (tables_.size() > kept_tables) tables_.erase(tables_.begin());
  return answer;
}

std::shared_ptr<const cached_table> tenant::table_at_hand(const std::string& name) {
  if (options_.storage == nullptr) return table(name);
  const std::lock_guard lock(mutex_);
  const auto kept = tables_.find(name);
  return kept == tables_.end() ? nullptr : kept->second.rows;
}

std::shared_ptr<const served_model> tenant::model(const std::string& name) {
  check_spelling(name);
  const std::uint64_t commit = writer_->commits().others;
  {
    const std::lock_guard lock(mutex_);
    if (models_commit_ == commit) {
      const auto kept = models_.find(name);
      if (kept != models_.end()) return kept->second;
    }
  }
  const reading from = read();
  std::shared_ptr<const served_model> served;
  while (served == nullptr) served = read_model(from.engine(), name);
  const std::lock_guard lock(mutex_);
  if (models_commit_ != commit || models_.size() >= kept_models) models_.clear();
  models_commit_ = commit;
  models_[name] = served;
  return served;
}

void tenant::adopt(clv_job* done,
                   const clv_answer* answer,
                   const std::function<void(clv_engine*)>& then) {
  server_.check_writable();
  writer_->run([done, answer, &then](clv_engine* engine) {
    const diag_ptr diag(clv_diag_new());
    auto options = CLV_SIZED(clv_run_options);
    options.answer = answer;
    clv_job* begun = nullptr;
    check(clv_engine_adopt_begin(engine, &options, done, &begun, diag.get()), diag.get());
    const job_ptr job(begun);
    check(clv_job_step(job.get(), 0, diag.get()), diag.get());
    if (then) then(engine);
  });
}

// What a reader sees is synced already.
std::int64_t tenant::durable_sequence(const std::string& key) {
  const reading from = read();
  const diag_ptr diag(clv_diag_new());
  std::int64_t durable = 0;
  check(clv_engine_sequence(from.engine(), key.c_str(), &durable, diag.get()), diag.get());
  return durable;
}

void tenant::keep_proposals(std::shared_ptr<kept_proposals> proposals) {
  const std::lock_guard lock(mutex_);
  proposals_ = std::move(proposals);
  proposals_used_ = std::chrono::steady_clock::now();
}

std::shared_ptr<kept_proposals> tenant::last_proposals() {
  const std::lock_guard lock(mutex_);
  proposals_used_ = std::chrono::steady_clock::now();
  return proposals_;
}

void tenant::drop_old_proposals(std::chrono::steady_clock::time_point now) {
  std::shared_ptr<kept_proposals> dropped;  // freed without the lock
  const std::lock_guard lock(mutex_);
  if (now - proposals_used_ >= proposals_stay) dropped.swap(proposals_);
}

tenant::disk_use tenant::disk() const {
  disk_use use;
  if (options_.storage == nullptr) {
    use.store = size_of(options_.store);
    use.wal = size_of(options_.store + "-wal");
  }
  struct statvfs file_system {};
  if (statvfs(options_.registry.c_str(), &file_system) == 0) {
    use.free =
        static_cast<double>(file_system.f_bavail) * static_cast<double>(file_system.f_frsize);
  }
  return use;
}

bool tenant::has_large_log() const {
  return disk().wal > static_cast<double>(server_.wal_alarm_bytes);
}

bool tenant::checkpoint() {
  return clvd::checkpoint(options_.store);
}

}  // namespace clvd
