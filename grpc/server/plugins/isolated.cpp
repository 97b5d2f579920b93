#include "plugins/isolated.hpp"

#include <stdexcept>
#include <utility>

#include "plugins/text.hpp"
#include "session_names.hpp"

namespace clvd::plugins {
namespace {

using namespace clv::worker;

class worker_answer final : public home_answer {
 public:
  worker_answer(worker_reply reply, const std::string& id)
      : reply_(std::move(reply)), table_(reply_.table()) {
    const table_view notes(reply_.notes());
    const clv_column* status = number_column(notes, "status");
    const clv_column* level = number_column(notes, "level");
    for (std::int64_t i = 0; i < notes.rows(); ++i) {
      take_note({.status = static_cast<clv_status>(integer_at(*status, i)),
                 .level = static_cast<clv_log_level>(integer_at(*level, i)),
                 .message = text_of(notes.batch(), "message", i)},
                id,
                warnings);
    }
  }
  const clv_batch& proposals() const override { return table_.batch(); }

 private:
  worker_reply reply_;
  table_view table_;

  static const clv_column* number_column(const table_view& notes, const char* name) {
    const clv_column* c = find(notes.batch(), name);
    if (c == nullptr || c->type != CLV_T_I64) throw std::runtime_error("its notes lack a column");
    return c;
  }
};

// The first error among what libclv said in there, else a sentence of our own.
std::string failure_in(const worker_reply& reply, const char* otherwise) {
  const table_view notes(reply.notes());
  const clv_column* status = find(notes.batch(), "status");
  if (status == nullptr || status->type != CLV_T_I64) return otherwise;
  for (std::int64_t i = 0; i < notes.rows(); ++i) {
    if (!present(*status, i) || integer_at(*status, i) >= 0) continue;
    const std::string text = text_of(notes.batch(), "message", i);
    if (!text.empty()) return printable(text);
  }
  return otherwise;
}

description describe(const worker_reply& reply) {
  const table_view list(reply.table());
  if (list.rows() != 1) throw std::runtime_error("it does not say what it is");
  const auto cell = [&](const char* name) { return printable(text_of(list.batch(), name, 0)); };
  return {.id = cell("id"),
          .name = cell("name"),
          .version = cell("version"),
          .vendor = cell("vendor"),
          .licence = cell("licence"),
          .summary = cell("summary"),
          .reads = split(text_of(list.batch(), "reads", 0)),
          .actions = split(text_of(list.batch(), "actions", 0))};
}

std::string capabilities_of(const worker_reply& reply) {
  const table_view list(reply.table());
  return printable(text_of(list.batch(), "capabilities", 0));
}

}  // namespace

isolated_home::isolated_home(isolated_setup setup, spawner& starter, const ticks& clock)
    : setup_(std::move(setup)), starter_(starter), clock_(clock) {}

int isolated_home::pid_for_tests() const {
  return worker_ == nullptr ? 0 : worker_->pid();
}

home_usage isolated_home::usage() const {
  return worker_ == nullptr ? home_usage{} : worker_->usage();
}

void isolated_home::check(const patience& until) {
  if (worker_ == nullptr) return;
  try {
    worker_->ping(until);
  } catch (const plugin_failure&) {
    worker_.reset();
    throw;
  }
}

description isolated_home::start(const patience& until) {
  return load(0, 0, until);
}

description isolated_home::load(std::int64_t now_us, std::uint64_t seed, const patience& until) {
  worker_ = std::make_unique<worker>(starter_, setup_.host_program, clock_);
  owned_table t;
  t.add(setup_column::path, CLV_T_UTF8).push(std::string_view(setup_.path));
  t.add(setup_column::config, CLV_T_UTF8)
      .push(std::string_view(setup_.config_json.empty() ? "{}" : setup_.config_json));
  auto& grant = t.add(setup_column::grant, CLV_T_UTF8);
  setup_.grant.empty() ? grant.push_absent() : grant.push(std::string_view(setup_.grant));
  t.add(setup_column::memory_bytes, CLV_T_I64).push(static_cast<std::int64_t>(setup_.memory_bytes));
  t.add(setup_column::cpu_seconds, CLV_T_I64).push(static_cast<std::int64_t>(setup_.cpu_seconds));
  try {
    const worker_reply reply = worker_->ask(
        {.kind = static_cast<std::uint16_t>(message::start), .now_us = now_us, .seed = seed},
        t.batch(),
        until);
    if (reply.head().status < 0) {
      throw plugin_failure(fault::failed, failure_in(reply, "it could not be loaded"));
    }
    description found = describe(reply);
    require_actions(found, capabilities_of(reply));
    id_ = found.id;
    return found;
  } catch (const plugin_failure&) {
    worker_.reset();
    throw;
  } catch (const std::exception& e) {
    worker_.reset();
    throw plugin_failure(fault::failed, std::string("its process answered nonsense: ") + e.what());
  }
}

worker_reply isolated_home::run(const run_input& input, bool fresh) {
  return worker_->ask({.kind = static_cast<std::uint16_t>(message::propose),
                       .now_us = input.now_us,
                       .seed = input.seed,
                       .flags = fresh ? fresh_instance : 0U},
                      input.columns,
                      input.until);
}

// A plugin that cannot make a second instance in a closed process gets a new process for each run.
std::unique_ptr<home_answer> isolated_home::propose(const run_input& input) {
  try {
    if (!renews_) load(input.now_us, input.seed, input.until);
    worker_reply reply = run(input, !renews_);
    if ((reply.head().flags & renew_failed) != 0 && renews_) {
      load(input.now_us, input.seed, input.until);
      renews_ = false;
      reply = run(input, true);
    }
    if (reply.head().status < 0) {
      throw plugin_failure(fault::failed, failure_in(reply, "its answer did not fit"));
    }
    return std::make_unique<worker_answer>(std::move(reply), id_);
  } catch (const plugin_failure& e) {
    if (e.what_kind != fault::failed) worker_.reset();
    throw;
  } catch (const std::exception& e) {
    worker_.reset();
    throw plugin_failure(fault::failed, std::string("its process answered nonsense: ") + e.what());
  }
}

}  // namespace clvd::plugins
