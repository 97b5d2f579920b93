// clv_plugin_detail.hpp - part of clv_plugin.hpp, and nothing an author calls: the configuration is
// read, the manifest is written by the compiler, and calls from the host reach the plugin's struct.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "clv_plugin.h"
#include "clv_plugin_text.hpp"

namespace clv::plugin::detail {

// Reads config_json: one flat object of numbers, each key at most once and one of the knobs.
template <typename Plugin>
class config_reader {
 public:
  explicit config_reader(const char* text) : at_(text), end_(text + std::strlen(text)) {}

  bool read(typename Plugin::settings& into) {
    if (!skip('{')) return refuse("the configuration must be a JSON object");
    if (skip('}')) return at_end();
    do {
      if (!pair(into)) return false;
    } while (skip(','));
    return skip('}') ? at_end() : refuse("expected ',' or '}' in the configuration");
  }
  const char* why() const { return why_.c_str(); }

 private:
  void space() {
    while (at_ != end_ && std::strchr(" \t\r\n", *at_) != nullptr) ++at_;
  }
  bool skip(char c) {
    space();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool at_end() {
    space();
    return at_ == end_ || refuse("text after the configuration's closing '}'");
  }
  line<240>& begin_refusal() {
    const std::string_view id = Plugin::about.id;
    why_ = line<240>();
    return why_ << id.substr(id.rfind('.') + 1) << ": ";
  }
  bool refuse(std::string_view sentence) {
    begin_refusal() << sentence;
    return false;
  }
  bool refuse_key(std::string_view key, std::string_view sentence) {
    begin_refusal() << "setting '" << key.substr(0, 60) << "' " << sentence;
    return false;
  }
  bool pair(typename Plugin::settings& into) {
    if (!skip('"')) return refuse("expected a setting's name in quotes");
    const char* first = at_;
    while (at_ != end_ && *at_ != '"') ++at_;
    if (at_ == end_) return refuse("a setting's name has no closing quote");
    const std::string_view key(first, static_cast<std::size_t>(at_++ - first));
    std::uint64_t bit = 1;
    for (const auto& knob : Plugin::knobs) {
      if (key == knob.key) return value_of(knob, bit, key, into);
      bit <<= 1U;
    }
    return refuse_key(key, "is unknown; the manifest lists the settings");
  }
  template <typename Knob>
  bool value_of(const Knob& knob,
                std::uint64_t bit,
                std::string_view key,
                typename Plugin::settings& into) {
    if ((seen_ & bit) != 0) return refuse_key(key, "is given twice");
    seen_ |= bit;
    if (!skip(':')) return refuse_key(key, "has no ':' after it");
    space();
    const bool starts = at_ != end_ && (*at_ == '-' || (*at_ >= '0' && *at_ <= '9'));
    double value = 0;
    const auto [rest, failed] = std::from_chars(at_, end_, value);
    if (!starts || failed != std::errc{} || !(value >= knob.least && value <= knob.most)) {
      return refuse_key(key, "must be a number within its range");
    }
    at_ = rest;
    into.*knob.value = value;
    return true;
  }

  const char* at_;
  const char* end_;
  std::uint64_t seen_ = 0;
  line<240> why_;
};

// ---- The manifest -----------------------------------------------------------------------------

inline void too_many_decimals() {}  // no constant expression: the compiler refuses to go on

// Counts characters, and writes those that `Size` has room for. An array and not a pointer, because
// gcc 12 with -fsanitize=undefined takes no pointer in a constant expression.
template <std::size_t Size>
struct manifest_writer {
  char to[Size] = {};
  std::size_t size = 0;

