#include "CKernels.h"
#include "lanes.h"

#include <math.h>

// Tokens are stored channels last: [n][channels].

struct token_job {
  const float *src, *cotangent, *scale, *shift;
  float *dst;
  float epsilon;
  size_t channels;
};

// Sums over the channels of one token run in eight strands, added up at the end.
enum { STRANDS = 8 };
typedef float strands __attribute__((vector_size(32)));

LQC_INLINE strands strands_load(const float *from) {
  strands result;
  memcpy(&result, from, sizeof result);
  return result;
}

LQC_INLINE float strands_sum(strands value) {
  return ((value[0] + value[4]) + (value[1] + value[5])) + ((value[2] + value[6]) + (value[3] + value[7]));
}

LQC_INLINE void moments(const float *x, size_t channels, float epsilon, float *mean, float *rate) {
  const size_t whole = channels / STRANDS * STRANDS;
  strands sum = {0}, square = {0};
  float rest = 0;
  for (size_t c = 0; c < whole; c += STRANDS) sum += strands_load(x + c);
  for (size_t c = whole; c < channels; c++) rest += x[c];
  *mean = (strands_sum(sum) + rest) / (float)channels;
  rest = 0;
  for (size_t c = 0; c < whole; c += STRANDS) {
    const strands difference = strands_load(x + c) - *mean;
    square += difference * difference;
  }
  for (size_t c = whole; c < channels; c++) rest += (x[c] - *mean) * (x[c] - *mean);
  *rate = 1 / sqrtf((strands_sum(square) + rest) / (float)channels + epsilon);
}

LQC_INLINE void layer_norm_body(const void *context, size_t first, size_t last) {
  const struct token_job *job = context;
  const size_t channels = job->channels;
  for (size_t t = first; t < last; t++) {
    const float *x = job->src + t * channels;
    float *y = job->dst + t * channels, mean, rate;
    moments(x, channels, job->epsilon, &mean, &rate);
    if (job->scale)
      for (size_t c = 0; c < channels; c++) y[c] = (x[c] - mean) * rate * job->scale[c] + job->shift[c];
    else
      for (size_t c = 0; c < channels; c++) y[c] = (x[c] - mean) * rate;
  }
}
LQC_VECTORISED(layer_norm)

LQC_INLINE void layer_norm_gradient_body(const void *context, size_t first, size_t last) {
  const struct token_job *job = context;
  const size_t channels = job->channels, whole = channels / STRANDS * STRANDS;
  for (size_t t = first; t < last; t++) {
    const float *x = job->src + t * channels, *g = job->cotangent + t * channels, *scale = job->scale;
    float *dx = job->dst + t * channels, mean, rate;
    moments(x, channels, job->epsilon, &mean, &rate);
    strands one = {0}, two = {0};
    for (size_t c = 0; c < whole; c += STRANDS) {
      const strands dy = scale ? strands_load(g + c) * strands_load(scale + c) : strands_load(g + c);
      one += dy;
      two += dy * (strands_load(x + c) - mean);
    }
    float rest = 0, other = 0;
    for (size_t c = whole; c < channels; c++) {
      const float dy = scale ? g[c] * scale[c] : g[c];
      rest += dy;
      other += dy * (x[c] - mean);
    }
    const float average = (strands_sum(one) + rest) / (float)channels;
    const float slope = (strands_sum(two) + other) / (float)channels * rate * rate;
    for (size_t c = 0; c < channels; c++)
      dx[c] = rate * ((scale ? g[c] * scale[c] : g[c]) - average - (x[c] - mean) * slope);
  }
}
LQC_VECTORISED(layer_norm_gradient)

void lqc_layer_norm(const float *src, float *dst, const float *scale, const float *shift, float epsilon, size_t n,
                    size_t channels) {
  const struct token_job job = {src, NULL, scale, shift, dst, epsilon, channels};
  lqc_parallel(n, layer_norm, &job);
}

void lqc_layer_norm_gradient(const float *src, const float *cotangent, const float *scale, float epsilon, float *dst,
                             size_t n, size_t channels) {
  const struct token_job job = {src, cotangent, scale, NULL, dst, epsilon, channels};
  lqc_parallel(n, layer_norm_gradient, &job);
}

struct gelu_job {
  const float *src, *cotangent;
  float *dst;
  size_t count;
};

enum { SPAN = 1024 };

// The normal distribution function within 1e-7 (Abramowitz and Stegun 7.1.26) and its density.
LQC_INLINE void normal(lanes x, lanes *probability, lanes *density) {
  const lanes size = lanes_select(x < 0, -x, x);
  const lanes bell = lanes_exp2(x * x * -0.72134752f);  // exp(-x^2 / 2)
  const lanes t = 1 / (1 + 0.2316419f * size);          // 0.3275911 / sqrt(2)
  lanes p = lanes_of(1.061405429f);
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  const lanes tail = 0.5f * p * t * bell;
  *probability = lanes_select(x < 0, tail, 1 - tail);
  *density = 0.39894228f * bell;
}

