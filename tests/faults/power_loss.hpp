// What a disk may hold after the power was cut: everything that was synced, and of the rest any
// part, in any order, torn at its sectors.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "disk.hpp"

namespace clv::test {

class power_loss : public disk_hooks {
 public:
  // The power goes at that write, truncation or sync, counted from 1. `synced` = false: a disk that
  // lies, and takes no sync for earnest.
  explicit power_loss(std::int64_t at, bool synced = true) : left_(at), synced_(synced) {}

  void start_with(const std::string& path, std::string bytes) {
    files_[path] = {.durable = std::move(bytes), .named = true, .pending = {}};
  }
  bool is_cut() const { return left_ <= 0; }

  int before(const disk_call& call) override {
    if (!changes(call.op)) return is_cut() ? SQLITE_IOERR : SQLITE_OK;
    if (left_ > 0) --left_;
    return is_cut() ? SQLITE_IOERR : SQLITE_OK;
  }

  void after(const disk_call& call) override {
    file& f = files_[std::string(call.path)];
    if (call.op == disk_op::write) {
      f.pending.push_back({call.offset, std::string(call.bytes)});
    } else if (call.op == disk_op::truncate) {
      f.pending.push_back({call.offset, {}, true});
    } else if (call.op == disk_op::sync && synced_) {
      for (const change& c : f.pending) apply(c, f.durable);
      f.pending.clear();
      f.named = true;
    } else if (call.op == disk_op::remove) {
      files_.erase(std::string(call.path));
    }
  }

  // Writes what is left of each file to `folder`, under its name.
  void leave(const std::string& folder, std::mt19937_64& random) const {
    for (const auto& [path, f] : files_) {
      std::string bytes = f.durable;
      std::vector<change> pending = f.pending;
      if (!f.named && (pending.empty() || random() % 2 == 0)) continue;
      if (random() % 2 == 0) std::shuffle(pending.begin(), pending.end(), random);
      for (const change& c : pending) keep_some(c, bytes, random);
      std::ofstream(folder + path.substr(path.rfind('/')), std::ios::binary) << bytes;
    }
  }

 private:
  struct change {
    std::int64_t offset;
    std::string bytes;
    bool truncates = false;
  };
  struct file {
    std::string durable;
    bool named = false;  // its name is on the disk
    std::vector<change> pending;
  };
  static constexpr std::size_t sector = 512;

  static bool changes(disk_op op) {
    return op == disk_op::write || op == disk_op::truncate || op == disk_op::sync ||
           op == disk_op::remove;
  }

  static void apply(const change& c, std::string& to) {
    const auto at = static_cast<std::size_t>(c.offset);
    if (c.truncates) {
      to.resize(at);
      return;
    }
    if (to.size() < at + c.bytes.size()) to.resize(at + c.bytes.size(), '\0');
    to.replace(at, c.bytes.size(), c.bytes);
  }

  static void keep_some(const change& c, std::string& of, std::mt19937_64& random) {
    const auto fate = random() % 3;
    if (fate == 0) return;  // never reached the disk
    if (fate == 1 || c.truncates) return apply(c, of);
    std::size_t from = 0;  // torn: each of the sectors it touches for itself
    while (from < c.bytes.size()) {
      const std::size_t place = static_cast<std::size_t>(c.offset) + from;
      const std::size_t length = std::min(sector - place % sector, c.bytes.size() - from);
      if (random() % 2 == 0) {
        apply({static_cast<std::int64_t>(place), c.bytes.substr(from, length)}, of);
      }
      from += length;
    }
  }

  std::int64_t left_;
  bool synced_;
  std::map<std::string, file> files_;
};

}  // namespace clv::test