  constexpr manifest_writer& put(std::string_view text) {
    for (const char c : text) {
      if (size < Size) to[size] = c;
      ++size;
    }
    return *this;
  }
  constexpr manifest_writer& quoted(std::string_view text) {
    put("\"");
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"' || text[i] == '\\') put("\\");
      put(text.substr(i, 1));
    }
    return put("\"");
  }
  constexpr manifest_writer& digits(std::uint64_t whole, int least) {
    char backwards[24]{};
    int n = 0;
    for (; whole > 0 || n < least; whole /= 10)
      backwards[n++] = static_cast<char>('0' + whole % 10);
    while (n > 0) put(std::string_view(&backwards[--n], 1));
    return *this;
  }
  // The shortest decimal that reads as `v`: a whole number below 2^53 over a power of ten is
  // rounded correctly. A number that needs more than 12 decimals does not compile.
  constexpr manifest_writer& number(double v) {
    if (v < 0) {
      put("-");
      v = -v;
    }
    double power = 1;
    std::uint64_t ten_to = 1;
    for (int decimals = 0;; ++decimals, power *= 10, ten_to *= 10) {
      const auto scaled = static_cast<std::uint64_t>(v * power + .5);
      if (static_cast<double>(scaled) / power != v) {
        if (decimals == 12) too_many_decimals();
        continue;
      }
      digits(scaled / ten_to, 1);
      return decimals == 0 ? *this : put(".").digits(scaled % ten_to, decimals);
    }
  }
  template <std::size_t Count>
  constexpr manifest_writer& list(const char* const (&all)[Count]) {
    for (std::size_t i = 0; i < Count; ++i) put(i == 0 ? "" : ", ").quoted(all[i]);
    return *this;
  }
};

// What a struct names decides what its plugin offers.
template <typename Plugin, typename = void>
struct has_actions : std::false_type {};
template <typename Plugin>
struct has_actions<Plugin, std::void_t<decltype(Plugin::actions)>> : std::true_type {};
template <typename Plugin, typename = void>
struct has_features : std::false_type {};
template <typename Plugin>
struct has_features<Plugin, std::void_t<decltype(Plugin::features)>> : std::true_type {};
template <typename Plugin, typename = void>
struct has_segments : std::false_type {};
template <typename Plugin>
struct has_segments<Plugin, std::void_t<decltype(Plugin::segments)>> : std::true_type {};

template <typename Plugin, std::size_t Size>
constexpr manifest_writer<Size> write_manifest() {
  manifest_writer<Size> out;
  out.put("{\"reads\": [").list(Plugin::reads);
  if constexpr (has_actions<Plugin>::value) out.put("], \"actions\": [").list(Plugin::actions);
  if constexpr (has_features<Plugin>::value) out.put("], \"features\": [").list(Plugin::features);
  if constexpr (has_segments<Plugin>::value) out.put("], \"segments\": [").list(Plugin::segments);
  out.put(
      "], \"config\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {");
  const typename Plugin::settings defaults{};
  bool first = true;
  for (const auto& knob : Plugin::knobs) {
    out.put(first ? "" : ", ").quoted(knob.key).put(": {\"type\": \"number\", \"minimum\": ");
    out.number(knob.least).put(", \"maximum\": ").number(knob.most).put(", \"default\": ");
    out.number(defaults.*knob.value).put(", \"description\": ").quoted(knob.meaning).put("}");
    first = false;
  }
  out.put("}}}");
  return out;
}

// Counted first, then written with room for the final NUL.
template <typename Plugin>
inline constexpr auto manifest = write_manifest<Plugin, write_manifest<Plugin, 1>().size + 1>();

// ---- The C side --------------------------------------------------------------------------------

// Runs one call of the plugin's own code. A plugin may also be compiled without exceptions.
template <typename Call>
clv_status contained(const clv_plugin_host* host, Call&& call) noexcept {
#if defined(__cpp_exceptions)
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return CLV_E_NO_MEMORY;
  } catch (const std::exception& e) {
    host->fail(host->ctx, -1, e.what());
  } catch (...) {
    host->fail(host->ctx, -1, "it threw something that is no std::exception");
  }
  return CLV_E_PLUGIN;
#else
  static_cast<void>(host);
  return call();
#endif
}

template <typename Plugin>
struct instance {
  const clv_plugin_host* host;
  Plugin plugin;
};

// One row after the other, as long as `work` is content and nobody asks to stop.
template <typename Plugin, typename Work>
clv_status each_row(const void* self, const clv_batch* in, Work&& work) noexcept {
  const auto& me = *static_cast<const instance<Plugin>*>(self);
  return contained(me.host, [&]() -> clv_status {
    const typename Plugin::columns columns{*in};
    for (std::int64_t row = 0; row < in->n_rows; ++row) {
      if (row % 1024 == 0 && me.host->cancelled(me.host->ctx) != 0) return CLV_E_CANCELLED;
      const clv_status done = work(me.plugin, columns, row);
      if (done < 0) return done;
    }
    return CLV_OK;
  });
}

