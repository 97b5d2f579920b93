/* clv_plugin.h - everything a plugin author needs.
 *
 * A plugin is a shared library that exports ONE function, clv_plugin_entry_v1. It links nothing:
 * all it may call arrives in clv_plugin_host. It proposes actions (and may compute features or
 * segments); libclv prices them, decides and spends the budget; the host executes.
 *
 * Thread marks, on every function pointer below:
 *   [scan]      any thread; no side effects; before or without create()
 *   [create]    one call at a time, on any thread; other instances may be at work meanwhile
 *   [instance]  one thread at a time per instance, not always the same one
 *   [any]       any thread, concurrently
 * Life of a plugin: entry_v1 -> (scan) -> create -> (compute, segment, propose)* -> destroy. The
 * library stays mapped until the process ends; nothing is ever unloaded. No call may throw, exit or
 * keep a pointer it was given beyond its return, but the host table, which lives as long as the
 * instance. */
#ifndef CLV_PLUGIN_H
#define CLV_PLUGIN_H
#include "clv_base.h"
CLV_BEGIN_C

/* ---- What the host offers ------------------------------------------------------------------- */
typedef struct clv_plugin_host {
  uint32_t struct_size;
  uint32_t abi; /* CLV_ABI_PACK of the host's ABI, or of what it is capped to */
  void* ctx;    /* first argument of every call below */

  /* [any] `message` is copied. */
  void(CLV_CALL* log)(void* ctx, clv_log_level level, const char* message);
  /* [any] Microseconds UTC, the same for all of a run. Use this, never the system clock, or a
   * replay of the same data will not give the same actions. */
  int64_t(CLV_CALL* now_us)(void* ctx);
  /* [any] The same 64 bits for the same run seed, plugin id, row's customer and stream, whatever
   * the row's number and the other rows are. `row` is of the batch at hand, inside propose,
   * compute and segment; elsewhere, and for a row out of range, the bits are of no customer. */
  uint64_t(CLV_CALL* random)(void* ctx, int64_t row, uint32_t stream);
  /* [any] Non-zero: stop soon and return CLV_E_CANCELLED. Also from threads of the plugin, until
   * destroy returns. */
  int32_t(CLV_CALL* cancelled)(void* ctx);
  /* [instance] Sets the sentence that goes with a failing return (row -1: about no row). Copied. */
  void(CLV_CALL* fail)(void* ctx, int64_t row, const char* message);
  /* [any] A further table by name, or NULL. Owned by the host. */
  const void*(CLV_CALL* get_service)(void* ctx, const char* service_id);
} clv_plugin_host;

/* ---- Capability "clv.action/1": propose retention actions -------------------------------------
 * Growth rule two: a capability is an id with a revision and never changes; "/2" would be a new
 * one. */
#define CLV_CAP_ACTION_1 "clv.action/1"

/* One proposal, in the terms the core prices it by. With tau the effect on the probability that the
 * customer buys within the horizon, V the value of that response, delta the benefit given and p0
 * the probability of buying anyway (the core's model computes it):
 *     expected profit = tau (V - delta) - p0 delta - contact cost
 * Rationale: a plugin states what it knows, never its own profit or priority. */
