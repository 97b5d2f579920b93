// vip_concierge: a personal call to the most valuable customers. Who they are is a bar that each
// customer meets or misses alone: the segment "high" (P(CLV > cut) is large enough), or a CLV that
// stays above a threshold in nine cases of ten. See README.md for where the prior comes from.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <new>

#include "clv_plugin.h"

namespace {

struct settings {
  double threshold = 0;  // on clv_p10, in major currency units; 0: only the segment counts
  double call_cost_minor = 400;
  double agent_minutes = 10;
  double effect_mean = .05, effect_sd = .03;
  double horizon_days = 90;
  double minor_per_major = 100;  // of the currency: yen 1, dinar 1000
};

struct setting {
  const char* key;
  double settings::*value;
  double least, most;
};
constexpr setting known[] = {
    {"threshold", &settings::threshold, 0, 1e12},
    {"call_cost_minor", &settings::call_cost_minor, 0, 1e12},
    {"agent_minutes", &settings::agent_minutes, 0, 1e6},
    {"effect_mean", &settings::effect_mean, -1, 1},
    {"effect_sd", &settings::effect_sd, 0, 1},
    {"horizon_days", &settings::horizon_days, 1, 3650},
    {"minor_per_major", &settings::minor_per_major, 1, 10000},
};

// config_json: one flat JSON object of numbers, each key at most once and one of `known`.
class config_reader {
 public:
  explicit config_reader(const char* text) : at_(text), end_(text + std::strlen(text)) {}

  bool read(settings& into) {
    if (!skip('{')) return refuse("the configuration must be a JSON object");
    if (skip('}')) return at_end();
    do {
      if (!pair(into)) return false;
    } while (skip(','));
    return skip('}') ? at_end() : refuse("expected ',' or '}' in the configuration");
  }
  const char* why() const { return why_; }

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
  bool refuse(const char* sentence) {
    std::snprintf(why_, sizeof why_, "vip_concierge: %s", sentence);
    return false;
  }
  bool refuse_key(const char* key, int length, const char* sentence) {
    std::snprintf(why_, sizeof why_, "vip_concierge: setting '%.*s' %s", length, key, sentence);
    return false;
  }
  bool pair(settings& into) {
    if (!skip('"')) return refuse("expected a setting's name in quotes");
    const char* key = at_;
    while (at_ != end_ && *at_ != '"') ++at_;
    if (at_ == end_) return refuse("a setting's name has no closing quote");
    const auto length = static_cast<std::size_t>(at_++ - key);
    const int shown = length < 60 ? static_cast<int>(length) : 60;
    for (std::size_t i = 0; i < std::size(known); ++i) {
      const setting& s = known[i];
      if (std::strlen(s.key) != length || std::memcmp(s.key, key, length) != 0) continue;
      if ((seen_ >> i & 1U) != 0) return refuse_key(key, shown, "is given twice");
      seen_ |= 1U << i;
      if (!skip(':')) return refuse_key(key, shown, "has no ':' after it");
      return number(s, into) || refuse_key(key, shown, "must be a number within its range");
    }
    return refuse_key(key, shown, "is unknown; the manifest lists the settings");
  }
  bool number(const setting& s, settings& into) {
    space();
    const bool starts = at_ != end_ && (*at_ == '-' || (*at_ >= '0' && *at_ <= '9'));
    double value = 0;
    const auto [rest, failed] = std::from_chars(at_, end_, value);
    if (!starts || failed != std::errc{} || !(value >= s.least && value <= s.most)) return false;
    at_ = rest;
    into.*s.value = value;
    return true;
  }

