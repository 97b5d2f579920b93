/* c_helpers.h - what the C plugins here share: columns by name, values with "absent", amounts in
 * words, settings stated once, and the entry. Nothing but C11 and clv_plugin.h; copy it along with
 * a plugin. (For C++ there is clv_plugin.hpp; template/ does without any of it.) */
#ifndef CLV_PLUGINS_C_HELPERS_H
#define CLV_PLUGINS_C_HELPERS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clv_plugin.h"

/* ---- Columns ---------------------------------------------------------------------------------*/

static inline const clv_column* column_named(const clv_batch* in, const char* name) {
  for (uint32_t i = 0; i < in->n_columns; ++i)
    if (strcmp(in->columns[i].name, name) == 0) return &in->columns[i];
  return NULL;
}

static inline int is_known(const clv_column* c, int64_t row) {
  return c != NULL && (c->validity == NULL || (c->validity[row / 8] >> (row % 8) & 1) != 0);
}

/* A number or an amount in minor units; NaN where it is absent, so that no comparison holds. */
static inline double number_at(const clv_column* c, int64_t row) {
  if (!is_known(c, row)) return NAN;
  if (c->type != CLV_T_F64 && c->type != CLV_T_I64 && c->type != CLV_T_MONEY) return NAN;
  const int64_t stride = c->stride != 0 ? c->stride : 8;
  const char* at = (const char*)c->data + row * stride;
  double number = 0;
  int64_t whole = 0; /* copied, because a strided item need not be aligned */
  memcpy(c->type == CLV_T_F64 ? (void*)&number : (void*)&whole, at, 8);
  return c->type == CLV_T_F64 ? number : (double)whole;
}

/* Yes, in a column of 0 and 1; absent is no. */
static inline int yes_at(const clv_column* c, int64_t row) {
  const double v = number_at(c, row);
  return v < 0 || v > 0;
}

/* ---- Amounts ---------------------------------------------------------------------------------*/

/* Whole minor units in [0, 2^53]; what is below, and NaN, is 0. */
static inline int64_t minor_units(double minor) {
  const double most = 9007199254740992.0;
  if (!(minor > 0)) return 0;
  return minor < most ? (int64_t)(minor + .5) : (int64_t)most;
}

/* Whether `code` is one of these, of three letters and a space each. */
static inline int is_listed(const char* codes, const char* code) {
  for (; *codes != '\0'; codes += 4)
    if (strncmp(codes, code, 3) == 0) return 1;
  return 0;
}

/* ISO 4217: digits after the point; 2 where the code is not known. */
static inline int currency_digits(const char* code) {
  if (code == NULL || strlen(code) != 3) return 2;
  if (is_listed("BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ", code))
    return 0;
  if (is_listed("BHD IQD JOD KWD LYD OMR TND ", code)) return 3;
  return is_listed("CLF UYW ", code) ? 4 : 2;
}

typedef struct amount_text {
  char text[48];
} amount_text;

/* "EUR 4.90", "JPY 700". Never a locale's comma. */
static inline amount_text amount_in_words(double minor, const clv_column* of) {
  const char* code = of != NULL && of->unit != NULL ? of->unit : "";
  const long long units = (long long)minor_units(minor);
  const int digits = currency_digits(code);
  long long per_major = 1;
  for (int i = 0; i < digits; ++i) per_major *= 10;
  amount_text out;
  const int length =
      snprintf(out.text, sizeof out.text, "%.8s%s%lld", code, *code ? " " : "", units / per_major);
  const size_t room = sizeof out.text - (size_t)length;
  const long long rest = units % per_major;
  if (rest != 0) snprintf(out.text + length, room, ".%0*lld", digits, rest);
  return out;
}

/* A number for a sentence, where "%.0f" would print what nobody can read. */
static inline double shown(double v) {
  if (v != v) return 0;
  return v < -1e12 ? -1e12 : v > 1e12 ? 1e12 : v;
}

