#include "plugin_host.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "clv/schema.hpp"
#include "guard.hpp"
#include "lent_batch.hpp"
#include "math/hash.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

constexpr std::size_t most_logs = 1000;  // per call; more are dropped

std::string bounded(const char* message) {
  if (message == nullptr) return {};
  return printable({message, ::strnlen(message, longest_said)}, longest_said);
}

std::string in_row(std::int64_t row) {
  return row < 0 ? std::string() : ", row " + std::to_string(row + 1);
}

// Points at something for as long as it is there, however the scope is left; whoever uses it on
// another thread holds the lock meanwhile.
template <typename T>
class pointing {
 public:
  pointing(const T*& pointer, const T& at, std::mutex& lock) : pointer_(pointer), lock_(lock) {
    point(&at);
  }
  ~pointing() { point(nullptr); }
  pointing(const pointing&) = delete;
  pointing& operator=(const pointing&) = delete;

 private:
  void point(const T* at) {
    const std::scoped_lock held(lock_);
    pointer_ = at;
  }
  const T*& pointer_;
  std::mutex& lock_;
};

// One create at a time in the process, as [create] promises: instances of one file may be made by
// sets of different threads.
constinit std::mutex one_create;

bool is_said(const issues& notes, const issue& note) {
  return std::ranges::any_of(notes, [&](const issue& said) {
    return said.column == note.column && said.plugin == note.plugin && said.message == note.message;
  });
}

}  // namespace

plugin::plugin(plugin_setup setup, std::shared_ptr<plugin_log> log)
    : setup_(std::move(setup)),
      id_(setup_.entry->id),
      log_(std::move(log)),
      host_({.struct_size = 0,
             .abi = 0,
             .ctx = this,
             .log = on_log,
             .now_us = on_now,
             .random = on_random,
             .cancelled = on_cancelled,
             .fail = on_fail,
             .get_service = on_get_service},
            setup_.abi) {
  set_sources(setup_.says.reads);
  for (const std::string& name : setup_.says.features) {
    feature_columns_.push_back("feature." + name);
  }
  for (const std::string& name : setup_.says.reads) {
    if (!is_feature(name)) reads_of_compute_.push_back(name);
  }
  const call_outcome made = contained([&] {
    const std::scoped_lock held(one_create);
    return setup_.entry->create(host_.get(), setup_.config.c_str(), &instance_);
  });
  if (made.status >= 0) return;
  throw error(issue{.code = status::plugin,
                    .message = "plugin " + id_ + " made no instance: " + failure_of(made, "create"),
                    .hint = "check its configuration",
                    .plugin = id_});
}

plugin::~plugin() {
  // Guarded once more: even keeping the words of what destroy throws may run out of memory.
  guard(nullptr, [&] {
    contained([&] {
      setup_.entry->destroy(instance_);
      return CLV_OK;
    });
  });
}

void plugin::set_sources(const std::vector<std::string>& columns) {
  sources_.clear();
  for (const std::string& name : columns) sources_ += (sources_.empty() ? "" : ",") + name;
}

void plugin::watch(const std::atomic<bool>* cancelled) noexcept {
  const std::scoped_lock held(watch_lock_);
  cancelled_ = cancelled;
  interrupted_ = false;
}

bool plugin::asked_to_stop() const noexcept {
  const std::scoped_lock held(watch_lock_);
  return cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed);
}

issues plugin::take_logs() {
  const std::scoped_lock held(log_lock_);
  return std::exchange(logs_, {});
}

std::string plugin::failure_of(const call_outcome& called, const char* function) const {
  if (!called.threw.empty()) return std::string(function) + " " + called.threw;
  if (!said_.empty()) return said_;
  return std::string(function) + " returned status " + std::to_string(called.status) +
         " without saying why";
}

issue plugin::failure(const std::string& why, std::int64_t row, const char* remedy) const {
  return {.code = status::plugin,
          .row = row,
          .message = "plugin " + id_ + in_row(row) + ": " + why,
          .hint = remedy,
          .plugin = id_};
}

// A model without a spend part scores without `clv`, and a plugin may do without it. `notes` are
// those of the run so far: it is said once, however many blocks and steps the run takes.
void plugin::note_missing_columns(const table& customers,
                                  const std::vector<std::string>& reads,
                                  issues& notes) const {
  for (const std::string& name : reads) {
    if (customers.find(name) != nullptr) continue;
    // Scores come from a model that may lack a part; what the host knows beside them is its choice.
    const bool own = find_schema("scores").fields.end() ==
                     std::ranges::find(find_schema("scores").fields, name, &field::name);
    const std::string why =
        is_feature(name) ? "', which no loaded plugin computes" : "', which the scores do not have";
    issue note{
        .code = status::ok,
        .level = own ? log_level::info : log_level::warn,
        .column = name,
        .message = "plugin " + id_ + " reads column '" + name + why + ": every row of it is absent",
        .hint = {},
        .plugin = id_};
    if (!is_said(notes, note)) notes.push_back(std::move(note));
  }
}

