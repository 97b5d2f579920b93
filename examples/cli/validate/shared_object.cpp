#include "shared_object.hpp"

#include <elf.h>

#include <cstdint>
#include <cstring>

#include "../failure.hpp"
#include "../rows.hpp"

namespace cli {
namespace {

// A file in which every place is checked before it is read.
class elf_file {
 public:
  explicit elf_file(std::string bytes) : bytes_(std::move(bytes)) {}

  template <typename T>
  T at(std::uint64_t offset) const {
    T value;
    if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset) cut_off();
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return value;
  }
  template <typename T>
  std::vector<T> all(const Elf64_Shdr& section) const {
    std::vector<T> items;
    for (std::uint64_t i = 0; i + sizeof(T) <= section.sh_size; i += sizeof(T)) {
      items.push_back(at<T>(section.sh_offset + i));
    }
    return items;
  }
  std::string text(const Elf64_Shdr& strings, std::uint64_t offset) const {
    const std::uint64_t from = strings.sh_offset + offset;
    if (offset >= strings.sh_size || from >= bytes_.size()) cut_off();
    const std::size_t end = bytes_.find('\0', from);
    if (end == std::string::npos) cut_off();
    return bytes_.substr(from, end - from);
  }

 private:
  [[noreturn]] static void cut_off() { fail("the file is cut off"); }
  std::string bytes_;
};

std::vector<Elf64_Shdr> sections_of(const elf_file& file) {
  const auto header = file.at<Elf64_Ehdr>(0);
  const bool library = std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
                       header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_type == ET_DYN;
  if (!library) fail("it is no shared library of 64 bits");
  std::vector<Elf64_Shdr> sections;
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    sections.push_back(file.at<Elf64_Shdr>(header.e_shoff + i * header.e_shentsize));
  }
  return sections;
}

void add_exported(const elf_file& file,
                  const Elf64_Shdr& symbols,
                  const Elf64_Shdr& strings,
                  shared_object& to) {
  for (const auto& s : file.all<Elf64_Sym>(symbols)) {
    const unsigned binding = ELF64_ST_BIND(s.st_info);
    const unsigned visibility = ELF64_ST_VISIBILITY(s.st_other);
    if (s.st_shndx == SHN_UNDEF || s.st_shndx == SHN_ABS || binding == STB_LOCAL) continue;
    if (visibility != STV_DEFAULT && visibility != STV_PROTECTED) continue;
    to.exported.push_back({file.text(strings, s.st_name), binding == STB_WEAK});
  }
}

}  // namespace

shared_object read_shared_object(const std::string& path) {
  const elf_file file(read_file(path));
  const std::vector<Elf64_Shdr> sections = sections_of(file);
  shared_object found;
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_DYNSYM && section.sh_type != SHT_DYNAMIC) continue;
    if (section.sh_link >= sections.size()) fail("the file names a section that it does not have");
    const Elf64_Shdr& strings = sections[section.sh_link];
    if (section.sh_type == SHT_DYNSYM) {
      add_exported(file, section, strings, found);
      continue;
    }
    for (const auto& entry : file.all<Elf64_Dyn>(section)) {
      if (entry.d_tag == DT_NULL) break;
      if (entry.d_tag == DT_NEEDED) found.needed.push_back(file.text(strings, entry.d_un.d_val));
    }
  }
  return found;
}

}  // namespace cli