/* ---- Settings --------------------------------------------------------------------------------
 * Stated once, as a table of key, standard, least and most in the spelling of JSON:
 *   #define SETTINGS(X, AND) X(reward_minor, 25, 0, 1e12) AND X(effect_mean, 0.08, -1, 1)
 *   enum { SETTINGS(SETTING_NAME, COMMA), n_settings };
 *   static const setting known[] = {SETTINGS(SETTING_ROW, COMMA)};
 *   ... CONFIG_OPEN SETTINGS(SETTING_RULE, ", ") CONFIG_CLOSE ...   in the manifest
 * Then of->set[reward_minor] is its value. */
#define COMMA ,
#define SETTING_NAME(key, standard, least, most) key
#define SETTING_ROW(key, standard, least, most) \
  { #key, standard, least, most }
#define SETTING_RULE(key, standard, least, most)                                      \
  "\"" #key "\": {\"type\": \"number\", \"minimum\": " #least ", \"maximum\": " #most \
  ", \"default\": " #standard "}"
#define CONFIG_OPEN \
  "\"config\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
#define CONFIG_CLOSE "}}"

typedef struct setting {
  const char* key;
  double standard, least, most; /* as the manifest states them */
} setting;

/* The configuration is one flat JSON object of numbers, each key at most once and one of these. */
static inline const char* skip_space(const char* at) {
  while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') ++at;
  return at;
}

/* A JSON number without a locale: at most 18 digits over or times a power of ten up to 10^22, which
 * a double holds, so that what has up to 15 digits is rounded correctly. NULL: not such a number.
 */
static inline const char* read_number(const char* at, double* value) {
  const int negative = *at == '-';
  long long digits = 0;
  int count = 0, exponent = 0;
  at += negative;
  for (int point = 0; (*at >= '0' && *at <= '9') || (*at == '.' && !point); ++at) {
    if (*at == '.') {
      point = 1;
      continue;
    }
    digits = digits * 10 + (*at - '0');
    exponent -= point;
    if (++count > 18) return NULL;
  }
  if (count == 0) return NULL;
  if (*at == 'e' || *at == 'E') {
    int given = 0, shift = 0;
    const int down = *++at == '-';
    at += *at == '-' || *at == '+';
    for (; *at >= '0' && *at <= '9'; ++at, given = 1)
      shift = shift > 99 ? 99 : shift * 10 + *at - '0';
    if (!given) return NULL;
    exponent += down ? -shift : shift;
  }
  if (exponent < -22 || exponent > 22) return NULL;
  double power = 1;
  for (int i = exponent < 0 ? -exponent : exponent; i > 0; --i) power *= 10;
  *value = exponent < 0 ? (double)digits / power : (double)digits * power;
  if (negative) *value = -*value;
  return at;
}

typedef struct settings_reader {
  const setting* known;
  int count;
  double* values;
  unsigned seen;
  char why[160]; /* the sentence, when it is refused */
} settings_reader;

/* Reads one "key": number. Returns what follows it, or NULL. */
static inline const char* read_setting(settings_reader* r, const char* at) {
  const char* key = at + 1;
  const char* end = *at == '"' ? strchr(key, '"') : NULL;
  if (end == NULL) {
    snprintf(r->why, sizeof r->why, "expected a setting's name in quotes");
    return NULL;
  }
  const size_t length = (size_t)(end - key);
  const int said = length < 60 ? (int)length : 60;
  for (int i = 0; i < r->count; ++i) {
    const setting* s = &r->known[i];
    if (strlen(s->key) != length || memcmp(s->key, key, length) != 0) continue;
    double value = NAN;
    const char* after = skip_space(end + 1);
    after = *after == ':' ? read_number(skip_space(after + 1), &value) : NULL;
    if (after != NULL && (r->seen >> i & 1U) == 0 && value >= s->least && value <= s->most) {
      r->seen |= 1U << i;
      r->values[i] = value;
      return skip_space(after);
    }
    snprintf(r->why,
             sizeof r->why,
             "setting '%.*s' must be a number within its range, and given once",
             said,
             key);
    return NULL;
  }
  snprintf(r->why,
           sizeof r->why,
           "setting '%.*s' is unknown; the manifest lists the settings",
           said,
           key);
  return NULL;
}

/* True when all of `json` was taken; values hold the standard where it says nothing. */
static inline int read_settings(settings_reader* r, const char* json) {
  for (int i = 0; i < r->count; ++i) r->values[i] = r->known[i].standard;
  snprintf(r->why, sizeof r->why, "the configuration must be one JSON object of settings");
  const char* at = skip_space(json);
  if (*at != '{') return 0;
  at = skip_space(at + 1);
  if (*at != '}') {
    for (;;) {
      at = read_setting(r, at);
      if (at == NULL) return 0;
      if (*at != ',') break;
      at = skip_space(at + 1);
    }
  }
  return *at == '}' && *skip_space(at + 1) == '\0';
}

/* ---- The rest of a plugin ---------------------------------------------------------------------*/

enum { most_settings = 16 };
typedef struct instance {
  const clv_plugin_host* host;
  double set[most_settings];
} instance;

static inline clv_status make_instance(
    const clv_plugin_host* host, const char* config, const setting* known, int count, void** self) {
  instance* made = calloc(1, sizeof *made);
  if (made == NULL) return CLV_E_NO_MEMORY;
  made->host = host;
  settings_reader reader = {known, count, made->set, 0, ""};
  if (!read_settings(&reader, config)) {
    host->fail(host->ctx, -1, reader.why);
    free(made);
    return CLV_E_INVALID;
  }
  *self = made;
  return CLV_OK;
}

static inline int64_t days_in_us(double days) {
  return (int64_t)(days * 86400e6);
}

/* That long from now; 0, "does not expire", where the host does not say what time it is. */
static inline int64_t expiry(const instance* me, double days) {
  const int64_t now = me->host->now_us(me->host->ctx);
  return now > 0 ? now + days_in_us(days) : 0;
}

/* The entry of a plugin that has `known`, `manifest` and a function `propose_row(const instance*,
 * const columns*, row, sink)`, with `columns_of(batch)` to find its columns. */
#define C_PLUGIN(id, name, summary)                                                          \
  static clv_status create(const clv_plugin_host* host, const char* config, void** self) {   \
    return make_instance(host, config, known, (int)(sizeof known / sizeof *known), self);    \
  }                                                                                          \
  static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* out) { \
    const instance* me = self;                                                               \
    const columns of = columns_of(in);                                                       \
    for (int64_t row = 0; row < in->n_rows; ++row) {                                         \
      if (row % 1024 == 0 && me->host->cancelled(me->host->ctx)) return CLV_E_CANCELLED;     \
      const clv_status status = propose_row(me, &of, row, out);                              \
      if (status < 0) return status;                                                         \
    }                                                                                        \
    return CLV_OK;                                                                           \
  }                                                                                          \
  static const void* get_capability(const char* capability) {                                \
    static const clv_action_v1 action = {sizeof(clv_action_v1), 0, propose};                 \
    return strcmp(capability, CLV_CAP_ACTION_1) == 0 ? &action : NULL;                       \
  }                                                                                          \
  static const clv_plugin_entry entry = {sizeof(clv_plugin_entry),                           \
                                         CLV_ABI_PACK(1, 0),                                 \
                                         CLV_ABI_TARGET,                                     \
                                         0,                                                  \
                                         id,                                                 \
                                         name,                                               \
                                         "1.0.0",                                            \
                                         "libclv",                                           \
                                         "Apache-2.0",                                       \
                                         summary,                                            \
                                         manifest,                                           \
                                         create,                                             \
                                         free,                                               \
                                         get_capability};                                    \
  CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);          \
  const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {                           \
    return (host_abi >> 16) == CLV_ABI_MAJOR ? &entry : NULL;                                \
  }

#endif
