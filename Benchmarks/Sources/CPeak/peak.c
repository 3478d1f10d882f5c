#define _GNU_SOURCE
#include "CPeak.h"

#include <pthread.h>
#include <stddef.h>
#include <time.h>

enum { CHAINS = 12, STEPS = 4000000, RUNS = 5, MOST_THREADS = 256 };

// Independent chains of y = y * a + b: more of them than the latency of an addition times the additions per cycle.
#define CHAIN_LOOP(lanes)                                                                       \
  typedef float vector __attribute__((vector_size((lanes) * 4)));                               \
  vector y[CHAINS], a = {0}, b = {0};                                                           \
  a += 0.999f, b += 0.001f;                                                                     \
  for (int i = 0; i < CHAINS; i++) y[i] = a * (float)i;                                         \
  for (long step = 0; step < STEPS; step++) {                                                   \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) y[i] = y[i] * a + b;    \
  }                                                                                             \
  vector sum = y[0];                                                                            \
  for (int i = 1; i < CHAINS; i++) sum += y[i];                                                 \
  *sink = sum[0];                                                                               \
  return 2.0 * CHAINS * (lanes) * STEPS

__attribute__((target("avx512f,fma"), min_vector_width(512))) static double chains_avx512(volatile float *sink) {
  CHAIN_LOOP(16);
}
__attribute__((target("avx2,fma"))) static double chains_avx2(volatile float *sink) { CHAIN_LOOP(8); }
static double chains_portable(volatile float *sink) { CHAIN_LOOP(4); }

static double chains(volatile float *sink) {
  if (__builtin_cpu_supports("avx512f")) return chains_avx512(sink);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return chains_avx2(sink);
  return chains_portable(sink);
}

static void *worker(void *operations) {
  volatile float sink;
  *(double *)operations = chains(&sink);
  return NULL;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double lqc_measured_peak(int threads) {
  double best = 0;
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  for (int run = 0; run < RUNS; run++) {
    pthread_t handles[MOST_THREADS];
    double operations[MOST_THREADS], sum = 0;
    const double start = seconds();
    int started = 0;
    while (started < threads && !pthread_create(&handles[started], NULL, worker, &operations[started])) started++;
    for (int i = 0; i < started; i++) pthread_join(handles[i], NULL), sum += operations[i];
    const double rate = sum / (seconds() - start) * 1e-9;
    if (rate > best) best = rate;
  }
  return best;
}
