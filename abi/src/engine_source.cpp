// Transactions from a table of functions of the host's, called within a job's steps. As little is
// trusted as of a plugin: statuses, tables, text and exceptions are checked.
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "batch.hpp"
#include "engine_job.hpp"
#include "options.hpp"
#include "plugin_call.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

class foreign_source final : public row_source {
 public:
  explicit foreign_source(const clv_source& functions) : functions_(functions) {}
  ~foreign_source() override {
    if (!ours_ || functions_.release == nullptr) return;
    const saved_float_environment environment;
    guard(nullptr, [&] { functions_.release(functions_.ctx); });  // whatever it throws ends here
  }
  // From here on the host's source is released with this one.
  void take_over() { ours_ = true; }

  std::shared_ptr<const table> next(const room& require_room) override {
    clv_batch batch = CLV_SIZED(clv_batch);
    const clv_status given = ask(batch);
    if (given == CLV_END) return nullptr;
    if (given != CLV_OK) fail(given);
    if (batch.struct_size >= sizeof batch) {  // else read_batch says what is wrong with it
      if (batch.n_rows == 0) return std::make_shared<const table>();
      if (batch.n_rows > 0) require_room(batch.n_rows);
    }
    return read_batch(&batch, "source", "transactions");
  }

 private:
  clv_status ask(clv_batch& batch) {
    const call_outcome done = contained([&] { return functions_.next(functions_.ctx, &batch); });
    if (done.threw.empty()) return done.status;
    throw error(
        status::io, "the source " + done.threw, "a function that C calls returns a status instead");
  }

  [[noreturn]] void fail(clv_status given) {
    if (given > 0 || given < CLV_E_FULL) {
      throw error(status::io,
                  "the source returned " + std::to_string(given) + ", which `next` cannot mean",
                  "return CLV_OK with a batch, CLV_END, or a failure of clv_base.h");
    }
    const std::string why = reason();
    throw error(static_cast<status>(given),
                why.empty() ? "the source failed without a word" : "the source failed: " + why);
  }

  std::string reason() {
    std::string why;
    if (functions_.last_error == nullptr) return why;
    contained([&] {
      const char* text = functions_.last_error(functions_.ctx);
      if (text != nullptr) why = printable({text, ::strnlen(text, longest_said)}, longest_said);
      return clv_status{CLV_OK};
    });
    return why;
  }

  clv_source functions_;
  bool ours_ = false;
};

void begin_source(clv_engine* engine,
                  const clv_ingest_options* options,
                  const clv_source* source,
                  clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  ingest_options o = to_core(options);
  const clv_source functions = read_sized(required(source, "source"), "source");
  check_zero(functions.spare, "spare of a source");
  required(functions.next, "source->next");
  const auto rows = std::make_shared<foreign_source>(functions);
  // The job keeps it to its own end, also when the core is done with it.
  begin_on(
      engine, out, [&](auto& core) { return core.ingest(rows, std::move(o)); }, {.kept = rows});
  rows->take_over();
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_ingest_source_begin(clv_engine* engine,
                                          const clv_ingest_options* options,
                                          const clv_source* source,
                                          clv_job** out,
                                          clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_source(engine, options, source, out); });
}
