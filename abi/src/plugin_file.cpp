#include "plugin_file.hpp"

#include <link.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

#include "clv/error.hpp"

namespace clv::abi {
namespace {

using file_header = ElfW(Ehdr);
using program_header = ElfW(Phdr);

[[noreturn]] void refuse_file(const std::string& path, const std::string& why) {
  throw error(status::io,
              "'" + path + "' " + why,
              "a plugin is a shared library for this machine, whole: copy or build it again");
}

std::uint64_t size_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    throw error(status::io, "'" + path + "': " + std::generic_category().message(errno));
  }
  if (!S_ISREG(info.st_mode)) throw error(status::invalid, "'" + path + "' is not a file");
  return static_cast<std::uint64_t>(info.st_size);
}

template <typename T>
bool read_at(std::ifstream& file, std::uint64_t at, T* into, std::size_t count) {
  file.seekg(static_cast<std::streamoff>(at));
  file.read(reinterpret_cast<char*>(into), static_cast<std::streamsize>(count * sizeof(T)));
  return file.good();
}

bool is_library(const file_header& h) {
  return std::memcmp(h.e_ident, ELFMAG, SELFMAG) == 0 && h.e_type == ET_DYN &&
         h.e_phentsize == sizeof(program_header) && h.e_phnum > 0;
}

// `from` + `length` without overflow.
bool lies_within(std::uint64_t from, std::uint64_t length, std::uint64_t size) {
  return from <= size && length <= size - from;
}

}  // namespace

void check_library_file(const std::string& path) {
  const std::uint64_t size = size_of(path);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw error(status::io, "'" + path + "' cannot be read");
  file_header header{};
  if (!read_at(file, 0, &header, 1) || !is_library(header)) {
    refuse_file(path, "is not a shared library");
  }
  std::vector<program_header> parts(header.e_phnum);
  if (!read_at(file, header.e_phoff, parts.data(), parts.size())) {
    refuse_file(path, "is cut off: its own headers lie behind its end");
  }
  for (const program_header& part : parts) {
    if (part.p_type != PT_LOAD || lies_within(part.p_offset, part.p_filesz, size)) continue;
    refuse_file(path,
                "is cut off: it has " + std::to_string(size) +
                    " bytes, and a part of it should be " + std::to_string(part.p_filesz) +
                    " bytes from byte " + std::to_string(part.p_offset));
  }
}

}  // namespace clv::abi
