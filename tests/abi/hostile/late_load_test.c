/* late_load_test <libclv.so>: loaded when 100 threads with much thread-local memory run already,
 * used by all of them at once, closed and loaded again: as a server does that learns of libclv
 * late. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#include "clv.h"

enum { threads = 100, rounds = 100 };

static _Thread_local char much[64 * 1024];
static pthread_barrier_t started, loaded;

static struct {
  clv_status (*catalogue)(const char*, clv_result**, clv_diag*);
  int64_t (*rows)(const clv_result*);
  void (*free)(clv_result*);
  clv_diag* (*new_diag)(void);
  int64_t (*count)(const clv_diag*);
  void (*free_diag)(clv_diag*);
} clv;

static void* load(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    puts(dlerror());
    return NULL;
  }
  *(void**)&clv.catalogue = dlsym(library, "clv_catalogue");
  *(void**)&clv.rows = dlsym(library, "clv_result_rows");
  *(void**)&clv.free = dlsym(library, "clv_result_free");
  *(void**)&clv.new_diag = dlsym(library, "clv_diag_new");
  *(void**)&clv.count = dlsym(library, "clv_diag_count");
  *(void**)&clv.free_diag = dlsym(library, "clv_diag_free");
  return clv.free_diag == NULL ? NULL : library;
}

/* One answer and one refusal, which is an exception inside the library. */
static int works(void) {
  clv_result* models = NULL;
  clv_diag* diag = clv.new_diag();
  const int answered = clv.catalogue("models", &models, diag) == CLV_OK && clv.rows(models) > 0;
  const int refused =
      clv.catalogue("nothing", &models, diag) == CLV_E_NOT_FOUND && clv.count(diag) == 1;
  clv.free(models);
  clv.free_diag(diag);
  return answered && refused;
}

static void* worker(void* failures) {
  much[0] = 1;
  pthread_barrier_wait(&started);
  pthread_barrier_wait(&loaded);
  for (int i = 0; i < rounds; ++i) *(int*)failures += !works();
  return NULL;
}

int main(int argc, char** argv) {
  static pthread_t running[threads];
  static int failures[threads];
  int failed = 0;
  if (argc < 2) return 2;
  pthread_barrier_init(&started, NULL, threads + 1);
  pthread_barrier_init(&loaded, NULL, threads + 1);
  for (int i = 0; i < threads; ++i) {
    if (pthread_create(&running[i], NULL, worker, &failures[i]) != 0) return 3;
  }
  pthread_barrier_wait(&started);
  void* library = load(argv[1]);
  if (library == NULL) return 4;
  pthread_barrier_wait(&loaded);
  for (int i = 0; i < threads; ++i) {
    pthread_join(running[i], NULL);
    failed += failures[i];
  }
  for (int i = 0; i < rounds; ++i) {
    if (dlclose(library) != 0 || (library = load(argv[1])) == NULL || !works()) return 5;
  }
  printf("%d threads, %d failures\n", threads, failed);
  return failed != 0;
}
