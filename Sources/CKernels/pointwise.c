#include "CKernels.h"
#include "parallel.h"

enum { CHUNK = 256 };

struct affine_job {
  const float *src;
  float *dst;
  const float *scale, *shift;
  float slope;
  size_t n, block, chunks;
};

LQC_INLINE float leaky(float x, float slope) { return x > 0 ? x : slope * x; }

LQC_INLINE void affine_rows(const struct affine_job *job, size_t first, size_t last, const size_t block) {
  for (size_t unit = first; unit < last; unit++) {
    const size_t b = unit / job->chunks, start = unit % job->chunks * CHUNK;
    const size_t end = start + CHUNK < job->n ? start + CHUNK : job->n;
    float scale[16], shift[16];
    for (size_t lane = 0; lane < block; lane++) {
      scale[lane] = job->scale ? job->scale[b * block + lane] : 1;
      shift[lane] = job->shift ? job->shift[b * block + lane] : 0;
    }
    const float *src = job->src + b * job->n * block;
    float *dst = job->dst + b * job->n * block;
    for (size_t v = start; v < end; v++)
      for (size_t lane = 0; lane < block; lane++)
        dst[v * block + lane] = leaky(src[v * block + lane] * scale[lane] + shift[lane], job->slope);
  }
}

LQC_INLINE void affine_body(const void *context, size_t first, size_t last) {
  const struct affine_job *job = context;
  if (job->block == 16)
    affine_rows(job, first, last, 16);
  else if (job->block == 8)
    affine_rows(job, first, last, 8);
  else
    affine_rows(job, first, last, 1);
}
LQC_VECTORISED(affine)

void lqc_channel_affine(const float *src, float *dst, const float *scale, const float *shift, float slope,
                        size_t blocks, size_t n, size_t block) {
  const size_t chunks = (n + CHUNK - 1) / CHUNK;
  const struct affine_job job = {src, dst, scale, shift, slope, n, block, chunks};
  lqc_parallel(blocks * chunks, affine, &job);
}

struct pair_job {
  const float *a, *b, *c, *sign;
  float *dst;
  float slope;
  size_t count;
};

enum { SPAN = 4096 };

LQC_INLINE size_t span_end(size_t last, size_t count) { return last * SPAN < count ? last * SPAN : count; }

LQC_INLINE void add_body(const void *context, size_t first, size_t last) {
  const struct pair_job *job = context;
  const size_t end = span_end(last, job->count);
  for (size_t i = first * SPAN; i < end; i++) job->dst[i] = leaky(job->a[i] + job->b[i], job->slope);
}
LQC_VECTORISED(add)

// How many summands there are, and whether there is a sign, is known to the compiler.
LQC_INLINE void join_rows(const struct pair_job *job, size_t first, size_t end, const int summands, const int has_sign) {
  const float *a = job->a, *b = job->b, *c = job->c, *sign = job->sign, slope = job->slope;
  float *dst = job->dst;
  for (size_t i = first; i < end; i++) {
    float sum = a[i];
    if (summands > 1) sum += b[i];
    if (summands > 2) sum += c[i];
    dst[i] = has_sign ? sum * (sign[i] > 0 ? 1.0f : slope) : sum;
  }
}

LQC_INLINE void join_body(const void *context, size_t first, size_t last) {
  const struct pair_job *job = context;
  const size_t start = first * SPAN, end = span_end(last, job->count);
  const int summands = job->c ? 3 : job->b ? 2 : 1;
  if (job->sign)
    summands == 3 ? join_rows(job, start, end, 3, 1)
                  : summands == 2 ? join_rows(job, start, end, 2, 1) : join_rows(job, start, end, 1, 1);
  else
    summands == 3 ? join_rows(job, start, end, 3, 0)
                  : summands == 2 ? join_rows(job, start, end, 2, 0) : join_rows(job, start, end, 1, 0);
}
LQC_VECTORISED(join)

void lqc_add(const float *a, const float *b, float *dst, float slope, size_t count) {
  const struct pair_job job = {a, b, NULL, NULL, dst, slope, count};
  lqc_parallel((count + SPAN - 1) / SPAN, add, &job);
}

void lqc_join_gradients(const float *a, const float *b, const float *c, const float *sign, float *dst, float slope,
                        size_t count) {
  const struct pair_job job = {a, b, c, sign, dst, slope, count};
  lqc_parallel((count + SPAN - 1) / SPAN, join, &job);
}
