#include "CKernels.h"
#include "lanes.h"

#include <math.h>
#include <stdlib.h>

// Keys (or queries) that are worked on between two looks at the largest logit; a tile stays in the L1 cache.
enum { TILE = 32 };

static const float LOG2E = 1.44269504f, LN2 = 0.69314718f;
// MONAI's mask is -100 in natural units.
static const float MASKED = -144.269504f;

// One window of one head, gathered. padded: tokens rounded up to whole pairs of lanes.
struct window {
  size_t tokens, padded;
  float scale;
  const int *regions;  // [padded], or NULL where every token sees every other
  float *q;            // [depth][padded], times scale * log2(e)
  float *k, *v;        // [tokens][depth]
  float *bias;         // [padded query / 16][key][16 queries], times log2(e)
  float *cotangent;    // [depth][padded], of the result
  float *sums, *inner; // [padded]: log2 of the softmax's denominator; cotangent . result
  // The same, laid out for lanes of keys.
  float *keys, *values;                // [depth][padded]
  float *query_rows, *cotangent_rows;  // [tokens][depth]
  float *bias_rows;                    // [padded key / 16][query][16 keys]
};

LQC_INLINE const float *bias_of(const struct window *window, const float *bias, size_t lane, size_t token) {
  return bias + (lane / LANES * window->tokens + token) * LANES;
}

// Sums over the channels of a head stay in registers only where the loops over them are gone.
#define UNROLLED _Pragma("clang loop unroll(full)")

#define DEPTH 4
#define CAPACITY 4
#define NAMED(name) name##_4
#include "window_attention_kernels.h"
#undef DEPTH
#undef CAPACITY
#undef NAMED

#define DEPTH 8
#define CAPACITY 8
#define NAMED(name) name##_8
#include "window_attention_kernels.h"
#undef DEPTH
#undef CAPACITY
#undef NAMED

#define DEPTH 16
#define CAPACITY 16
#define NAMED(name) name##_16
#include "window_attention_kernels.h"
#undef DEPTH
#undef CAPACITY
#undef NAMED

#undef UNROLLED
#define UNROLLED

#define DEPTH depth
#define CAPACITY LQC_ATTENTION_DEPTH
#define NAMED(name) name##_any
#include "window_attention_kernels.h"

struct attention_job {
  struct lqc_window_attention shape;
  const float *qkv, *result, *cotangent;
  float *dst, *sums;
};

static size_t padded_tokens(const struct lqc_window_attention *shape) {
  return (shape->tokens + 2 * LANES - 1) / (2 * LANES) * (2 * LANES);
}

// Cuts one piece of `count` numbers out of a block of memory, on a boundary of whole lanes.
static float *cut(float **memory, size_t count) {
  float *piece = *memory;
  *memory += (count + LANES - 1) / LANES * LANES;
  return piece;
}

static float *working_memory(size_t count) {
  float *memory = aligned_alloc(64, count * sizeof(float));
  if (!memory) abort();
  memset(memory, 0, count * sizeof(float));
  return memory;
}

// log2(e) * table[place[i] - place[j] + origin] for lanes of queries i and keys j, or with the two exchanged.
LQC_INLINE void spread_bias(const struct lqc_window_attention *shape, size_t head, int exchanged, float *bias) {
  const float *table = shape->table + head * shape->table_count;
  for (size_t j = 0; j < shape->tokens; j++)
    for (size_t i = 0; i < shape->tokens; i++) {
      const int difference = exchanged ? shape->place[j] - shape->place[i] : shape->place[i] - shape->place[j];
      bias[(i / LANES * shape->tokens + j) * LANES + i % LANES] = table[difference + shape->origin] * LOG2E;
    }
}

// Reads q, k and v of one window and head. `backward` adds what only the gradient needs.
LQC_INLINE void gather(const struct attention_job *job, struct window *window, const size_t depth, size_t head,
                       size_t index, int backward) {
  const struct lqc_window_attention *shape = &job->shape;
  const size_t n = window->padded, channels = shape->heads * depth;
  const int *voxels = shape->voxels + index * shape->tokens;
  for (size_t i = 0; i < shape->tokens; i++) {
    const float *q = (voxels[i] < 0 ? shape->absent : job->qkv + (size_t)voxels[i] * 3 * channels) + head * depth;
    const float *k = q + channels, *v = k + channels;
    for (size_t d = 0; d < depth; d++) {
      const float scaled = q[d] * (window->scale * LOG2E);
      window->q[d * n + i] = scaled;
      window->k[i * depth + d] = k[d];
      window->v[i * depth + d] = v[d];
      if (!backward) continue;
      window->query_rows[i * depth + d] = scaled;
      window->keys[d * n + i] = k[d];
      window->values[d * n + i] = v[d];
    }
    if (!backward) continue;
    float inner = 0;
    for (size_t d = 0; d < depth; d++) {
      const size_t at = (size_t)(voxels[i] < 0 ? 0 : voxels[i]) * channels + head * depth + d;
      const float cotangent = voxels[i] < 0 ? 0 : job->cotangent[at];
      window->cotangent[d * n + i] = window->cotangent_rows[i * depth + d] = cotangent;
      inner += cotangent * job->result[at];
    }
    window->inner[i] = inner;
  }
}

