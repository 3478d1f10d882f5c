#ifndef LESIONQC_PARALLEL_H
#define LESIONQC_PARALLEL_H

#include <stddef.h>

// The widest vectors to use: 2 AVX-512 (F, DQ, BW, VL), 1 AVX2 with FMA, 0 neither. What the machine has, or less where the
// environment variable LESIONQC_MAX_CPU_ISA (SSE41, AVX2) asks for less of these kernels alone, or without it
// ONEDNN_MAX_CPU_ISA, so that one setting narrows oneDNN and these kernels alike.
int lqc_vector_level(void);

// Calls body(context, first, last) so that [0, count) is covered once, in contiguous shares of the OpenMP pool.
void lqc_parallel(size_t count, void (*body)(const void *context, size_t first, size_t last), const void *context);

// Defines `name(context, first, last)` that runs the inline function `name_body` compiled for the best instruction set of
// the machine. 512-bit vectors are asked for: clang prefers 256 otherwise.
#define LQC_VECTORISED(name)                                                                                          \
  __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"), min_vector_width(512)))                            \
  static void name##_avx512(const void *context, size_t first, size_t last) {                                         \
    name##_body(context, first, last);                                                                                \
  }                                                                                                                   \
  __attribute__((target("avx2,fma")))                                                                                 \
  static void name##_avx2(const void *context, size_t first, size_t last) {                                           \
    name##_body(context, first, last);                                                                                \
  }                                                                                                                   \
  static void name(const void *context, size_t first, size_t last) {                                                  \
    switch (lqc_vector_level()) {                                                                                     \
    case 2: name##_avx512(context, first, last); break;                                                               \
    case 1: name##_avx2(context, first, last); break;                                                                 \
    default: name##_body(context, first, last);                                                                       \
    }                                                                                                                 \
  }

#define LQC_INLINE static inline __attribute__((always_inline))

#endif
