#include "parallel.h"

#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

// libgomp's entry points, declared here because clang ships neither omp.h nor code generation for libgomp. Using its pool
// rather than threads of our own keeps kernels and oneDNN primitives from competing for the cores.
void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags);
void omp_set_num_threads(int);
int omp_get_max_threads(void);
int omp_get_num_procs(void);
int omp_get_num_threads(void);
int omp_get_thread_num(void);

void lqc_set_threads(int count) { omp_set_num_threads(count); }
int lqc_processors(void) { return omp_get_num_procs(); }

// The level that a name of an instruction set stands for, 2 for none and for one above AVX2.
static int named_level(const char *name) {
  if (!name) return 2;
  if (!strcmp(name, "SSE41") || !strcmp(name, "AVX")) return 0;
  return strncmp(name, "AVX2", 4) ? 2 : 1;
}

int lqc_vector_level(void) {
  // Written once or several times with the same value.
  static _Atomic int known = -1;
  int level = known;
  if (level >= 0) return level;
  const int wide =
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  level = wide ? 2 : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 1 : 0;
  const char *own = getenv("LESIONQC_MAX_CPU_ISA");
  const int asked = named_level(own ? own : getenv("ONEDNN_MAX_CPU_ISA"));
  known = level = asked < level ? asked : level;
  return level;
}

struct job {
  size_t count;
  void (*body)(const void *, size_t, size_t);
  const void *context;
};

static void share(void *data) {
  const struct job *job = data;
  const size_t threads = (size_t)omp_get_num_threads(), me = (size_t)omp_get_thread_num();
  const size_t first = job->count * me / threads, last = job->count * (me + 1) / threads;
  if (first < last) job->body(job->context, first, last);
}

void lqc_parallel(size_t count, void (*body)(const void *, size_t, size_t), const void *context) {
  struct job job = {count, body, context};
  if (count <= 1 || omp_get_max_threads() == 1) {
    if (count > 0) body(context, 0, count);
    return;
  }
  GOMP_parallel(share, &job, 0, 0);
}
