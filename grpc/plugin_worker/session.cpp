#include "session.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include "sandbox.hpp"
#include "session_names.hpp"

namespace clv::worker {
namespace {

struct free_diag {
  void operator()(clv_diag* d) const { clv_diag_free(d); }
};
struct free_result {
  void operator()(clv_result* r) const { clv_result_free(r); }
};
struct free_job {
  void operator()(clv_job* j) const { clv_job_free(j); }
};
using diag_ptr = std::unique_ptr<clv_diag, free_diag>;
using result_ptr = std::unique_ptr<clv_result, free_result>;
using job_ptr = std::unique_ptr<clv_job, free_job>;

void push_text(owned_table::column& to, const char* text) {
  text == nullptr ? to.push_absent() : to.push(std::string_view(text));
}

// Everything libclv said, entry by entry.
owned_table notes_of(const clv_diag* diag) {
  owned_table t;
  auto& status = t.add("status", CLV_T_I64);
  auto& level = t.add("level", CLV_T_I64);
  auto& row = t.add("row", CLV_T_I64);
  auto& column = t.add("column", CLV_T_UTF8);
  auto& text = t.add("message", CLV_T_UTF8);
  auto& hint = t.add("hint", CLV_T_UTF8);
  for (std::int64_t i = 0; i < clv_diag_count(diag); ++i) {
    auto e = CLV_SIZED(clv_diag_entry);
    if (clv_diag_get(diag, i, &e) != CLV_OK) break;
    status.push(std::int64_t{e.status});
    level.push(std::int64_t{e.level});
    row.push(e.row);
    push_text(column, e.column);
    push_text(text, e.message);
    push_text(hint, e.hint);
  }
  return t;
}

// Writes what does not fit as a failure instead: the other side chose the room for it.
void write_answer(const clv_batch* table, const clv_diag* diag, int output, frame& reply) {
  const std::size_t room = size_of(output);
  owned_table notes = notes_of(diag);
  const clv_batch& said = notes.batch();
  const std::size_t first = table == nullptr ? 0 : encoded_size(*table);
  const std::size_t second = encoded_size(said);
  if (second > room || first > room - second) {
    reply.status = CLV_E_LIMIT;
    return;
  }
  const mapping to(output, first + second, true);
  if (table != nullptr) encode(*table, to.bytes());
  encode(said, to.bytes().subspan(first));
  reply.first_size = first;
  reply.second_size = second;
}

std::uint64_t amount(const clv_batch& setup, const char* name) {
  const clv_column* c = find(setup, name);
  if (c == nullptr || c->type != CLV_T_I64 || setup.n_rows != 1 || !present(*c, 0)) return 0;
  return static_cast<std::uint64_t>(integer_at(*c, 0));
}

mapping input_of(const parcel& request) {
  return mapping(request.files[0].get(), request.head.first_size, false);
}

}  // namespace

session::~session() {
  clv_plugins_free(plugins_);
}

int session::serve() {
  while (const auto request = receive_frame(socket_)) {
    if (!send_frame(socket_, answer(*request))) break;
  }
  return 0;
}

frame session::answer(const parcel& request) {
  const frame& asked = request.head;
  frame reply{
      .kind = static_cast<std::uint16_t>(asked.kind | static_cast<std::uint16_t>(message::reply)),
      .call = asked.call};
  switch (static_cast<message>(asked.kind)) {
    case message::start:
      start(request, reply);
      break;
    case message::propose:
      propose(request, reply);
      break;
    case message::ping:
      break;
    default:
      throw std::runtime_error("a request of kind " + std::to_string(asked.kind) + " is not known");
  }
  return reply;
}

clv_status session::load(const clv_batch& setup, const frame& request, clv_diag* diag) {
  const std::string path = text_of(setup, setup_column::path, 0);
  const std::string config = text_of(setup, setup_column::config, 0);
  const std::string grant = text_of(setup, setup_column::grant, 0);
  const clv_column* granted = find(setup, setup_column::grant);
  auto options = CLV_SIZED(clv_plugin_options);
  options.config_json = config.c_str();
  options.grant = granted != nullptr && present(*granted, 0) ? grant.c_str() : nullptr;
  options.now_us = request.now_us;
  options.seed = request.seed;
  const clv_status made = clv_plugins_new(&plugins_, diag);
  return made < 0 ? made : clv_plugins_load(plugins_, &options, path.c_str(), diag);
}

void session::start(const parcel& request, frame& reply) {
  if (plugins_ != nullptr) throw std::runtime_error("a second start");
  const mapping input = input_of(request);
  const table_view setup(input.bytes());
  if (setup.rows() != 1) throw std::runtime_error("a start without its one row");
  limit_resources({.memory_bytes = amount(setup.batch(), setup_column::memory_bytes),
                   .cpu_seconds = amount(setup.batch(), setup_column::cpu_seconds)});
  forbid_reaching_out();
  const diag_ptr diag(clv_diag_new());
  reply.status = load(setup.batch(), request.head, diag.get());
  clv_result* list = nullptr;
  if (reply.status >= 0) reply.status = clv_plugins_list(plugins_, &list, diag.get());
  const result_ptr owned(list);
  allow_only_computing(socket_);
  auto table = CLV_SIZED(clv_batch);
  const bool good = list != nullptr && clv_result_batch(list, &table, nullptr) == CLV_OK;
  write_answer(good ? &table : nullptr, diag.get(), request.files[1].get(), reply);
}

clv_status session::run(const clv_batch& candidates, clv_diag* diag, clv_result** out) {
  clv_job* begun = nullptr;
  clv_status status = clv_propose_begin(plugins_, nullptr, &candidates, &begun, diag);
  const job_ptr job(begun);
  if (status >= 0) status = clv_job_step(begun, 0, diag);
  return status < 0 ? status : clv_job_take_result(begun, nullptr, out, diag);
}

void session::propose(const parcel& request, frame& reply) {
  if (plugins_ == nullptr) throw std::runtime_error("a run before a start");
  const mapping input = input_of(request);
  const table_view candidates(input.bytes());
  const diag_ptr diag(clv_diag_new());
  const frame& asked = request.head;
  if ((asked.flags & fresh_instance) == 0) {
    reply.status = clv_plugins_renew(plugins_, asked.now_us, asked.seed, diag.get());
    if (reply.status < 0) reply.flags |= renew_failed;
  }
  clv_result* proposals = nullptr;
  if (reply.status >= 0) reply.status = run(candidates.batch(), diag.get(), &proposals);
  const result_ptr owned(proposals);
  auto table = CLV_SIZED(clv_batch);
  const bool good = proposals != nullptr && clv_result_batch(proposals, &table, nullptr) == CLV_OK;
  write_answer(good ? &table : nullptr, diag.get(), request.files[1].get(), reply);
}

}  // namespace clv::worker
