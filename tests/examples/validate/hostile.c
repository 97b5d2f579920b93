/* Plugins that are wrong in one place each: built once per name of CMakeLists.txt, with
 * HOSTILE_<NAME> defined. Without any it is a good plugin. validate_test.cpp says
 * which check of clv validate must catch which. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clv_plugin.h"

#if defined(__clang__)
#define KEPT __attribute__((used))
#else
#define KEPT __attribute__((noipa))
#endif

/* ---- What is wrong with it, by where it happens. ---- */

#ifdef HOSTILE_EXPORTS_MORE
CLV_PLUGIN_EXPORT int clv_helper_of_mine(void);
int clv_helper_of_mine(void) {
  return 1;
}
#endif

#ifdef HOSTILE_SLOW_TO_LOAD
__attribute__((constructor)) static void work_at_load(void) {
  usleep(20000);
}
#endif

#ifdef HOSTILE_THREAD_READS_FILE
/* A thread that is there before anybody can watch, and reads when it is told to. */
static int to_thread[2], from_thread[2];
static void* read_when_told(void* nothing) {
  char told;
  if (read(to_thread[0], &told, 1) != 1) abort();
  const int file = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
  if (write(from_thread[1], &told, 1) != 1 || file < 0) abort();
  return nothing;
}
__attribute__((constructor)) static void start_thread(void) {
  pthread_t thread;
  if (pipe(to_thread) != 0 || pipe(from_thread) != 0) abort();
  pthread_create(&thread, NULL, read_when_told, NULL);
}
#endif

static void at_load(void) {
#ifdef HOSTILE_SLOW_ENTRY
  usleep(20000);
#endif
#ifdef HOSTILE_ROUNDS_AT_LOAD
  fesetround(FE_DOWNWARD);
#endif
}

#ifdef HOSTILE_THREAD_ENDS_LATER
/* As the system lists a thread for a moment after it was joined, but always. */
static void* end_in_a_moment(void* nothing) {
  usleep(20000);
  return nothing;
}
#endif

static void* idle(void* nothing) {
  for (;;) pause();
  return nothing;
}

static void KEPT at_create(void) {
#ifdef HOSTILE_LEAVES_THREAD
  pthread_t thread;
  pthread_create(&thread, NULL, idle, NULL);
#endif
#ifdef HOSTILE_READS_FILE_ONCE
  static int been_here = 0;
  if (!been_here++) close(open("/etc/hostname", O_RDONLY | O_CLOEXEC));
#endif
#ifdef HOSTILE_LEAVES_DESCRIPTOR
  if (dup(0) < 0) abort();
#endif
#ifdef HOSTILE_LEAVES_PROCESS
  if (fork() == 0) {
    setsid();
    pause();
    _exit(0);
  }
#endif
#ifdef HOSTILE_LEAKS_INSTANCES
  memset(malloc(100), 1, 100);
#endif
  (void)idle;
}

static int calls = 0; /* of all instances */

