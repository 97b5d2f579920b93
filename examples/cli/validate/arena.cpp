#include "arena.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>

#include "../failure.hpp"

namespace cli {
namespace {

struct guarded_block {
  char* pages = nullptr;  // a page that is out of bounds, then `length` bytes, then another page
  std::size_t length = 0;
  const char* name = nullptr;
};

// Read by the signal handler, hence no container; one guarded_arena at a time fills it.
constexpr std::size_t most_guarded = 4096;
std::array<guarded_block, most_guarded> guarded;
std::size_t guarded_count = 0;
void (*tell_guarded)(const char* sentence) = nullptr;

std::size_t page_size() {
  return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// What is wrong with touching this address, or nullptr: it belongs to no block.
const guarded_block* block_at(const char* address, bool& inside) {
  const std::size_t page = page_size();
  for (std::size_t i = 0; i < guarded_count; ++i) {
    const guarded_block& b = guarded[i];
    if (address < b.pages || address >= b.pages + b.length + 2 * page) continue;
    inside = address >= b.pages + page && address < b.pages + page + b.length;
    return &b;
  }
  return nullptr;
}

// snprintf is not on POSIX's list of what a handler may call, but the process ends here anyway.
extern "C" void on_touched(int number, siginfo_t* info, void*) {
  bool inside = false;
  const guarded_block* b = block_at(static_cast<const char*>(info->si_addr), inside);
  char sentence[200];
  if (b == nullptr) {
    std::snprintf(sentence, sizeof sentence, "it crashed: %s", strsignal(number));
  } else {
    std::snprintf(sentence,
                  sizeof sentence,
                  inside ? "it wrote into %s, which is not its own"
                         : "it touched memory beyond the end of %s",
                  b->name);
  }
  tell_guarded(sentence);
  _exit(1);
}

}  // namespace

const char* arena::text(std::string_view words, const char* name) {
  char* copy = static_cast<char*>(block(words.size() + 1, name));
  if (!words.empty()) std::memcpy(copy, words.data(), words.size());
  return copy;
}

void* plain_arena::block(std::size_t size, const char*) {
  blocks_.push_back(std::make_unique<char[]>(std::max<std::size_t>(size, 1)));
  return blocks_.back().get();
}

guarded_arena::guarded_arena(void (*told)(const char* sentence)) {
  tell_guarded = told;
  guarded_count = 0;
  struct sigaction action = {};
  action.sa_sigaction = on_touched;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

guarded_arena::~guarded_arena() {
  std::signal(SIGSEGV, SIG_DFL);
  std::signal(SIGBUS, SIG_DFL);
  for (std::size_t i = 0; i < guarded_count; ++i) {
    munmap(guarded[i].pages, guarded[i].length + 2 * page_size());
  }
  guarded_count = 0;
}

void* guarded_arena::block(std::size_t size, const char* name) {
  if (guarded_count == most_guarded) fail("more guarded blocks than this check has room for");
  const std::size_t page = page_size();
  const std::size_t length = std::max<std::size_t>((size + page - 1) / page, 1) * page;
  void* pages = mmap(nullptr, length + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  char* const from = static_cast<char*>(pages);
  mprotect(from + page, length, PROT_READ | PROT_WRITE);
  guarded[guarded_count++] = {from, length, name};
  return from + page + length - size;
}

void guarded_arena::seal() {
  const std::size_t page = page_size();
  for (std::size_t i = 0; i < guarded_count; ++i) {
    mprotect(guarded[i].pages + page, guarded[i].length, PROT_READ);
  }
}

}  // namespace cli
