// Files that appear under their name whole or not at all, and never over one that is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clv::store {

// Throws error{exists} when there is something at `path`, even a dangling link; as a store, also
// when the log of a store that was moved away is left beside it: SQLite would play it into the new
// one.
void require_free(const std::string& path, bool as_store);

// An empty file "PATH.part-XXXXXX" of the owner alone, to be filled and published. Removed unless
// it was. Throws error: io, full, exists.
class new_file {
 public:
  explicit new_file(std::string path);
  ~new_file();
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;

  const std::string& part() const { return part_; }  // where it is until it is published
  const std::string& path() const { return path_; }
  void append(std::string_view bytes);
  void write_at(std::int64_t offset, std::string_view bytes);
  // On the disk first, then under its name, and the name on the disk. Throws error{exists} when
  // somebody else took the name.
  void publish();
  // Takes a published file away again: of two that belong together the second failed.
  void withdraw() noexcept;

 private:
  void sync() const;

  std::string path_, part_;
  int descriptor_ = -1;  // until published
};

// A file read in blocks. Throws error{io}.
class old_file {
 public:
  explicit old_file(std::string path);
  ~old_file();
  old_file(const old_file&) = delete;
  old_file& operator=(const old_file&) = delete;
  std::string_view read(std::size_t most);  // "" at the end; valid until the next read
  std::int64_t bytes() const { return bytes_; }

 private:
  std::string path_, block_;
  std::int64_t bytes_ = 0;
  int descriptor_ = -1;
};

}  // namespace clv::store