  const char* at_;
  const char* end_;
  unsigned seen_ = 0;
  char why_[160] = "";
};

struct instance {
  const clv_plugin_host* host;
  settings set;
};

clv_status create(const clv_plugin_host* host, const char* config, void** out) noexcept {
  settings set;
  config_reader reader(config);
  if (!reader.read(set)) {
    host->fail(host->ctx, -1, reader.why());
    return CLV_E_INVALID;
  }
  *out = new (std::nothrow) instance{host, set};
  return *out != nullptr ? CLV_OK : CLV_E_NO_MEMORY;
}
void destroy(void* self) noexcept {
  delete static_cast<instance*>(self);
}

// An f64 column by name; a missing column or value reads as NaN, which no condition below accepts.
struct numbers {
  const clv_column* column = nullptr;
  numbers(const clv_batch& batch, const char* name) {
    for (uint32_t i = 0; i < batch.n_columns; ++i) {
      const clv_column& c = batch.columns[i];
      if (c.type == CLV_T_F64 && std::strcmp(c.name, name) == 0) column = &c;
    }
  }
  double operator[](int64_t row) const {
    if (column == nullptr) return NAN;
    const bool absent = column->validity != nullptr &&
                        (column->validity[row / 8] >> static_cast<unsigned>(row % 8) & 1) == 0;
    if (absent) return NAN;
    const int64_t stride = column->stride != 0 ? column->stride : int64_t{sizeof(double)};
    double value = NAN;
    std::memcpy(&value, static_cast<const char*>(column->data) + row * stride, sizeof value);
    return value;
  }
};

// Whether the utf8 column `segment` says "high" for this row.
bool in_segment_high(const clv_column* segment, int64_t row) {
  if (segment == nullptr) return false;
  const bool absent = segment->validity != nullptr &&
                      (segment->validity[row / 8] >> static_cast<unsigned>(row % 8) & 1) == 0;
  if (absent) return false;
  const int64_t first = segment->offsets[row];
  const int64_t length = segment->offsets[row + 1] - first;
  return length == 4 &&
         std::memcmp(static_cast<const char*>(segment->data) + first, "high", 4) == 0;
}

const clv_column* find_segment(const clv_batch& batch) {
  for (uint32_t i = 0; i < batch.n_columns; ++i) {
    const clv_column& c = batch.columns[i];
    if (c.type == CLV_T_UTF8 && std::strcmp(c.name, "segment") == 0) return &c;
  }
  return nullptr;
}

bool shown(double amount) {
  return amount >= 0 && amount < 1e12;
}

// "One of the most valuable customers: expected to bring EUR 1240, at least EUR 800 in nine cases
// of ten; a personal call keeps the relationship."
void write_reason(char* text, std::size_t size, double clv, double p10, const char* money) {
  const char* code = money != nullptr ? money : "";
  const char* gap = money != nullptr ? " " : "";
  if (shown(clv) && shown(p10) && p10 >= .5) {
    std::snprintf(text,
                  size,
                  "One of the most valuable customers: expected to bring %.20s%s%.0f, at least "
                  "%.20s%s%.0f in nine cases of ten; a personal call keeps the relationship.",
                  code,
                  gap,
                  clv,
                  code,
                  gap,
                  p10);
  } else {
    std::snprintf(
        text, size, "One of the most valuable customers; a personal call keeps the relationship.");
  }
}

// The response is staying a customer, and what that is worth is the customer's own value at its
// careful end. Without it the core takes one order's profit.
clv_proposal call(const settings& set, int64_t row, double p10, const char* reason) {
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.row = row;
  p.action = "vip_concierge.call";
  p.channel = "phone";
  p.reason = reason;
  p.effect_mean = set.effect_mean;
  p.effect_sd = set.effect_sd;
  if (shown(p10)) p.response_value_minor = std::llround(p10 * set.minor_per_major);
  p.contact_cost_minor = std::llround(set.call_cost_minor);
  p.horizon_us = std::llround(set.horizon_days * 86400e6);
  p.agent_minutes = set.agent_minutes;
  return p;
}

clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* sink) noexcept {
  const instance& me = *static_cast<const instance*>(self);
  const numbers clv(*in, "clv"), p10(*in, "clv_p10");
  const clv_column* segment = find_segment(*in);
  if (segment == nullptr && p10.column == nullptr) {
    me.host->fail(me.host->ctx, -1, "vip_concierge needs the column segment or clv_p10");
    return CLV_E_INVALID;
  }
  const bool by_value = me.set.threshold > 0;
  for (int64_t row = 0; row < in->n_rows; ++row) {
    const bool above = by_value && p10[row] >= me.set.threshold;
    if (!above && !in_segment_high(segment, row)) continue;
    char reason[240];
    const clv_column* money = clv.column != nullptr ? clv.column : p10.column;
    write_reason(
        reason, sizeof reason, clv[row], p10[row], money != nullptr ? money->unit : nullptr);
    const clv_proposal p = call(me.set, row, p10[row], reason);
    const clv_status status = sink->emit(sink->ctx, &p);
    if (status < 0) return status;
  }
  return CLV_OK;
}

constexpr clv_action_v1 action{sizeof(clv_action_v1), 0, propose};
const void* get_capability(const char* id) noexcept {
  return std::strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : nullptr;
}

constexpr char manifest[] = R"({
  "reads": ["segment", "clv", "clv_p10"],
  "actions": ["vip_concierge.call"],
  "config": {"type": "object", "additionalProperties": false, "properties": {
    "threshold": {"type": "number", "minimum": 0, "maximum": 1e12, "default": 0},
    "call_cost_minor": {"type": "number", "minimum": 0, "maximum": 1e12, "default": 400},
    "agent_minutes": {"type": "number", "minimum": 0, "maximum": 1e6, "default": 10},
    "effect_mean": {"type": "number", "minimum": -1, "maximum": 1, "default": 0.05},
    "effect_sd": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.03},
    "horizon_days": {"type": "number", "minimum": 1, "maximum": 3650, "default": 90},
    "minor_per_major": {"type": "number", "minimum": 1, "maximum": 10000, "default": 100}}}
})";

constexpr clv_plugin_entry entry{
    .struct_size = sizeof(clv_plugin_entry),
    .abi_needs = CLV_ABI_PACK(1, 0),
    .abi_built = CLV_ABI_TARGET,
    .id = "clv.vip_concierge",
    .name = "VIP concierge",
    .version = "1.0.0",
    .vendor = "libclv",
    .licence = "Apache-2.0",
    .summary = "Calls the most valuable customers in person.",
    .manifest_json = manifest,
    .create = create,
    .destroy = destroy,
    .get_capability = get_capability,
};

}  // namespace

extern "C" CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  return (host_abi >> 16U) == CLV_ABI_MAJOR ? &entry : nullptr;
}
