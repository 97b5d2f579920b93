/* clv_action.h - which customer gets what: plugins propose, libclv prices what they propose and
 * decides, and what it decided can be computed again.
 *
 *   clv_plugins_load -> clv_propose_begin -> clv_decide_begin -> your own systems act
 *
 * The rules of clv.h hold. */
#ifndef CLV_ACTION_H
#define CLV_ACTION_H
#include "clv_value.h"
CLV_BEGIN_C

typedef struct clv_plugins clv_plugins; /* loaded plugins */

/* ---- Plugins -------------------------------------------------------------------------------- */
typedef struct clv_plugin_options {
  uint32_t struct_size;
  uint32_t flags;          /* 0 */
  const char* config_json; /* handed to create; NULL = "{}" */
  /* Columns it may see: "p_alive,clv,attr.region"; "" = none, NULL = all its manifest reads. */
  const char* grant;
  uint64_t seed;    /* of the random numbers it gets */
  int64_t now_us;   /* the clock it sees */
  uint32_t abi_cap; /* CLV_ABI_PACK: behave to it like a host of this older version; 0 = as is */
  uint32_t spare;
} clv_plugin_options;
/* An empty set. [any] */
CLV_API clv_status CLV_CALL clv_plugins_new(clv_plugins** out, clv_diag* diag) CLV_NOEXCEPT;
/* Loads one file and makes an instance. Fails: INVALID (relative path, no such symbol, bad manifest
 * or configuration), IO, ABI (the text names both versions and the remedy), EXISTS (its id, or a
 * feature), PERMISSION (reads a column that is not granted), PLUGIN (create failed, or its entry
 * threw), CONFLICT (a job uses the set). [one] */
CLV_API clv_status CLV_CALL clv_plugins_load(clv_plugins* plugins,
                                             const clv_plugin_options* options,
                                             const char* absolute_path,
                                             clv_diag* diag) CLV_NOEXCEPT;
/* What a plugin file says of itself, without making an instance: the columns of clv_plugins_list,
 * one row. So a host can ask for a configuration before it loads it. The file's own code runs and
 * stays mapped all the same: describe only what you would load. Fails: INVALID (relative path, no
 * such symbol, bad manifest), IO, ABI, PLUGIN (its entry threw). [any] */
CLV_API clv_status CLV_CALL clv_plugin_describe(const clv_run_options* options,
                                                const char* absolute_path,
                                                clv_result** out,
                                                clv_diag* diag) CLV_NOEXCEPT;
/* id, name, version, vendor, licence, summary, reads, actions, path, capabilities, segments,
 * features, effects, deterministic, config_schema (JSON Schema; absent: it takes none). [one] */
CLV_API clv_status CLV_CALL clv_plugins_list(const clv_plugins* plugins,
                                             clv_result** out,
                                             clv_diag* diag) CLV_NOEXCEPT;
/* Makes the instances anew, with another clock and seed: a further run without loading again. On
 * failure the set is empty. Fails: CONFLICT (a job uses them), PLUGIN. [one] */
CLV_API clv_status CLV_CALL clv_plugins_renew(clv_plugins* plugins,
                                              int64_t now_us,
                                              uint64_t seed,
                                              clv_diag* diag) CLV_NOEXCEPT;
/* What plugins have logged since the last call, oldest first: plugin, level ("info", ...), message,
 * dropped. The last 10,000 are kept; `dropped` of the first row says how many before it are gone,
 * and is 0 in the others. [one] */
CLV_API clv_status CLV_CALL clv_plugins_take_log(clv_plugins* plugins,
                                                 clv_result** out,
                                                 clv_diag* diag) CLV_NOEXCEPT;
/* Destroys the instances; the libraries stay mapped. [one] */
CLV_API void CLV_CALL clv_plugins_free(clv_plugins* plugins) CLV_NOEXCEPT;

