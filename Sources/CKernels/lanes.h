#ifndef LESIONQC_LANES_H
#define LESIONQC_LANES_H

#include "parallel.h"

#include <string.h>

// How such vectors are passed depends on the instruction set; no function here survives as a call.
#pragma clang diagnostic ignored "-Wpsabi"

// Sixteen numbers that the compiler keeps in the widest registers of the instruction set at hand: one with AVX-512, two with
// AVX2, four otherwise.
enum { LANES = 16 };
typedef float lanes __attribute__((vector_size(64)));
typedef int lane_bits __attribute__((vector_size(64)));

LQC_INLINE lanes lanes_of(float value) { return (lanes){0} + value; }

LQC_INLINE lanes lanes_load(const float *from) {
  lanes result;
  memcpy(&result, from, sizeof result);
  return result;
}

LQC_INLINE void lanes_store(float *to, lanes value) { memcpy(to, &value, sizeof value); }

// where ? a : b, bit by bit; comparisons of lanes give such masks.
LQC_INLINE lanes lanes_select(lane_bits where, lanes a, lanes b) {
  return (lanes)((where & (lane_bits)a) | (~where & (lane_bits)b));
}

LQC_INLINE lanes lanes_max(lanes a, lanes b) { return lanes_select(a > b, a, b); }

LQC_INLINE float lanes_sum(lanes value) {
  float sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += value[lane];
  return sum;
}

// 2^x within 2e-7 of its value; 2^-100 below x = -100, small enough to vanish and large enough to
// be multiplied without denormal numbers, which are slow. x must stay below 128.
LQC_INLINE lanes lanes_exp2(lanes x) {
  x = lanes_max(x, lanes_of(-100));
  // The nearest whole number ends up in the lowest bits of the sum.
  const lanes shifted = x + 12582912.0f;
  const lanes rest = x - (shifted - 12582912.0f);
  // Taylor series of 2^rest about 0 for |rest| <= 1/2; the remainder is below 1.2e-7.
  lanes p = lanes_of(1.5403530e-4f);
  p = p * rest + 1.3333558e-3f;
  p = p * rest + 9.6181291e-3f;
  p = p * rest + 5.5504109e-2f;
  p = p * rest + 2.4022651e-1f;
  p = p * rest + 6.9314718e-1f;
  p = p * rest + 1.0f;
  return (lanes)((lane_bits)p + ((lane_bits)shifted << 23));
}

#endif
