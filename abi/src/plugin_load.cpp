// From a file name to a plugin that may be created: every check that needs no instance.
#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "clv.h"
#include "guard.hpp"
#include "plugin_file.hpp"
#include "plugin_host.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

constexpr std::size_t longest_text = 1000;

// The entry must reach to the end of what ABI 1.0 has; a longer one is a newer plugin's.
constexpr std::uint32_t smallest_entry =
    offsetof(clv_plugin_entry, get_capability) + sizeof(clv_plugin_entry::get_capability);

void check_path(const std::string& path) {
  if (path.empty() || path.front() != '/') {
    throw error(status::invalid,
                "plugin path '" + printable(path, 200) + "' is not absolute",
                "name the file from '/': a search path could load another file than you meant");
  }
  check_library_file(path);
}

// Never closed: thread-exit handlers and unique symbols of a plugin point into its code.
clv_plugin_entry_fn find_entry(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    throw error(status::io,
                why == nullptr ? "'" + path + "' cannot be loaded" : printable(why, longest_text),
                "a plugin is a shared library for this machine that finds all it links");
  }
  void* symbol = ::dlsym(library, CLV_PLUGIN_ENTRY_SYMBOL);
  if (symbol == nullptr) {
    throw error(status::invalid,
                "'" + path + "' exports no function " CLV_PLUGIN_ENTRY_SYMBOL,
                "it is a library, but not a libclv plugin of major version 1");
  }
  return reinterpret_cast<clv_plugin_entry_fn>(symbol);
}

const clv_plugin_entry& call_entry(const std::string& path, std::uint32_t host_abi) {
  const clv_plugin_entry_fn entry = find_entry(path);
  const clv_plugin_entry* found = nullptr;
  const saved_float_environment environment;
  try {
    found = entry(host_abi);
  } catch (...) {
    throw error(status::plugin, "'" + path + "': " CLV_PLUGIN_ENTRY_SYMBOL " threw");
  }
  if (found == nullptr) {
    throw error(
        status::abi,
        "'" + path + "' cannot run on plugin ABI " + dotted(host_abi) + ", which this host offers",
        "update libclv, or use a release of the plugin for this ABI");
  }
  return *found;
}

std::string text_in(const char* text) {
  return text == nullptr ? std::string()
                         : printable({text, ::strnlen(text, longest_text)}, longest_text);
}

// "org.example.x 2.3", or the path when the entry is too short to have a name.
std::string title(const clv_plugin_entry& e, const std::string& path) {
  if (e.struct_size < smallest_entry || e.id == nullptr || *e.id == '\0') return "'" + path + "'";
  const std::string version = text_in(e.version);
  return text_in(e.id) + (version.empty() ? "" : " " + version);
}

[[noreturn]] void refuse_short_entry(const clv_plugin_entry& e, const std::string& path) {
  throw error(status::invalid,
              "'" + path + "' states an entry of " + std::to_string(e.struct_size) +
                  " bytes; plugin ABI 1.0 has " + std::to_string(smallest_entry),
              "the file was not built from clv_plugin.h");
}

void check_abi(const clv_plugin_entry& e, const std::string& path, std::uint32_t host_abi) {
  if (e.struct_size < offsetof(clv_plugin_entry, spare)) refuse_short_entry(e, path);
  const std::string offers = ", this host offers " + dotted(host_abi);
  const bool other_major =
      (e.abi_needs >> 16) != CLV_ABI_MAJOR || (e.abi_built >> 16) != CLV_ABI_MAJOR;
  if (other_major) {
    throw error(status::abi,
                title(e, path) + " was built for plugin ABI " + dotted(e.abi_built) +
                    " and needs " + dotted(e.abi_needs) + offers,
                "use a release of the plugin for major version " + std::to_string(CLV_ABI_MAJOR));
  }
  if (e.abi_needs > host_abi) {
    const std::string remedy =
        std::string(e.abi_needs <= own_abi ? "load it without abi_cap" : "update libclv") +
        ", or use a release of the plugin that runs on plugin ABI " + dotted(host_abi);
    throw error(
        status::abi,
        title(e, path) + " needs plugin ABI " + dotted(e.abi_needs) + offers + "; " + remedy,
        remedy);
  }
  if (e.struct_size < smallest_entry) refuse_short_entry(e, path);
}

void check_text(const char* text, const char* name, const std::string& path) {
  const bool good = text != nullptr && *text != '\0' &&
                    ::strnlen(text, longest_text + 1) <= longest_text &&
                    first_bad_utf8(text) == std::string::npos;
  if (good) return;
  throw error(status::invalid,
              "'" + path + "': its " + name + " is missing or no short UTF-8 text");
}

void check_id(const std::string& id, const std::string& path) {
  const bool good = id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
                    });
  if (good) return;
  throw error(status::invalid,
              "'" + path + "': its id '" + printable(id, 128) +
                  "' has more than 128 bytes or others than a-z, A-Z, 0-9, '.', '_' and '-'");
}

void check_entry(const clv_plugin_entry& e, const std::string& path, std::uint32_t host_abi) {
  check_abi(e, path, host_abi);
  check_zero(e.spare, "spare of a plugin's entry");
  check_text(e.id, "id", path);
  check_id(e.id, path);
  check_text(e.name, "name", path);
  check_text(e.version, "version", path);
  check_text(e.vendor, "vendor", path);
  check_text(e.licence, "licence", path);
  check_text(e.summary, "summary", path);
  if (e.manifest_json == nullptr) throw error(status::invalid, "'" + path + "' has no manifest");
  if (e.create == nullptr || e.destroy == nullptr || e.get_capability == nullptr) {
    throw error(status::invalid, title(e, path) + " lacks create, destroy or get_capability");
  }
}

void check_grant(const manifest& says, const char* grant, const std::string& id) {
  if (grant == nullptr) return;
  const std::vector<std::string> granted = split_list(grant);
  check_readable(granted, "the grant for plugin " + id + " names");
  for (const std::string& name : says.reads) {
    if (std::find(granted.begin(), granted.end(), name) != granted.end()) continue;
    throw error(issue{.code = status::permission,
                      .column = name,
                      .message = "plugin " + id + " reads column '" + name +
                                 "', which is not granted; granted: " + join_list(granted),
                      .hint = "grant it, or do without the plugin",
                      .plugin = id});
  }
}

}  // namespace

plugin_setup describe_plugin(const char* path_in, std::uint32_t abi) {
  const std::string path = required(path_in, "absolute_path");
  check_path(path);
  const clv_plugin_entry& entry = call_entry(path, abi);
  check_entry(entry, path, abi);
  const capabilities offers = find_capabilities(entry);
  return {.entry = &entry,
          .offers = offers,
          .says = read_manifest(entry.manifest_json, offers, entry.id),
          .path = path,
          .config = "{}",
          .abi = abi};
}

plugin_setup open_plugin(const char* path, const clv_plugin_options* options) {
  required(path, "absolute_path");
  const clv_plugin_options o = read_sized(options, "options");
  check_flags(o.flags, 0);
  check_zero(o.spare, "spare of a plugin's options");
  plugin_setup setup = describe_plugin(path, capped_abi(o.abi_cap));
  setup.config = text_or(o.config_json, "{}");
  setup.seed = o.seed;
  setup.now_us = o.now_us;
  check_grant(setup.says, o.grant, setup.entry->id);
  check_config(setup.config, setup.says, setup.entry->id);
  return setup;
}

}  // namespace clv::abi
