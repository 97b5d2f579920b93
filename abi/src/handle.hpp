// What every handle begins with: a word that says which kind it is and that it has not been freed.
// A host in a language without types, or with finalizers, passes the wrong handle or frees one
// twice sooner or later; it then gets a sentence instead of a crash.
//
// What cannot be seen: memory that was given to another handle of the same kind meanwhile, or went
// back to the system. abi/README.md says so.
#pragma once

#include <cstdint>
#include <type_traits>

namespace clv::abi {

// No words of text, no small numbers, no addresses: nothing that memory holds by accident.
enum class handle_kind : std::uint64_t {
  freed = 0xC1F0'DEAD'0000'0000,
  diag = 0xC1F0'A11E'0000'0001,
  result,
  job,
  model,
  scorer,
  plugins,
  engine,
  arrow
};

class handle_mark {
 public:
  explicit handle_mark(handle_kind kind) noexcept : kind_(kind) {}
  ~handle_mark() { kind_ = handle_kind::freed; }
  handle_mark(const handle_mark&) = delete;
  handle_mark& operator=(const handle_mark&) = delete;

  bool is(handle_kind kind) const noexcept { return kind_ == kind; }

 private:
  // volatile: a compiler may leave out what is written to an object at its end.
  volatile handle_kind kind_;
};

// The first base of the handle's struct, so that the word is the first one of all of them.
template <handle_kind Kind>
class handle : public handle_mark {
 public:
  handle() noexcept : handle_mark(Kind) {}
  bool alive() const noexcept { return is(Kind); }
};

template <typename T>
inline constexpr bool is_handle = std::is_base_of_v<handle_mark, std::remove_cv_t<T>>;

// True for a handle of that kind that has not been freed, as far as its memory tells.
template <typename T>
bool alive(const T* given) noexcept {
  return given != nullptr && given->alive();
}

// Ends a handle; what is none, or not any more, is left alone.
template <typename T>
void release(T* given) noexcept {
  if (alive(given)) delete given;
}

}  // namespace clv::abi