template <typename Plugin, typename Outbox>
struct action_glue {
  static clv_status CLV_CALL propose(void* self,
                                     const clv_batch* in,
                                     const clv_proposal_sink* sink) noexcept {
    Outbox out(*static_cast<const instance<Plugin>*>(self)->host, *sink);
    return each_row<Plugin>(self, in, [&](const auto& plugin, const auto& columns, auto row) {
      plugin.propose(columns, row, out);
      return out.status();
    });
  }
  static constexpr clv_action_v1 table{sizeof(clv_action_v1), 0, propose};
};

template <typename Plugin, typename Values>
struct feature_glue {
  static clv_status CLV_CALL compute(void* self,
                                     const clv_batch* in,
                                     const clv_feature_sink* sink) noexcept {
    Values out(*static_cast<const instance<Plugin>*>(self)->host, *sink);
    return each_row<Plugin>(self, in, [&](const auto& plugin, const auto& columns, auto row) {
      plugin.compute(columns, row, out);
      return out.status();
    });
  }
  static constexpr clv_feature_v1 table{sizeof(clv_feature_v1), 0, compute};
};

template <typename Plugin>
struct segment_glue {
  static clv_status CLV_CALL segment(void* self,
                                     const clv_batch* in,
                                     const clv_segment_sink* sink) noexcept {
    return each_row<Plugin>(
        self, in, [&](const auto& plugin, const auto& columns, auto row) -> clv_status {
          const char* found = plugin.segment(columns, row);
          return found == nullptr ? CLV_OK : sink->assign(sink->ctx, row, found);
        });
  }
  static constexpr clv_segmentation_v1 table{sizeof(clv_segmentation_v1), 0, segment};
};

template <typename Plugin, typename Outbox, typename Values>
struct glue {
  static clv_status CLV_CALL create(const clv_plugin_host* host,
                                    const char* config,
                                    void** out) noexcept {
    return contained(host, [&]() -> clv_status {
      typename Plugin::settings set{};
      config_reader<Plugin> reader(config);
      if (!reader.read(set)) {
        host->fail(host->ctx, -1, reader.why());
        return CLV_E_INVALID;
      }
      *out = new (std::nothrow) instance<Plugin>{host, Plugin{set}};
      return *out != nullptr ? CLV_OK : CLV_E_NO_MEMORY;
    });
  }
  static void CLV_CALL destroy(void* self) noexcept { delete static_cast<instance<Plugin>*>(self); }

  static const void* CLV_CALL get_capability(const char* id) noexcept {
    if constexpr (has_actions<Plugin>::value) {
      if (std::strcmp(id, CLV_CAP_ACTION_1) == 0) return &action_glue<Plugin, Outbox>::table;
    }
    if constexpr (has_features<Plugin>::value) {
      if (std::strcmp(id, CLV_CAP_FEATURE_1) == 0) return &feature_glue<Plugin, Values>::table;
    }
    if constexpr (has_segments<Plugin>::value) {
      if (std::strcmp(id, CLV_CAP_SEGMENTATION_1) == 0) return &segment_glue<Plugin>::table;
    }
    return nullptr;
  }
};

template <typename Plugin, typename Outbox, typename Values>
inline constexpr clv_plugin_entry entry{sizeof(clv_plugin_entry),
                                        CLV_ABI_PACK(1, 0),
                                        CLV_ABI_TARGET,
                                        0,
                                        Plugin::about.id,
                                        Plugin::about.name,
                                        Plugin::about.version,
                                        Plugin::about.vendor,
                                        Plugin::about.licence,
                                        Plugin::about.summary,
                                        manifest<Plugin>.to,
                                        glue<Plugin, Outbox, Values>::create,
                                        glue<Plugin, Outbox, Values>::destroy,
                                        glue<Plugin, Outbox, Values>::get_capability};

}  // namespace clv::plugin::detail