/* Once per batch; what is returned is added to the contact cost. */
static int64_t KEPT at_batch(const clv_plugin_host* host, const clv_batch* in) {
  int64_t more = 0;
  ++calls;
#if defined(HOSTILE_REMEMBERS) || defined(HOSTILE_SAYS_IT_DIFFERS)
  more = calls;
#endif
#ifdef HOSTILE_ASKS_THE_TIME
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  more = now.tv_sec * 1000 + now.tv_nsec / 1000000;
#endif
#ifdef HOSTILE_USES_ADDRESSES
  more = (int64_t)((uintptr_t)&calls >> 12 & 0xFFFF);
#endif
#ifdef HOSTILE_COUNTS_ROWS
  more = in->n_rows;
#endif
#ifdef HOSTILE_FAILS_AT_MANY
  if (in->n_rows > 50000) return -1;
#endif
#ifdef HOSTILE_FAILS_AT_NONE
  if (in->n_rows == 0) return -1;
#endif
#ifdef HOSTILE_CRASHES
  abort();
#endif
#ifdef HOSTILE_EXITS
  exit(3);
#endif
#ifdef HOSTILE_HANGS
  for (;;) pause();
#endif
#ifdef HOSTILE_PRINTS
  printf("hello\n");
  fflush(stdout);
#endif
#ifdef HOSTILE_LEAKS
  memset(malloc(100), 1, 100);
#endif
#ifdef HOSTILE_READS_NEWER_HOST
  more += ((const volatile char*)host)[host->struct_size] & 0;
#endif
#ifdef HOSTILE_READS_BEYOND
  if (in->n_rows > 0) more += ((const volatile char*)in->columns[0].data)[in->n_rows * 8] & 0;
#endif
#ifdef HOSTILE_WRITES
  if (in->n_rows > 0) *(volatile double*)(uintptr_t)in->columns[0].data = 0;
#endif
#ifdef HOSTILE_ROUNDS
  fesetround(FE_UPWARD);
#endif
#ifdef HOSTILE_SETS_LOCALE
  setlocale(LC_NUMERIC, "C.UTF-8");
#endif
#ifdef HOSTILE_SETS_VARIABLE
  setenv("HOSTILE", "1", 1);
#endif
#ifdef HOSTILE_CHANGES_FOLDER
  if (chdir("/") != 0) abort();
#endif
#ifdef HOSTILE_TAKES_SIGNALS
  signal(SIGTERM, SIG_IGN);
#endif
#ifdef HOSTILE_READS_FILE
  const int file = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
  if (file >= 0) close(file);
#endif
#ifdef HOSTILE_OPENS_SOCKET
  const int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (end >= 0) close(end);
#endif
#ifdef HOSTILE_THREAD_READS_FILE
  char told = 'x';
  if (write(to_thread[1], &told, 1) != 1 || read(from_thread[0], &told, 1) != 1) abort();
#endif
#ifdef HOSTILE_CALLS
  /* Nothing of that name is there: where the call is not stopped, it fails. */
  static const char* const nowhere = "/nonexistent/clv";
  const char* number = getenv("HOSTILE_CALL");
  if (number != NULL) syscall(atoi(number), nowhere, nowhere, nowhere, nowhere, nowhere);
#endif
#ifdef HOSTILE_SEES_DESCRIPTORS
  for (int d = 5; d < 1024; ++d)
    if (fcntl(d, F_GETFD) >= 0) return -1;
#endif
#ifdef HOSTILE_STARTS_PROCESS
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, NULL, 0);
#endif
#ifdef HOSTILE_WAITS_FOR_ITS_THREAD
  static __thread int mine = 0;
  if (mine++ == 0) more = 0;
  static pthread_t first;
  static int known = 0;
  if (!known) first = pthread_self();
  known = 1;
  if (!pthread_equal(first, pthread_self())) return -1;
#endif
#ifdef HOSTILE_IGNORES_CANCEL
  if (in->n_rows > 50000) sleep(4);
#endif
#ifdef HOSTILE_FAILS_WHEN_CANCELLED
  if (host->cancelled(host->ctx)) return -1;
#endif
  (void)host;
  (void)in;
  return more;
}

/* ---- A plugin like plugins/template. ---- */

typedef struct instance {
  const clv_plugin_host* host;
} instance;

static instance shared_instance; /* used where two instances share what they should not */
static int alive_instances = 0;

static clv_status create(const clv_plugin_host* host, const char* config, void** self) {
  at_create();
#ifdef HOSTILE_TAKES_ANY_SETTING
  (void)config;
#else
  if (strcmp(config, "{}") != 0) {
    host->fail(host->ctx, -1, "it takes no settings");
    return CLV_E_INVALID;
  }
#endif
#ifdef HOSTILE_ONE_AT_A_TIME
  if (alive_instances > 0) {
    host->fail(host->ctx, -1, "there is an instance already");
    return CLV_E_STATE;
  }
#endif
  instance* made = malloc(sizeof *made);
  if (made == NULL) return CLV_E_NO_MEMORY;
  ++alive_instances;
  made->host = host;
  *self = made;
  return CLV_OK;
}