LQC_INLINE void gelu_lanes(const struct gelu_job *job, const float *src, const float *cotangent, float *dst) {
  const lanes x = lanes_load(src);
  lanes probability, density;
  normal(x, &probability, &density);
  lanes_store(dst, job->cotangent ? lanes_load(cotangent) * (probability + x * density) : x * probability);
}

LQC_INLINE void gelu_body(const void *context, size_t first, size_t last) {
  const struct gelu_job *job = context;
  const size_t end = last * SPAN < job->count ? last * SPAN : job->count;
  size_t i = first * SPAN;
  for (; i + LANES <= end; i += LANES) gelu_lanes(job, job->src + i, job->cotangent ? job->cotangent + i : NULL, job->dst + i);
  if (i == end) return;
  float x[LANES] = {0}, g[LANES] = {0}, y[LANES];
  memcpy(x, job->src + i, (end - i) * sizeof(float));
  if (job->cotangent) memcpy(g, job->cotangent + i, (end - i) * sizeof(float));
  gelu_lanes(job, x, g, y);
  memcpy(job->dst + i, y, (end - i) * sizeof(float));
}
LQC_VECTORISED(gelu)

void lqc_gelu(const float *src, const float *cotangent, float *dst, size_t count) {
  const struct gelu_job job = {src, cotangent, dst, count};
  lqc_parallel((count + SPAN - 1) / SPAN, gelu, &job);
}

struct merge_job {
  struct lqc_patch_merging shape;
  const float *src;
  float *dst;
};

// The token of an input that is `part` of a merged one, or -1 outside the volume.
LQC_INLINE long merged_token(const struct lqc_patch_merging *shape, size_t token, size_t part) {
  const size_t height = (shape->extent[1] + 1) / 2, width = (shape->extent[2] + 1) / 2;
  const size_t z = token / (height * width) * 2 + (shape->parts[part] >> 2 & 1);
  const size_t y = token / width % height * 2 + (shape->parts[part] >> 1 & 1);
  const size_t x = token % width * 2 + (shape->parts[part] & 1);
  if (z >= shape->extent[0] || y >= shape->extent[1] || x >= shape->extent[2]) return -1;
  return (long)((z * shape->extent[1] + y) * shape->extent[2] + x);
}

static void merge(const void *context, size_t first, size_t last) {
  const struct merge_job *job = context;
  const size_t channels = job->shape.channels;
  for (size_t token = first; token < last; token++)
    for (size_t part = 0; part < 8; part++) {
      const long from = merged_token(&job->shape, token, part);
      float *dst = job->dst + (token * 8 + part) * channels;
      if (from < 0)
        memset(dst, 0, channels * sizeof(float));
      else
        memcpy(dst, job->src + (size_t)from * channels, channels * sizeof(float));
    }
}

// Merged tokens share no voxel, so that each can be taken apart by itself.
static void split(const void *context, size_t first, size_t last) {
  const struct merge_job *job = context;
  const size_t channels = job->shape.channels;
  for (size_t token = first; token < last; token++) {
    struct lqc_patch_merging every = job->shape;
    for (size_t part = 0; part < 8; part++) every.parts[part] = (unsigned char)part;
    for (size_t part = 0; part < 8; part++) {
      const long to = merged_token(&every, token, part);
      if (to >= 0) memset(job->dst + (size_t)to * channels, 0, channels * sizeof(float));
    }
    for (size_t part = 0; part < 8; part++) {
      const long to = merged_token(&job->shape, token, part);
      if (to < 0) continue;
      const float *src = job->src + (token * 8 + part) * channels;
      float *dst = job->dst + (size_t)to * channels;
      for (size_t c = 0; c < channels; c++) dst[c] += src[c];
    }
  }
}

static size_t merged_tokens(const struct lqc_patch_merging *shape) {
  return (shape->extent[0] + 1) / 2 * ((shape->extent[1] + 1) / 2) * ((shape->extent[2] + 1) / 2);
}

void lqc_merge_patches(const struct lqc_patch_merging *shape, const float *src, float *dst) {
  const struct merge_job job = {*shape, src, dst};
  lqc_parallel(merged_tokens(shape), merge, &job);
}

void lqc_split_patches(const struct lqc_patch_merging *shape, const float *src, float *dst) {
  const struct merge_job job = {*shape, src, dst};
  lqc_parallel(merged_tokens(shape), split, &job);
}
