// winback: customers who have probably left and are silent for longer than their own rhythm
// explains. Proposes a plain reminder and, as a dearer alternative, a discount; the core prices
// both and takes at most one. See README.md for where the effect priors come from.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <new>

#include "clv_plugin.h"

namespace {

struct settings {
  double alive_below = .5;     // only customers less likely than this to be alive
  double overdue_chance = .2;  // only silences that a faithful customer would rarely keep
  double email_cost_minor = 1;
  double nudge_effect_mean = .005, nudge_effect_sd = .004;
  double discount_minor = 500;
  double discount_effect_mean = .02, discount_effect_sd = .015;
  double horizon_days = 30;
};

struct setting {
  const char* key;
  double settings::*value;
  double least, most;
};
constexpr double max_minor = 1e12;
constexpr setting known[] = {
    {"alive_below", &settings::alive_below, 0, 1},
    {"overdue_chance", &settings::overdue_chance, 0, 1},
    {"email_cost_minor", &settings::email_cost_minor, 0, max_minor},
    {"nudge_effect_mean", &settings::nudge_effect_mean, -1, 1},
    {"nudge_effect_sd", &settings::nudge_effect_sd, 0, 1},
    {"discount_minor", &settings::discount_minor, 0, max_minor},
    {"discount_effect_mean", &settings::discount_effect_mean, -1, 1},
    {"discount_effect_sd", &settings::discount_effect_sd, 0, 1},
    {"horizon_days", &settings::horizon_days, 1, 3650},
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
    std::snprintf(why_, sizeof why_, "winback: %s", sentence);
    return false;
  }
  bool refuse_key(const char* key, int length, const char* sentence) {
    std::snprintf(why_, sizeof why_, "winback: setting '%.*s' %s", length, key, sentence);
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

struct customer {
  double p_alive, x, t_x, T, clv;
};

// Chance that someone who bought x more times in t_x stays silent until T and still buys at the old
// rhythm: (t_x / T)^x. Purchase intervals exponential with an unknown rate whose posterior after x
// of them (prior 1/rate) is gamma(x, t_x), integrated over that rate. A weekly buyer of ten weeks
// who is three weeks late: (10 / 14)^10 = .03. A yearly one: (3 / (4 + 3/52))^3 = .40.
bool overdue(const customer& c, const settings& set) {
  if (!(c.x >= 1) || !(c.t_x > 0) || !(c.T > c.t_x)) return false;
  return std::pow(c.t_x / c.T, c.x) < set.overdue_chance;
}

double days_in(const clv_column* ages) {
  if (ages == nullptr || ages->unit == nullptr) return 0;
  if (std::strcmp(ages->unit, "week") == 0) return 7;
  return std::strcmp(ages->unit, "day") == 0 ? 1 : 0;
}

// "Bought every 9 days, silent for 41; expected to bring EUR 120 more."
void write_reason(char* text, std::size_t size, const customer& c, double days, const char* money) {
  const double scale = days > 0 ? days : 1;
  const char* unit = days > 0 ? "day" : "period";
  const double rhythm = std::round(scale * c.t_x / c.x);
  const double silent = std::round(scale * (c.T - c.t_x));
  char often[60] = "", worth[80] = "";
  if (rhythm > 1) {
    std::snprintf(often, sizeof often, "%.0f %ss", std::fmin(rhythm, 1e12), unit);
  } else {
    std::snprintf(often, sizeof often, "%s", unit);
  }
  if (c.clv >= 0 && c.clv < 1e12) {
    const char* code = money != nullptr ? money : "";
    const char* gap = money != nullptr ? " " : "";
    std::snprintf(worth, sizeof worth, "; expected to bring %.20s%s%.0f more", code, gap, c.clv);
  }
  std::snprintf(
      text, size, "Bought every %s, silent for %.0f%s.", often, std::fmin(silent, 1e12), worth);
}

clv_proposal nudge(const settings& set, int64_t row, const char* reason) {
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.row = row;
  p.action = "winback.nudge";
  p.channel = "email";
  p.reason = reason;
  p.effect_mean = set.nudge_effect_mean;
  p.effect_sd = set.nudge_effect_sd;
  p.contact_cost_minor = std::llround(set.email_cost_minor);
  p.horizon_us = std::llround(set.horizon_days * 86400e6);
  return p;
}

clv_proposal discount(const settings& set, int64_t row, const char* reason) {
  clv_proposal p = nudge(set, row, reason);
  p.action = "winback.discount";
  p.effect_mean = set.discount_effect_mean;
  p.effect_sd = set.discount_effect_sd;
  p.benefit_minor = std::llround(set.discount_minor);
  return p;
}

clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* sink) noexcept {
  const instance& me = *static_cast<const instance*>(self);
  const numbers p_alive(*in, "p_alive"), x(*in, "x"), t_x(*in, "t_x"), T(*in, "T"), clv(*in, "clv");
  if (p_alive.column == nullptr || x.column == nullptr || t_x.column == nullptr ||
      T.column == nullptr) {
    me.host->fail(me.host->ctx, -1, "winback needs the columns p_alive, x, t_x and T");
    return CLV_E_INVALID;
  }
  for (int64_t row = 0; row < in->n_rows; ++row) {
    const customer c{p_alive[row], x[row], t_x[row], T[row], clv[row]};
    if (!(c.p_alive < me.set.alive_below) || !overdue(c, me.set)) continue;
    char reason[200];
    const char* money = clv.column != nullptr ? clv.column->unit : nullptr;
    write_reason(reason, sizeof reason, c, days_in(T.column), money);
    const clv_proposal plain = nudge(me.set, row, reason);
    const clv_proposal dearer = discount(me.set, row, reason);
    clv_status status = sink->emit(sink->ctx, &plain);
    if (status >= 0 && dearer.benefit_minor > 0) status = sink->emit(sink->ctx, &dearer);
    if (status < 0) return status;
  }
  return CLV_OK;
}

constexpr clv_action_v1 action{sizeof(clv_action_v1), 0, propose};
const void* get_capability(const char* id) noexcept {
  return std::strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : nullptr;
}

constexpr char manifest[] = R"({
  "reads": ["p_alive", "x", "t_x", "T", "clv"],
  "actions": ["winback.nudge", "winback.discount"],
  "config": {"type": "object", "additionalProperties": false, "properties": {
    "alive_below": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
    "overdue_chance": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.2},
    "email_cost_minor": {"type": "number", "minimum": 0, "maximum": 1e12, "default": 1},
    "nudge_effect_mean": {"type": "number", "minimum": -1, "maximum": 1, "default": 0.005},
    "nudge_effect_sd": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.004},
    "discount_minor": {"type": "number", "minimum": 0, "maximum": 1e12, "default": 500},
    "discount_effect_mean": {"type": "number", "minimum": -1, "maximum": 1, "default": 0.02},
    "discount_effect_sd": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.015},
    "horizon_days": {"type": "number", "minimum": 1, "maximum": 3650, "default": 30}}}
})";

constexpr clv_plugin_entry entry{
    .struct_size = sizeof(clv_plugin_entry),
    .abi_needs = CLV_ABI_PACK(1, 0),
    .abi_built = CLV_ABI_TARGET,
    .id = "clv.winback",
    .name = "Win back",
    .version = "1.0.0",
    .vendor = "libclv",
    .licence = "Apache-2.0",
    .summary = "Reminds customers who fell silent against their own rhythm.",
    .manifest_json = manifest,
    .create = create,
    .destroy = destroy,
    .get_capability = get_capability,
};

}  // namespace

extern "C" CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  return (host_abi >> 16U) == CLV_ABI_MAJOR ? &entry : nullptr;
}