enum {
  /* Not an action but an objection: every other plugin's proposals for this customer are refused
   * with VETOED while it holds (expires_us; those of `category` only, where it is given). Numbers
   * are ignored. */
  CLV_PROPOSAL_VETO = 1,
  CLV_PROPOSAL_NEEDS_APPROVAL = 2, /* a person must agree before the host executes it */
  CLV_PROPOSAL_HAS_P0 = 4          /* response_p0 is given: the response is not a purchase */
};
typedef struct clv_proposal {
  uint32_t struct_size;
  uint32_t flags;      /* CLV_PROPOSAL_... */
  int64_t row;         /* row of the batch this is for */
  const char* action;  /* "winback.email": stable, machine-read, at most 128 bytes */
  const char* channel; /* "email", "phone", ... */
  const char* reason;  /* required: one sentence a salesperson can read */
  double effect_mean;  /* tau, in [-1, 1]: prior mean of the change of the response probability */
  double effect_sd;    /* its standard deviation, > 0; 0 says "unknown": refused, NO_EVIDENCE */
  double effect_n;     /* how many observations the prior is worth; 0 = an opinion */
  int64_t response_value_minor; /* V, profit of one response; 0 = the core's: E[spend] x margin */
  int64_t benefit_minor;        /* delta, paid only to those who respond (a discount); >= 0 */
  int64_t contact_cost_minor;   /* c, paid for every customer treated; >= 0 */
  int64_t horizon_us;           /* window of the response; 0 = 30 days */
  int64_t expires_us;           /* do not execute later; 0 = does not expire */
  double agent_minutes;         /* staff time it needs, >= 0 */
  /* What is below may be left 0. */
  const char* category;      /* what caps and consent go by: "marketing" (default), "service", */
                             /* "research", "transactional" */
  const char* benefit_kind;  /* "discount", "free_shipping", "early_access", "gift", "points" */
  double discount_share;     /* share of the price given away, in [0, 1]: for the margin floor */
  int64_t worst_case_minor;  /* the most it can cost; 0 = benefit + contact cost */
  double pull_forward;       /* share of the effect that only moves a purchase forward, in [0, 1] */
  double unsubscribe_effect; /* by how much it raises the chance that the customer is lost to the */
                             /* channel, in [0, 1]; priced at the customer's value */
  const char* resource;      /* a stock or seat counter of the host's policy: "seats.launch" */
  double resource_units;     /* how many it takes; 0 = 1 where `resource` is given */
  const char* message_json;  /* variables of the message, one JSON object; from columns it reads */
  double response_p0; /* p0, in [0, 1], with CLV_PROPOSAL_HAS_P0: the chance of the response */
                      /* (a renewal, a referral, an answer) without the action */
} clv_proposal;

typedef struct clv_proposal_sink {
  uint32_t struct_size;
  uint32_t spare;
  void* ctx;
  /* [instance] Checks and copies *proposal and its strings before it returns. Refuses, with
   * CLV_E_INVALID: a row out of range; a number that is not finite or beyond the range above;
   * amounts beyond 2^53; an action that the manifest does not declare; a missing, empty or not
   * UTF-8 string; codes above 128 bytes, a reason above 1000, a message_json above 4000. With
   * CLV_E_LIMIT: more than 100 proposals a row on average. The host hears of what was refused; the
   * others stand. */
  clv_status(CLV_CALL* emit)(void* ctx, const clv_proposal* proposal);
} clv_proposal_sink;

typedef struct clv_action_v1 {
  uint32_t struct_size;
  uint32_t spare;
  /* [instance] `customers` holds the columns that the manifest reads and the host granted, by their
   * dictionary names; one that the scores lack comes with every row absent. It is valid until
   * propose returns. Called with any number of rows from 0; what a row gets must not depend on the
   * other rows of the batch. Returns CLV_OK, or a failure, after which all proposals of this plugin
   * in the run are dropped and the run goes on without it; it is not asked again until
   * clv_plugins_renew makes it anew. */
  clv_status(CLV_CALL* propose)(void* instance,
                                const clv_batch* customers,
                                const clv_proposal_sink* sink);
} clv_action_v1;