void plugin::note_refusals(const block& rows, const refusals& refused, issues& notes) const {
  const issue& why = refused.first();
  const std::int64_t row = why.row < 0 ? -1 : why.row + static_cast<std::int64_t>(rows.first);
  const std::string what = refused.of_what();
  notes.push_back({.code = why.code,
                   .level = log_level::warn,
                   .row = row,
                   .message = "plugin " + id_ + in_row(row) + ": " + why.message + " (" +
                              std::to_string(refused.count()) + " " + what + " refused)",
                   .hint = "its other " + what + " are kept",
                   .plugin = id_});
}

call_outcome plugin::call(const block& rows, const capability_call& what) {
  const lent_batch lent(rows.customers, what.reads, rows.first, rows.last);
  said_.clear();
  said_row_ = -1;
  const pointing<block> reading(now_reading_, rows, watch_lock_);
  call_outcome called = contained([&] { return what.run(lent.get()); });
  if (what.refused.out_of_memory()) throw std::bad_alloc();
  return called;
}

std::optional<issue> plugin::ask(const block& rows, const capability_call& what, issues& notes) {
  if (!quarantined_.empty()) {
    return failure("it is not asked any more since it failed: " + quarantined_, -1, what.remedy);
  }
  note_missing_columns(rows.customers, what.reads, notes);
  const call_outcome called = call(rows, what);
  if (what.refused.count() > 0) {
    const issue& why = what.refused.first();
    if (!called.failed()) {
      note_refusals(rows, what.refused, notes);
    } else if (said_.empty()) {  // then one sentence tells it all
      said_ = why.message, said_row_ = why.row;
    }
  }
  for (issue& log : take_logs()) notes.push_back(std::move(log));
  interrupted_ = called.status == CLV_E_CANCELLED && asked_to_stop();
  if (interrupted_ || called.status >= 0) return std::nullopt;
  const bool about_row = said_row_ >= 0 && said_row_ < rows.rows();
  quarantined_ = failure_of(called, what.function);
  return failure(quarantined_,
                 about_row ? said_row_ + static_cast<std::int64_t>(rows.first) : -1,
                 what.remedy);
}

// The same for the same (seed, plugin, customer, stream), wherever the customer stands in the
// table; without ids the row takes the customer's place.
std::uint64_t plugin::random(std::int64_t row, std::uint32_t stream) const {
  const std::scoped_lock held(watch_lock_);
  const block* rows = now_reading_;
  std::string key = std::to_string(setup_.seed) + '\n' + id_ + '\n' + std::to_string(stream) + '\n';
  if (rows != nullptr && row >= 0 && row < static_cast<std::int64_t>(rows->last - rows->first)) {
    const std::size_t at = rows->first + static_cast<std::size_t>(row);
    const column* ids = rows->customers.find("customer");
    if (ids != nullptr && ids->kind() == type::utf8 && ids->present(at)) {
      key += "id\n" + std::string(ids->text(at));
    } else {
      key += "row\n" + std::to_string(at);
    }
  }
  return math::hash64(key);
}

void plugin::on_log(void* ctx, clv_log_level level, const char* message) {
  auto& self = *static_cast<plugin*>(ctx);
  guard(nullptr, [&] {
    const auto known =
        std::clamp(level, clv_log_level{CLV_LOG_DEBUG}, clv_log_level{CLV_LOG_ERROR});
    issue said{.code = status::ok,
               .level = static_cast<log_level>(known),
               .message = bounded(message),
               .plugin = self.id_};
    self.log_->add(said);
    const std::scoped_lock held(self.log_lock_);
    if (self.logs_.size() < most_logs) self.logs_.push_back(std::move(said));
  });
}

std::int64_t plugin::on_now(void* ctx) {
  return static_cast<plugin*>(ctx)->setup_.now_us;
}

std::uint64_t plugin::on_random(void* ctx, std::int64_t row, std::uint32_t stream) {
  return guard_or<std::uint64_t>(0, [&] { return static_cast<plugin*>(ctx)->random(row, stream); });
}

std::int32_t plugin::on_cancelled(void* ctx) {
  return static_cast<const plugin*>(ctx)->asked_to_stop() ? 1 : 0;
}

void plugin::on_fail(void* ctx, std::int64_t row, const char* message) {
  auto& self = *static_cast<plugin*>(ctx);
  guard(nullptr, [&] {
    self.said_ = bounded(message);
    self.said_row_ = row;
  });
}

// ABI 1.0 has no further tables.
const void* plugin::on_get_service(void*, const char*) {
  return nullptr;
}

}  // namespace clv::abi