/* scores -> proposals of all loaded plugins. A plugin that fails is named in the job's diagnostics
 * and the others go on; it is not asked again until clv_plugins_renew. [one] */
CLV_API clv_status CLV_CALL clv_propose_begin(clv_plugins* plugins,
                                              const clv_run_options* options,
                                              const clv_batch* scores,
                                              clv_job** out,
                                              clv_diag* diag) CLV_NOEXCEPT;
/* scores -> what feature plugins ("clv.feature/1") make of them: customer and one column of numbers
 * "feature.NAME" per feature, row for row. What proposes or segments does this first where a plugin
 * reads one; features that were made before may be given as columns. [one] */
CLV_API clv_status CLV_CALL clv_features_begin(clv_plugins* plugins,
                                               const clv_run_options* options,
                                               const clv_batch* scores,
                                               clv_job** out,
                                               clv_diag* diag) CLV_NOEXCEPT;
/* scores -> segments by the segmentation plugin ("clv.segmentation/1") of that id, as tables of
 * clv_segment_begin. Fails: NOT_FOUND, PLUGIN (it has no such capability). [one] */
CLV_API clv_status CLV_CALL clv_plugins_segment_begin(clv_plugins* plugins,
                                                      const clv_run_options* options,
                                                      const char* plugin_id,
                                                      const clv_batch* scores,
                                                      clv_job** out,
                                                      clv_diag* diag) CLV_NOEXCEPT;

enum {
  CLV_DECIDE_HAS_BUDGET = 1, /* budget_minor is a limit, also when it is 0 */
  CLV_DECIDE_NO_HOLDOUT = 2,
  CLV_DECIDE_WHAT_IF = 4 /* write nothing; without an engine nothing is written anyway */
};
typedef struct clv_decide_options {
  uint32_t struct_size;
  uint32_t flags;           /* CLV_DECIDE_... */
  int64_t budget_minor;     /* expected cash: (p0 + tau) delta + c, summed */
  double z;                 /* the gate asks for mean - z sd > 0; 0 = 1.0 */
  double holdout_share;     /* 0 = .10; CLV_DECIDE_NO_HOLDOUT for none */
  const char* holdout_salt; /* default "clv" */
  double margin;            /* as in clv_score_options */
  int64_t now_us;           /* proposals that expired before are refused; 0 = not checked */
  const char* policy_json;  /* sdk/POLICY.md; NULL = no rules beyond the above */
  /* "customers", "consent", "contacts", "evidence"; of an engine they take the place of its
   * recorded ones of that name. */
  const clv_named_batch* facts;
  int32_t n_facts;
  uint32_t spare; /* 0 */
  /* Stateless: chain_hash of the decision before; NULL starts a chain. An engine goes on from its
   * own last decision and takes none. */
  const char* previous_hash;
  /* Of an engine: made elsewhere, such as by plugins in processes of their own; they come after
   * those of `plugins`. */
  const clv_batch* proposals;
  const char* model; /* of an engine: number or alias; NULL = the one that made the scores */
} clv_decide_options;
/* model + scores + proposals -> decisions, one row per customer of `scores`: the action chosen, or
 * the reason code why none. "refusals": each proposal not chosen, why; "budget": spent, expected
 * profit, bound, shadow price. [any] */
CLV_API clv_status CLV_CALL clv_decide_begin(const clv_decide_options* options,
                                             const clv_model* model,
                                             const clv_batch* scores,
                                             const clv_batch* proposals,
                                             clv_job** out,
                                             clv_diag* diag) CLV_NOEXCEPT;

/* Receipts computed again from what they say themselves, and the chain of hashes checked:
 * `decisions` has receipt, prev_hash, chain_hash. Main table: decision_id, customer, matches,
 * difference. [any] */
CLV_API clv_status CLV_CALL clv_replay_begin(const clv_run_options* options,
                                             const clv_batch* decisions,
                                             clv_job** out,
                                             clv_diag* diag) CLV_NOEXCEPT;

CLV_END_C
#endif