LQC_INLINE int is_mixed(const int *regions, size_t count) {
  int difference = 0;
  for (size_t i = 1; i < count; i++) difference |= regions[i] ^ regions[0];
  return difference != 0;
}

// Units are ordered by head, so that a thread spreads the bias of few heads.
LQC_INLINE void attention_rows(const struct attention_job *job, size_t first, size_t last, const size_t depth, int backward) {
  const struct lqc_window_attention *shape = &job->shape;
  const size_t n = padded_tokens(shape), tokens = shape->tokens, channels = shape->heads * depth;
  const size_t table = n * tokens;
  float *const memory = working_memory(n * (16 + 13 * depth) + (backward ? 2 : 1) * table + 256), *rest = memory;
  float *out = cut(&rest, 3 * depth * n);
  int *regions = (int *)cut(&rest, n);
  struct window window = {
      .tokens = tokens, .padded = n, .scale = 1 / sqrtf((float)depth), .q = cut(&rest, depth * n),
      .k = cut(&rest, depth * n), .v = cut(&rest, depth * n), .bias = cut(&rest, table),
      .cotangent = cut(&rest, depth * n), .inner = cut(&rest, n), .keys = cut(&rest, depth * n),
      .values = cut(&rest, depth * n), .query_rows = cut(&rest, depth * n), .cotangent_rows = cut(&rest, depth * n),
      .bias_rows = backward ? cut(&rest, table) : NULL};
  size_t spread = shape->heads;
  for (size_t unit = first; unit < last; unit++) {
    const size_t head = unit / shape->windows, index = unit % shape->windows;
    const int *voxels = shape->voxels + index * tokens;
    if (head != spread) {
      spread_bias(shape, head, 0, window.bias);
      if (backward) spread_bias(shape, head, 1, window.bias_rows);
      spread = head;
    }
    window.regions = NULL;
    if (shape->regions && is_mixed(shape->regions + index * tokens, tokens)) {
      memcpy(regions, shape->regions + index * tokens, tokens * sizeof(int));
      window.regions = regions;
    }
    window.sums = job->sums + unit * n;
    gather(job, &window, depth, head, index, backward);
    if (!backward) {
      if (depth == 4)
        forward_window_4(&window, depth, out, window.sums);
      else if (depth == 8)
        forward_window_8(&window, depth, out, window.sums);
      else if (depth == 16)
        forward_window_16(&window, depth, out, window.sums);
      else
        forward_window_any(&window, depth, out, window.sums);
      for (size_t i = 0; i < tokens; i++) {
        if (voxels[i] < 0) continue;
        float *dst = job->dst + (size_t)voxels[i] * channels + head * depth;
        for (size_t d = 0; d < depth; d++) dst[d] = out[d * n + i];
      }
      continue;
    }
    if (depth == 4)
      gradient_window_4(&window, depth, out);
    else if (depth == 8)
      gradient_window_8(&window, depth, out);
    else if (depth == 16)
      gradient_window_16(&window, depth, out);
    else
      gradient_window_any(&window, depth, out);
    for (size_t i = 0; i < tokens; i++) {
      if (voxels[i] < 0) continue;
      float *dst = job->dst + (size_t)voxels[i] * 3 * channels + head * depth;
      for (size_t part = 0; part < 3; part++)
        for (size_t d = 0; d < depth; d++) dst[part * channels + d] = out[(part * depth + d) * n + i];
    }
  }
  free(memory);
}

LQC_INLINE void attention_body(const void *context, size_t first, size_t last) {
  const struct attention_job *job = context;
  attention_rows(job, first, last, job->shape.depth, 0);
}
LQC_VECTORISED(attention)

LQC_INLINE void attention_gradient_body(const void *context, size_t first, size_t last) {
  const struct attention_job *job = context;
  attention_rows(job, first, last, job->shape.depth, 1);
}
LQC_VECTORISED(attention_gradient)

size_t lqc_window_attention_sums(const struct lqc_window_attention *shape) {
  return shape->heads * shape->windows * padded_tokens(shape);
}

void lqc_window_attention(const struct lqc_window_attention *shape, const float *qkv, float *dst, float *sums) {
  const struct attention_job job = {*shape, qkv, NULL, NULL, dst, sums};
  lqc_parallel(shape->heads * shape->windows, attention, &job);
}

void lqc_window_attention_gradient(const struct lqc_window_attention *shape, const float *qkv, const float *result,
                                   const float *sums, const float *cotangent, float *gradient) {
  const struct attention_job job = {*shape, qkv, result, cotangent, gradient, (float *)sums};
  lqc_parallel(shape->heads * shape->windows, attention_gradient, &job);
}