static void destroy(void* self) {
#ifdef HOSTILE_THREAD_ENDS_LATER
  pthread_t thread;
  if (pthread_create(&thread, NULL, end_in_a_moment, NULL) == 0) pthread_detach(thread);
#endif
  --alive_instances;
  free(self);
}

static int is_there(const clv_column* c, int64_t row) {
#ifdef HOSTILE_IGNORES_VALIDITY
  return 1 + 0 * (int)row + 0 * (int)c->type;
#else
  return c->validity == NULL || (c->validity[row / 8] >> (row % 8) & 1) != 0;
#endif
}

static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* out) {
  const clv_plugin_host* host = ((const instance*)self)->host;
  const int64_t more = at_batch(host, in);
  if (more < 0) {
    host->fail(host->ctx, -1, "no");
    return CLV_E_NUMERIC;
  }
  const clv_column* alive = &in->columns[0];
  for (int64_t row = 0; row < in->n_rows; ++row) {
    if (!is_there(alive, row)) {
#ifdef HOSTILE_FAILS_AT_ABSENT
      return CLV_E_DATA;
#endif
      continue;
    }
    const double p_alive = ((const double*)alive->data)[row];
#ifdef HOSTILE_FAILS_AT_ABSURD
    if (!(p_alive >= 0 && p_alive <= 1)) return CLV_E_NUMERIC;
#endif
    if (!(p_alive < .5)) continue;
    clv_proposal mine = CLV_SIZED(clv_proposal);
    mine.row = row;
    mine.action = "hostile.ask";
    mine.channel = "email";
    mine.reason = "Has probably left: ask whether everything is all right.";
    mine.effect_mean = .004;
    mine.effect_sd = .003;
    mine.contact_cost_minor = 1 + more;
#ifdef HOSTILE_LOOKS_AT_PLACE
    mine.contact_cost_minor += row % 2;
#endif
#ifdef HOSTILE_UNLISTED_ACTION
    if (row % 7 == 0) mine.action = "hostile.other";
#endif
#ifdef HOSTILE_SAYS_NO_REASON
    mine.reason = "";
#endif
    const clv_status status = out->emit(out->ctx, &mine);
    if (status < 0) return status;
  }
  return CLV_OK;
}

static const void* get_capability(const char* id) {
  static const clv_action_v1 action = {sizeof(clv_action_v1), 0, propose};
#ifdef HOSTILE_TAKES_LONGER_IDS
  return strncmp(id, CLV_CAP_ACTION_1, strlen(CLV_CAP_ACTION_1)) == 0 ? &action : NULL;
#else
  return strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : NULL;
#endif
}

#if defined(HOSTILE_SAYS_IT_DIFFERS)
#define SETTINGS                                                                              \
  ", \"deterministic\": false, \"config\": {\"type\": \"object\", \"additionalProperties\": " \
  "false}"
#elif defined(HOSTILE_TAKES_ANY_SETTING)
#define SETTINGS ""
#else
#define SETTINGS ", \"config\": {\"type\": \"object\", \"additionalProperties\": false}"
#endif

static clv_plugin_entry entry = {
    sizeof(clv_plugin_entry),
    CLV_ABI_PACK(1, 0),
    CLV_ABI_TARGET,
    0,
    "org.example.hostile",
    "Hostile",
    "1.0.0",
    "example",
    "Apache-2.0",
    "Wrong in one place.",
    "{\"reads\": [\"p_alive\"], \"actions\": [\"hostile.ask\"]" SETTINGS "}",
    create,
    destroy,
    get_capability};

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  at_load();
#ifdef HOSTILE_CHANGES_ITS_NAME
  static int asked = 0;
  entry.version = asked++ == 0 ? "1.0.0" : "1.0.1";
#endif
#ifdef HOSTILE_CRASHES_AT_OTHER_HOSTS
  if (host_abi >> 16 != CLV_ABI_MAJOR) abort();
#endif
  (void)host_abi;
  (void)shared_instance;
  return &entry;
}
