/* Loads a plugin of the stranger's own and asks it about one customer. */
#include <stdio.h>
#include <string.h>

#include "clv_run.h" /* installed beside clv.h, which it includes */

static int fail(const char* what, clv_diag* diag) {
  fprintf(stderr, "%s: %s\n", what, clv_diag_text(diag));
  clv_diag_free(diag);
  return 1;
}

int main(int argc, char** argv) {
  clv_diag* diag = clv_diag_new();
  clv_plugins* plugins = NULL;
  clv_job* job = NULL;
  clv_result* proposals = NULL;
  const double p_alive = .9;
  const clv_column column = {"p_alive", &p_alive, NULL, NULL, NULL, 0, CLV_T_F64, 0, NULL};
  clv_batch customers = CLV_SIZED(clv_batch);
  clv_plugin_options options = CLV_SIZED(clv_plugin_options);
  customers.n_columns = 1;
  customers.n_rows = 1;
  customers.columns = &column;

  if (argc != 2) return fail("usage: host PLUGIN", diag);
  if (clv_abi() >> 16 != CLV_ABI_MAJOR) return fail("another ABI", diag);
  if (clv_plugins_new(&plugins, diag) != CLV_OK) return fail("plugins", diag);
  if (clv_plugins_load(plugins, &options, argv[1], diag) != CLV_OK) return fail("load", diag);
  clv_status status = clv_propose_begin(plugins, NULL, &customers, &job, diag);
  status = clv_run(status, &job, NULL, &proposals, diag);
  if (status != CLV_OK) return fail("propose", diag);
  if (clv_result_rows(proposals) != 1) return fail("one proposal was expected", diag);
  printf("%s\n", clv_run_text(proposals, "action", 0));
  clv_result_free(proposals);
  clv_plugins_free(plugins);
  clv_diag_free(diag);
  return 0;
}
