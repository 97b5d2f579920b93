// What the process as a whole is doing, as AdminService, health and the watchdog see it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "calls/loaded_models.hpp"
#include "calls/open_streams.hpp"

namespace clvd {

class server_state {
 public:
  // Ready: data opened, models loaded, doors open. Read only: asked by AdminService.SetMode, or the
  // disk is full; writing calls then answer FAILED_PRECONDITION READ_ONLY or READ_ONLY_DISK_FULL.
  // Writers set disk_full; ops/disk_guard.hpp takes it back when there is room.
  std::atomic<bool> ready = false;
  std::atomic<bool> draining = false;
  std::atomic<bool> read_only = false;
  std::atomic<bool> disk_full = false;

  // A model whose data ended longer ago is not promoted; 0: any. Set before the doors open.
  std::int64_t max_model_age_us = 0;
  // A write-ahead log beyond this slows its senders down. Set before the stores are opened.
  std::atomic<std::int64_t> wal_alarm_bytes = std::int64_t{128} << 20;

  // Asked to end when the server drains: each with a last message, and OK. They also end when their
  // caller's credential does.
  open_streams streams;

  // Reloads what can be reloaded (tokens, certificates, log level, plugins' switches): SIGHUP and
  // AdminService.ReloadConfig. Set once before the doors open; returns what was reloaded in words.
  // Throws call_error: the old settings stay.
  std::function<std::string()> reload;
  // Makes each health name serve or not: set by the gRPC door.
  std::function<void(const std::string& name, bool serving)> set_health;

  // Throws call_error when nothing may be written now.
  void check_writable() const;
  // The same of what may be deleted: a full disk is no reason against it (ops/disk_guard.hpp).
  void check_deletable() const;

  // Models that scoring calls brought along.
  loaded_models models;
};

}  // namespace clvd
