#include "plugins/trusted.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "calls/handles.hpp"
#include "plugins/digest.hpp"
#include "plugins/text.hpp"

namespace clvd::plugins {
namespace {

void must(clv_status status, const diag_ptr& diag) {
  if (status < 0) throw plugin_failure(fault::failed, printable(clv_diag_text(diag.get())));
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

class local_answer final : public home_answer {
 public:
  local_answer(result_ptr table, const clv_diag* diag, const std::string& id)
      : table_(std::move(table)) {
    clv_result_batch(table_.get(), &batch_, nullptr);
    for (std::int64_t i = 0; i < clv_diag_count(diag); ++i) {
      auto e = CLV_SIZED(clv_diag_entry);
      if (clv_diag_get(diag, i, &e) != CLV_OK) break;
      take_note({e.status, e.level, e.message == nullptr ? "" : e.message}, id, warnings);
    }
  }
  const clv_batch& proposals() const override { return batch_; }

 private:
  result_ptr table_;
  clv_batch batch_ = CLV_SIZED(clv_batch);
};

// The path of a sealed copy, kept open for the life of this process, one per digest. Rationale: the
// dynamic loader knows a library by the path it was loaded from, and never forgets; were a
// descriptor closed, the next file to get its number would be taken for the one before.
// isolated_plugin.every_sample_says_there_what_it_says_in_process fails without this.
std::string kept_path(clv::worker::descriptor file, const std::string& digest) {
  static std::mutex mutex;
  static std::map<std::string, clv::worker::descriptor> kept;
  const std::scoped_lock held(mutex);
  const auto at = kept.try_emplace(digest, std::move(file)).first;
  return "/proc/self/fd/" + std::to_string(at->second.get());
}

// In slices, so that a deadline and a cancelled call are noticed between blocks of rows.
void finish(clv_job* job, const patience& until, const ticks& clock, const diag_ptr& diag) {
  constexpr std::uint32_t slice_ms = 20;
  clv_status status = CLV_MORE;
  while (status == CLV_MORE) {
    if (until.is_cancelled()) throw plugin_failure(fault::cancelled, "the call was cancelled");
    if (clock.now() >= until.deadline) {
      throw plugin_failure(fault::timeout, "it did not finish in time");
    }
    status = clv_job_step(job, slice_ms, diag.get());
  }
  must(status, diag);
}

}  // namespace

trusted_home::trusted_home(trusted_setup setup, const ticks& clock)
    : setup_(std::move(setup)), clock_(clock) {}

trusted_home::~trusted_home() = default;

void trusted_home::open_listed_file() {
  std::string digest;
  clv::worker::descriptor copy;
  try {
    copy = sealed_copy(setup_.path, digest);
  } catch (const std::exception& e) {
    throw plugin_failure(fault::failed, e.what());
  }
  const auto listed = [&](const std::string& entry) { return lower(entry) == digest; };
  if (std::ranges::any_of(setup_.sha256, listed)) {
    file_ = kept_path(std::move(copy), digest);
    return;
  }
  throw plugin_failure(
      fault::failed,
      "'" + setup_.path + "' has the SHA-256 " + digest +
          ", which is not on the list of trusted files: list it, or run it isolated");
}

description trusted_home::start(const patience&) {
  if (file_.empty()) open_listed_file();
  const diag_ptr diag(clv_diag_new());
  clv_plugins* made = nullptr;
  must(clv_plugins_new(&made, diag.get()), diag);
  plugins_.reset(made);
  auto options = CLV_SIZED(clv_plugin_options);
  options.config_json = setup_.config_json.empty() ? nullptr : setup_.config_json.c_str();
  options.grant = setup_.grant.empty() ? nullptr : setup_.grant.c_str();
  clv_result* list = nullptr;
  try {
    must(clv_plugins_load(made, &options, file_.c_str(), diag.get()), diag);
    must(clv_plugins_list(made, &list, diag.get()), diag);
  } catch (const plugin_failure&) {
    plugins_.reset();
    throw;
  }
  const result_ptr owned(list);
  const auto cell = [&](const char* name) {
    const char* text = clv_result_text(list, clv_result_find(list, name), 0, nullptr);
    return std::string(text == nullptr ? "" : text);
  };
  id_ = cell("id");
  description found{.id = id_,
                    .name = cell("name"),
                    .version = cell("version"),
                    .vendor = cell("vendor"),
                    .licence = cell("licence"),
                    .summary = cell("summary"),
                    .reads = split(cell("reads")),
                    .actions = split(cell("actions"))};
  try {
    require_actions(found, cell("capabilities"));
  } catch (const plugin_failure&) {
    plugins_.reset();
    throw;
  }
  return found;
}

std::unique_ptr<home_answer> trusted_home::propose(const run_input& input) {
  const diag_ptr diag(clv_diag_new());
  const clv_status renewed =
      clv_plugins_renew(plugins_.get(), input.now_us, input.seed, diag.get());
  if (renewed < 0) plugins_.reset();  // the set is empty now
  must(renewed, diag);
  clv_job* begun = nullptr;
  must(clv_propose_begin(plugins_.get(), nullptr, &input.columns, &begun, diag.get()), diag);
  const job_ptr job(begun);
  finish(begun, input.until, clock_, diag);
  clv_result* table = nullptr;
  must(clv_job_take_result(begun, nullptr, &table, diag.get()), diag);
  return std::make_unique<local_answer>(result_ptr(table), diag.get(), id_);
}

}  // namespace clvd::plugins