/* ---- Capability "clv.feature/1": a number about a customer, from what the plugin knows ------- */
#define CLV_CAP_FEATURE_1 "clv.feature/1"
typedef struct clv_feature_sink {
  uint32_t struct_size;
  uint32_t spare;
  void* ctx;
  /* [instance] One number of one row. `feature` is one of the manifest's "features", without the
   * prefix "feature." under which others read it. A row without a call has no value; the last call
   * counts. Refuses, with CLV_E_INVALID, a row out of range, a number that is not finite, an
   * unknown name. */
  clv_status(CLV_CALL* set)(void* ctx, int64_t row, const char* feature, double value);
} clv_feature_sink;
typedef struct clv_feature_v1 {
  uint32_t struct_size;
  uint32_t spare;
  /* [instance] Under the rules of clv_action_v1.propose. It runs before what reads its features;
   * no feature reads another. */
  clv_status(CLV_CALL* compute)(void* instance,
                                const clv_batch* customers,
                                const clv_feature_sink* sink);
} clv_feature_v1;

/* ---- Capability "clv.segmentation/1": put each customer into one segment --------------------- */
#define CLV_CAP_SEGMENTATION_1 "clv.segmentation/1"
typedef struct clv_segment_sink {
  uint32_t struct_size;
  uint32_t spare;
  void* ctx;
  /* [instance] `segment` is one of the manifest's "segments". A row without a call is in none; the
   * last call counts. Refuses, with CLV_E_INVALID, a row out of range and an unknown segment. */
  clv_status(CLV_CALL* assign)(void* ctx, int64_t row, const char* segment);
} clv_segment_sink;
typedef struct clv_segmentation_v1 {
  uint32_t struct_size;
  uint32_t spare;
  /* [instance] Under the rules of clv_action_v1.propose, but a failure fails the verb: there is no
   * segmentation without it. */
  clv_status(CLV_CALL* segment)(void* instance,
                                const clv_batch* customers,
                                const clv_segment_sink* sink);
} clv_segmentation_v1;

/* ---- What a plugin is -------------------------------------------------------------------------
 * manifest_json, one JSON object:
 *   "reads":    required, columns that it reads, of schema "scores" or "customers", "attr.*" (the
 *               host's own) or "feature.*" (of feature plugins), e.g. ["p_alive", "attr.region"]
 *   "actions":  the action codes it may propose; required with "clv.action/1"
 *   "features": the features it computes, required with "clv.feature/1"
 *   "segments": the segments it assigns, required with "clv.segmentation/1"
 *   "config":   optional, a JSON Schema (object) of config_json, which is checked before create
 *               (plugins/README.md lists the words; a schema with another word is refused)
 *   "effects":  optional, "none" (default), "network" or "files"
 *   "deterministic": optional, default true */
typedef struct clv_plugin_entry {
  uint32_t struct_size;
  uint32_t abi_needs; /* CLV_ABI_PACK of the oldest host it runs on; older ones refuse it */
  uint32_t abi_built; /* CLV_ABI_TARGET when it was compiled */
  uint32_t spare;
  const char* id;      /* "org.example.winback": unique, never reused */
  const char* name;    /* "Win back" */
  const char* version; /* "2.3.1" */
  const char* vendor;
  const char* licence; /* SPDX identifier */
  const char* summary; /* one sentence */
  const char* manifest_json;
  /* [create] Makes one instance; config_json is never NULL ("{}" when none was given). On failure
   * *instance stays NULL and host->fail may say why. */
  clv_status(CLV_CALL* create)(const clv_plugin_host* host,
                               const char* config_json,
                               void** instance);
  /* [instance] Frees it, after joining any thread it started. */
  void(CLV_CALL* destroy)(void* instance);
  /* [scan] The table for a capability id ("clv.action/1"), compared to its end, or NULL. */
  const void*(CLV_CALL* get_capability)(const char* capability_id);
} clv_plugin_entry;

/* [scan] The one exported symbol: returns static storage at once, or NULL when it cannot run on
 * host_abi. Rationale: a function, because looking up data symbols is not dependable everywhere. */
typedef const clv_plugin_entry*(CLV_CALL* clv_plugin_entry_fn)(uint32_t host_abi);
#define CLV_PLUGIN_ENTRY_SYMBOL "clv_plugin_entry_v1"

CLV_END_C
#endif
