/* clv_run.h as a program in C uses it. Its example, and that it stands alone: headers_test.py. */
#include <math.h>
#include <string.h>

#include "clv_run.h"

static int failures;
#define EXPECT(what) \
  ((what) ? (void)0 : (void)(++failures, fprintf(stderr, "line %d: not %s\n", __LINE__, #what)))

static const char* const orders =
    "customer,time,amount\n"
    "anna,2025-01-01,19.99\nanna,2025-01-15,24.50\nbert,2025-01-08,5.00\n";

static clv_status read_csv(const char* text,
                           const char* schema,
                           clv_result** rows,
                           clv_diag* diag) {
  clv_job* job = NULL;
  clv_csv_options* csv = CLV_OPTIONS(clv_csv_options, .text = text, .currency = "EUR");
  csv->size = (int64_t)strlen(text);
  csv->schema = schema;
  const clv_status begun = clv_csv_begin(csv, &job, diag);
  const clv_status status = clv_run(begun, &job, NULL, rows, diag);
  EXPECT(job == NULL);
  return status;
}

static void options_have_their_size_and_are_else_zero(void) {
  const clv_fit_options* fit = CLV_OPTIONS(clv_fit_options, .model = "nbd", .threads = 2);
  EXPECT(fit->struct_size == sizeof(clv_fit_options));
  EXPECT(strcmp(fit->model, "nbd") == 0 && fit->threads == 2);
  EXPECT(fit->tolerance == 0 && fit->priors == NULL);
}

static void a_job_that_failed_is_freed_and_its_status_told(clv_diag* diag) {
  clv_result* untouched = NULL;
  clv_diag_clear(diag);
  EXPECT(read_csv("customer,time,amount\nanna,never,1\n", NULL, &untouched, diag) == CLV_E_DATA);
  EXPECT(untouched == NULL);
  EXPECT(strlen(clv_diag_text(diag)) > 0);
}

static void a_job_that_did_not_begin_is_not_stepped(clv_diag* diag) {
  clv_job* none = NULL;
  clv_result* untouched = NULL;
  EXPECT(clv_run(CLV_E_CONFLICT, &none, NULL, &untouched, diag) == CLV_E_CONFLICT);
  EXPECT(untouched == NULL);
}

static void a_table_that_is_not_there_is_told(const clv_batch* log, clv_diag* diag) {
  clv_job* job = NULL;
  clv_result* untouched = NULL;
  const clv_status begun = clv_summarize_begin(NULL, log, &job, diag);
  EXPECT(clv_run(begun, &job, "no_such", &untouched, diag) == CLV_E_NOT_FOUND);
  EXPECT(job == NULL && untouched == NULL);
  const clv_status again = clv_summarize_begin(NULL, log, &job, diag);
  EXPECT(clv_run(again, &job, NULL, NULL, diag) == CLV_OK); /* its table is not wanted */
  EXPECT(job == NULL);
}

static void cells_are_read_by_name(const clv_result* rows) {
  EXPECT(strcmp(clv_run_text(rows, "customer", 2), "bert") == 0);
  EXPECT(clv_run_text(rows, "customer", 3) == NULL);
  EXPECT(clv_run_text(rows, "no_such", 0) == NULL);
  EXPECT(clv_run_number(rows, "amount", 1) == 2450);
  EXPECT(isnan(clv_run_number(rows, "no_such", 0)));
}

/* What clv_run_print writes, in a static text. */
static const char* printed(const clv_result* r,
                           const char* const* names,
                           const char* unless,
                           clv_status wanted,
                           clv_diag* diag) {
  static char text[500];
  FILE* file = tmpfile();
  EXPECT(clv_run_print(file, r, "row", names, unless, diag) == wanted);
  rewind(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

static void a_table_is_shown_by_its_types(const clv_result* rows, clv_diag* diag) {
  const char* all = printed(rows, CLV_NAMES("customer", "amount"), NULL, CLV_OK, diag);
  EXPECT(strcmp(all, "row anna 1999 EUR\nrow anna 2450 EUR\nrow bert 500 EUR\n") == 0);
  all = printed(rows, CLV_NAMES("time"), NULL, CLV_OK, diag);
  EXPECT(strncmp(all, "row 1735689600000000\n", 21) == 0);
  all = printed(rows, CLV_NAMES("customer", "no_such"), NULL, CLV_E_INVALID, diag);
  EXPECT(strcmp(all, "") == 0);
}

static void only_rows_whose_text_is_there_are_shown(clv_diag* diag) {
  clv_result* rows = NULL;
  const char* text = "customer,note\nanna,\nbert,x\n";
  EXPECT(read_csv(text, "any", &rows, diag) == CLV_OK);
  const char* all = printed(rows, CLV_NAMES("customer"), "note", CLV_OK, diag);
  EXPECT(strcmp(all, "row bert\n") == 0);
  clv_diag_clear(diag);
  all = printed(rows, CLV_NAMES("customer"), "no_such", CLV_E_INVALID, diag);
  EXPECT(strcmp(all, "") == 0);
  EXPECT(strlen(clv_diag_text(diag)) > 0);
  clv_result_free(rows);
}

static void doubles_have_six_decimals(const clv_batch* log, clv_diag* diag) {
  clv_job* job = NULL;
  clv_result* summary = NULL;
  const clv_status begun = clv_summarize_begin(NULL, log, &job, diag);
  EXPECT(clv_run(begun, &job, NULL, &summary, diag) == CLV_OK);
  const char* all = printed(summary, CLV_NAMES("customer", "t_x"), NULL, CLV_OK, diag);
  EXPECT(strcmp(all, "row anna 2.000000\nrow bert 0.000000\n") == 0);
  clv_result_free(summary);
}

int main(void) {
  clv_diag* diag = clv_diag_new();
  clv_result* rows = NULL;
  clv_batch log = CLV_SIZED(clv_batch);
  EXPECT(read_csv(orders, NULL, &rows, diag) == CLV_OK);
  EXPECT(clv_result_batch(rows, &log, diag) == CLV_OK);
  options_have_their_size_and_are_else_zero();
  a_job_that_failed_is_freed_and_its_status_told(diag);
  a_job_that_did_not_begin_is_not_stepped(diag);
  a_table_that_is_not_there_is_told(&log, diag);
  cells_are_read_by_name(rows);
  a_table_is_shown_by_its_types(rows, diag);
  only_rows_whose_text_is_there_are_shown(diag);
  doubles_have_six_decimals(&log, diag);
  clv_result_free(rows);
  clv_diag_free(diag);
  return failures != 0;
}
