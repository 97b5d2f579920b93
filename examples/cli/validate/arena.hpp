// Memory that is lent to a plugin: ordinary, or so that one byte too far is noticed.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace cli {

class arena {
 public:
  arena() = default;
  virtual ~arena() = default;
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;
  // Zeros. `name` says in a finding what it is; static text.
  virtual void* block(std::size_t size, const char* name) = 0;
  const char* text(std::string_view words, const char* name);
  // From now on nobody may write into the blocks made so far.
  virtual void seal() {}
};

class plain_arena final : public arena {
 public:
  void* block(std::size_t size, const char* name) override;

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
};

// Each block ends where a page begins that nobody may touch, and begins behind another. Whoever
// does it all the same, or writes to a sealed block, ends the process, after `told` was called with
// a sentence that names the block; from a signal handler.
class guarded_arena final : public arena {
 public:
  explicit guarded_arena(void (*told)(const char* sentence));
  ~guarded_arena() override;
  void* block(std::size_t size, const char* name) override;
  void seal() override;
};

}  // namespace cli
