#include <math.h>
#include <stdlib.h>

#include "CKernels.h"
#include "parallel.h"

// Sums are taken over chunks of a fixed size and the chunks added in order, so that no result depends on the threads.
enum { CHUNK = 2048 };

struct norm_job {
  const float *a, *b;  // moments of a, or of b and a·b
  const float *statistics, *scale, *shift;
  float *dst;
  double *partial;  // [blocks][chunks][2][block]
  const double *moment;  // [2][channels]
  float slope;
  size_t n, block, chunks, channels;
};

LQC_INLINE void sums_rows(const struct norm_job *job, size_t first, size_t last, const size_t block) {
  for (size_t unit = first; unit < last; unit++) {
    const size_t c = unit / job->chunks, start = unit % job->chunks * CHUNK;
    const size_t end = start + CHUNK < job->n ? start + CHUNK : job->n;
    const float *x = job->a + c * job->n * block, *g = job->b ? job->b + c * job->n * block : NULL;
    double one[16] = {0}, two[16] = {0};
    for (size_t v = start; v < end; v++)
      for (size_t lane = 0; lane < block; lane++) {
        const double value = x[v * block + lane];
        if (g) {
          const double mean = job->statistics[c * block + lane];
          const double rate = job->statistics[job->channels + c * block + lane];
          one[lane] += g[v * block + lane];
          two[lane] += g[v * block + lane] * ((value - mean) * rate);
        } else {
          one[lane] += value;
          two[lane] += value * value;
        }
      }
    double *partial = job->partial + unit * 2 * block;
    for (size_t lane = 0; lane < block; lane++) partial[lane] = one[lane], partial[block + lane] = two[lane];
  }
}

LQC_INLINE void sums_body(const void *context, size_t first, size_t last) {
  const struct norm_job *job = context;
  if (job->block == 16)
    sums_rows(job, first, last, 16);
  else if (job->block == 8)
    sums_rows(job, first, last, 8);
  else
    sums_rows(job, first, last, 1);
}
LQC_VECTORISED(sums)

// moments[0][c] and moments[1][c]: the two sums of every channel.
static void channel_sums(struct norm_job *job, size_t blocks, double *moments) {
  job->partial = malloc(sizeof(double) * blocks * job->chunks * 2 * job->block);
  if (!job->partial) abort();
  lqc_parallel(blocks * job->chunks, sums, job);
  for (size_t c = 0; c < blocks; c++)
    for (size_t lane = 0; lane < job->block; lane++) {
      double one = 0, two = 0;
      for (size_t chunk = 0; chunk < job->chunks; chunk++) {
        const double *partial = job->partial + (c * job->chunks + chunk) * 2 * job->block;
        one += partial[lane], two += partial[job->block + lane];
      }
      moments[c * job->block + lane] = one;
      moments[job->channels + c * job->block + lane] = two;
    }
  free(job->partial);
}

LQC_INLINE void gradient_rows(const struct norm_job *job, size_t first, size_t last, const size_t block) {
  for (size_t unit = first; unit < last; unit++) {
    const size_t c = unit / job->chunks, start = unit % job->chunks * CHUNK;
    const size_t end = start + CHUNK < job->n ? start + CHUNK : job->n;
    const float *x = job->a + c * job->n * block, *g = job->b + c * job->n * block;
    float *dst = job->dst + c * job->n * block;
    float mean[16], rate[16], factor[16], one[16], two[16];
    for (size_t lane = 0; lane < block; lane++) {
      const size_t channel = c * block + lane;
      mean[lane] = job->statistics[channel];
      rate[lane] = job->statistics[job->channels + channel];
      factor[lane] = (job->scale ? job->scale[channel] : 1) * rate[lane];
      one[lane] = (float)(job->moment[channel] / (double)job->n);
      two[lane] = (float)(job->moment[job->channels + channel] / (double)job->n);
    }
    for (size_t v = start; v < end; v++)
      for (size_t lane = 0; lane < block; lane++) {
        const size_t i = v * block + lane;
        dst[i] = factor[lane] * (g[i] - one[lane] - (x[i] - mean[lane]) * rate[lane] * two[lane]);
      }
  }
}

LQC_INLINE void gradient_body(const void *context, size_t first, size_t last) {
  const struct norm_job *job = context;
  if (job->block == 16)
    gradient_rows(job, first, last, 16);
  else if (job->block == 8)
    gradient_rows(job, first, last, 8);
  else
    gradient_rows(job, first, last, 1);
}
LQC_VECTORISED(gradient)

void lqc_instance_norm(const float *src, float *dst, float *statistics, const float *scale, const float *shift,
                       float epsilon, float slope, size_t blocks, size_t n, size_t block) {
  const size_t channels = blocks * block;
  struct norm_job job = {.a = src, .n = n, .block = block, .chunks = (n + CHUNK - 1) / CHUNK, .channels = channels};
  double *moments = malloc(sizeof(double) * 2 * channels);
  float *affine = malloc(sizeof(float) * 2 * channels);
  if (!moments || !affine) abort();
  channel_sums(&job, blocks, moments);
  for (size_t c = 0; c < channels; c++) {
    const double mean = moments[c] / (double)n;
    const double variance = fmax(moments[channels + c] / (double)n - mean * mean, 0);
    const double rate = 1 / sqrt(variance + (double)epsilon);
    statistics[c] = (float)mean;
    statistics[channels + c] = (float)rate;
    affine[c] = (float)(rate * (scale ? scale[c] : 1));
    affine[channels + c] = (float)((shift ? shift[c] : 0) - mean * rate * (scale ? scale[c] : 1));
  }
  lqc_channel_affine(src, dst, affine, affine + channels, slope, blocks, n, block);
  free(moments);
  free(affine);
}

void lqc_instance_norm_gradient(const float *src, const float *cotangent, const float *statistics, const float *scale,
                                float *dst, size_t blocks, size_t n, size_t block) {
  const size_t channels = blocks * block;
  struct norm_job job = {.a = src, .b = cotangent, .statistics = statistics, .scale = scale, .dst = dst, .n = n,
                         .block = block, .chunks = (n + CHUNK - 1) / CHUNK, .channels = channels};
  double *moments = malloc(sizeof(double) * 2 * channels);
  if (!moments) abort();
  channel_sums(&job, blocks, moments);
  job.moment = moments;
  lqc_parallel(blocks * job.chunks, gradient, &job);
  free(moments);
}
