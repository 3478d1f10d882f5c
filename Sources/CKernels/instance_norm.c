#include <math.h>
#include <stdlib.h>

#include "CKernels.h"
#include "parallel.h"

// Sums are taken over chunks of a fixed size and the chunks added in order, so that no result depends on the threads.
// Inside a chunk, runs of a few voxels are summed in single precision, and the runs in double precision.
enum { CHUNK = 2048, TERMS = 2, RUN = 16 };

// Before a loop whose turns do not depend on each other, also where a result takes the place of what it is made from.
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

// Rows of the statistics of a term, one number per channel each.
enum { MEAN, RATE, FACTOR, OFFSET };

struct norm_job {
  const float *x[TERMS], *statistics[TERMS];
  const float *cotangent;
  float *dst[TERMS];
  double *partial;         // [blocks][chunks][sums][block]
  const double *moment;    // [sums][channels]
  float slope;
  size_t terms, sums, n, block, chunks, channels;
};

#define UNIT(job, unit, block)                                                                  \
  const size_t c = (unit) / (job)->chunks, start = (unit) % (job)->chunks * CHUNK;              \
  const size_t end = start + CHUNK < (job)->n ? start + CHUNK : (job)->n, base = c * (job)->n * (block)

// Defines `name_body` that runs `name_rows` with the block (and the terms) known to the compiler.
#define FOR_EVERY_SHAPE(name)                                                                                         \
  LQC_INLINE void name##_body(const void *context, size_t first, size_t last) {                                       \
    const struct norm_job *job = context;                                                                             \
    if (job->block == 16 && job->terms == 1) name##_rows(job, first, last, 16, 1);                                    \
    else if (job->block == 16) name##_rows(job, first, last, 16, 2);                                                  \
    else if (job->block == 8) name##_rows(job, first, last, 8, job->terms);                                           \
    else name##_rows(job, first, last, 1, job->terms);                                                                \
  }                                                                                                                   \
  LQC_VECTORISED(name)

// The statistics of a term for one block of channels; a term without is added as it is.
struct row_statistics {
  float mean[16], rate[16], factor[16], offset[16];
};

LQC_INLINE struct row_statistics statistics_of(const struct norm_job *job, size_t term, size_t c, const size_t block) {
  struct row_statistics s;
  const float *rows = job->statistics[term];
  for (size_t lane = 0; lane < (block == 1 ? 16 : block); lane++) {
    const size_t channel = c * block + (block == 1 ? 0 : lane);
    s.mean[lane] = rows ? rows[MEAN * job->channels + channel] : 0;
    s.rate[lane] = rows ? rows[RATE * job->channels + channel] : 0;
    s.factor[lane] = rows ? rows[FACTOR * job->channels + channel] : 1;
    s.offset[lane] = rows ? rows[OFFSET * job->channels + channel] : 0;
  }
  return s;
}

// A block of one channel is summed in sixteen strands, which end up in the first.
LQC_INLINE void add_strands(double sums[16]) {
  for (size_t lane = 1; lane < 16; lane++) sums[0] += sums[lane];
}

// The sums of x - x[0] and of its square: taking the first voxel away keeps the variance of a channel far from zero exact.
LQC_INLINE void spread_rows(const struct norm_job *job, size_t first, size_t last, const size_t block, const size_t terms) {
  for (size_t unit = first; unit < last; unit++) {
    UNIT(job, unit, block);
    const size_t strands = block == 1 ? 16 : block;
    const float *x = job->x[0] + base;
    float pivot[16];
    double one[16] = {0}, two[16] = {0};
    for (size_t lane = 0; lane < strands; lane++) pivot[lane] = x[block == 1 ? 0 : lane];
    size_t i = start * block;
    for (; i + strands <= end * block; i += strands)
      for (size_t lane = 0; lane < strands; lane++) {
        const double value = x[i + lane] - pivot[lane];
        one[lane] += value;
        two[lane] += value * value;
      }
    for (; i < end * block; i++) {
      const double value = x[i] - pivot[0];
      one[0] += value;
      two[0] += value * value;
    }
    if (block == 1) add_strands(one), add_strands(two);
    double *partial = job->partial + unit * 2 * block;
    for (size_t lane = 0; lane < block; lane++) partial[lane] = one[lane], partial[block + lane] = two[lane];
  }
}
FOR_EVERY_SHAPE(spread)

// y = leaky(sum of the terms)
LQC_INLINE void apply_rows(const struct norm_job *job, size_t first, size_t last, const size_t block, const size_t terms) {
  for (size_t unit = first; unit < last; unit++) {
    UNIT(job, unit, block);
    const struct row_statistics a = statistics_of(job, 0, c, block);
    const struct row_statistics b = statistics_of(job, terms - 1, c, block);
    const float *x0 = job->x[0] + base, *x1 = terms == 2 ? job->x[1] + base : x0;
    float *dst = job->dst[0] + base;
    const float slope = job->slope;
    for (size_t v = start; v < end; v++)
      INDEPENDENT for (size_t lane = 0; lane < block; lane++) {
        const size_t i = v * block + lane;
        float y = x0[i] * a.factor[lane] + a.offset[lane];
        if (terms == 2) y += x1[i] * b.factor[lane] + b.offset[lane];
        dst[i] = y > 0 ? y : slope * y;
      }
  }
}
FOR_EVERY_SHAPE(apply)

// The sums that a voxel of a channel adds to.
#define ADD_TO_RUN(i)                                                                       \
  {                                                                                         \
    const float p = x0[i], q = x1[i];                                                       \
    float y = p * a.factor[lane] + a.offset[lane];                                          \
    if (terms == 2) y += q * b.factor[lane] + b.offset[lane];                               \
    const float g = y > 0 ? dy[i] : slope * dy[i];                                          \
    run_sum[lane] += g;                                                                     \
    run_one[lane] += g * ((p - a.mean[lane]) * a.rate[lane]);                               \
    if (terms == 2) run_two[lane] += g * ((q - b.mean[lane]) * b.rate[lane]);               \
  }

// The sums of g and, for each term, of g * normalised x, with g the cotangent before the activation.
LQC_INLINE void sums_rows(const struct norm_job *job, size_t first, size_t last, const size_t block, const size_t terms) {
  for (size_t unit = first; unit < last; unit++) {
    UNIT(job, unit, block);
    const struct row_statistics a = statistics_of(job, 0, c, block);
    const struct row_statistics b = statistics_of(job, terms - 1, c, block);
    const float *x0 = job->x[0] + base, *x1 = terms == 2 ? job->x[1] + base : x0, *dy = job->cotangent + base;
    const float slope = job->slope;
    double sum[16] = {0}, one[16] = {0}, two[16] = {0};
    const size_t strands = block == 1 ? 16 : block;
    for (size_t at = start * block; at < end * block;) {
      const size_t stop = end * block - at < RUN * strands ? end * block : at + RUN * strands;
      float run_sum[16] = {0}, run_one[16] = {0}, run_two[16] = {0};
      for (; at + strands <= stop; at += strands) {
        INDEPENDENT for (size_t lane = 0; lane < strands; lane++) ADD_TO_RUN(at + lane);
      }
      for (size_t lane = 0; at < stop; at++, lane++) ADD_TO_RUN(at);
      for (size_t lane = 0; lane < strands; lane++) {
        sum[lane] += run_sum[lane];
        one[lane] += run_one[lane];
        if (terms == 2) two[lane] += run_two[lane];
      }
    }
    if (block == 1) add_strands(sum), add_strands(one), add_strands(two);
    double *partial = job->partial + unit * (terms + 1) * block;
    for (size_t lane = 0; lane < block; lane++) {
      partial[lane] = sum[lane];
      partial[block + lane] = one[lane];
      if (terms == 2) partial[2 * block + lane] = two[lane];
    }
  }
}
FOR_EVERY_SHAPE(sums)

// dst = factor * (g - mean(g) - normalised x * mean(g * normalised x)) for each term, g itself for one added as it is.
LQC_INLINE void gradient_rows(const struct norm_job *job, size_t first, size_t last, const size_t block, const size_t terms) {
  for (size_t unit = first; unit < last; unit++) {
    UNIT(job, unit, block);
    const struct row_statistics a = statistics_of(job, 0, c, block);
    const struct row_statistics b = statistics_of(job, terms - 1, c, block);
    const float *x0 = job->x[0] + base, *x1 = terms == 2 ? job->x[1] + base : x0, *dy = job->cotangent + base;
    float *dst0 = job->dst[0] + base, *dst1 = terms == 2 ? job->dst[1] + base : dst0;
    const float slope = job->slope;
    float mean0[16], mean1[16], one[16], two[16];
    for (size_t lane = 0; lane < block; lane++) {
      const size_t channel = c * block + lane;
      const float mean = (float)(job->moment[channel] / (double)job->n);
      mean0[lane] = job->statistics[0] ? mean : 0;
      mean1[lane] = job->statistics[terms - 1] ? mean : 0;
      one[lane] = (float)(job->moment[job->channels + channel] / (double)job->n);
      two[lane] = terms == 2 ? (float)(job->moment[2 * job->channels + channel] / (double)job->n) : 0;
    }
    for (size_t v = start; v < end; v++)
      INDEPENDENT for (size_t lane = 0; lane < block; lane++) {
        const size_t i = v * block + lane;
        const float p = x0[i], q = x1[i], cotangent = dy[i];
        float y = p * a.factor[lane] + a.offset[lane];
        if (terms == 2) y += q * b.factor[lane] + b.offset[lane];
        const float g = y > 0 ? cotangent : slope * cotangent;
        dst0[i] = a.factor[lane] * (g - mean0[lane] - (p - a.mean[lane]) * a.rate[lane] * one[lane]);
        if (terms == 2) dst1[i] = b.factor[lane] * (g - mean1[lane] - (q - b.mean[lane]) * b.rate[lane] * two[lane]);
      }
  }
}
FOR_EVERY_SHAPE(gradient)

// As gradient_rows for one term, with the same taken away from every channel of a group:
// dx = factor * g - moment[0] - normalised x * moment[1].
LQC_INLINE void group_gradient_rows(const struct norm_job *job, size_t first, size_t last, const size_t block,
                                    const size_t terms) {
  for (size_t unit = first; unit < last; unit++) {
    UNIT(job, unit, block);
    const struct row_statistics a = statistics_of(job, 0, c, block);
    const float *x = job->x[0] + base, *dy = job->cotangent + base;
    float *dst = job->dst[0] + base;
    const float slope = job->slope;
    float mean[16], one[16];
    for (size_t lane = 0; lane < block; lane++) {
      mean[lane] = (float)job->moment[c * block + lane];
      one[lane] = (float)job->moment[job->channels + c * block + lane];
    }
    for (size_t v = start; v < end; v++)
      INDEPENDENT for (size_t lane = 0; lane < block; lane++) {
        const size_t i = v * block + lane;
        const float p = x[i], cotangent = dy[i];
        const float g = p * a.factor[lane] + a.offset[lane] > 0 ? cotangent : slope * cotangent;
        dst[i] = a.factor[lane] * g - mean[lane] - (p - a.mean[lane]) * a.rate[lane] * one[lane];
      }
  }
}
FOR_EVERY_SHAPE(group_gradient)

static void *allocate(size_t bytes) {
  void *memory = malloc(bytes);
  if (!memory) abort();
  return memory;
}

// moments [sums][channels]: the sums of every channel over all voxels, by `body`.
static double *channel_sums(struct norm_job *job, size_t blocks, void (*body)(const void *, size_t, size_t)) {
  double *moments = allocate(sizeof(double) * job->sums * job->channels);
  job->partial = allocate(sizeof(double) * blocks * job->chunks * job->sums * job->block);
  lqc_parallel(blocks * job->chunks, body, job);
  for (size_t c = 0; c < blocks; c++)
    for (size_t k = 0; k < job->sums; k++)
      for (size_t lane = 0; lane < job->block; lane++) {
        double sum = 0;
        for (size_t chunk = 0; chunk < job->chunks; chunk++)
          sum += job->partial[((c * job->chunks + chunk) * job->sums + k) * job->block + lane];
        moments[k * job->channels + c * job->block + lane] = sum;
      }
  free(job->partial);
  return moments;
}

static struct norm_job job_of(size_t blocks, size_t n, size_t block) {
  return (struct norm_job){.n = n, .block = block, .chunks = (n + CHUNK - 1) / CHUNK, .channels = blocks * block};
}

void lqc_instance_statistics(const float *src, float *statistics, const float *scale, const float *shift, float epsilon,
                             size_t blocks, size_t n, size_t block) {
  struct norm_job job = job_of(blocks, n, block);
  job.x[0] = src, job.terms = 1, job.sums = 2;
  double *moments = channel_sums(&job, blocks, spread);
  for (size_t c = 0; c < job.channels; c++) {
    const double away = moments[c] / (double)n;
    const double mean = src[c / block * n * block + c % block] + away;
    const double variance = fmax(moments[job.channels + c] / (double)n - away * away, 0);
    const double rate = 1 / sqrt(variance + (double)epsilon), factor = rate * (scale ? scale[c] : 1);
    statistics[MEAN * job.channels + c] = (float)mean;
    statistics[RATE * job.channels + c] = (float)rate;
    statistics[FACTOR * job.channels + c] = (float)factor;
    statistics[OFFSET * job.channels + c] = (float)((shift ? shift[c] : 0) - mean * factor);
  }
  free(moments);
}

static void set_terms(struct norm_job *job, const struct lqc_norm_term *terms, size_t count) {
  job->terms = count;
  for (size_t k = 0; k < count; k++) job->x[k] = terms[k].values, job->statistics[k] = terms[k].statistics;
}

void lqc_normalised_sum(const struct lqc_norm_term *terms, size_t count, float *dst, float slope, size_t blocks, size_t n,
                        size_t block) {
  struct norm_job job = job_of(blocks, n, block);
  set_terms(&job, terms, count);
  job.dst[0] = dst, job.slope = slope;
  lqc_parallel(blocks * job.chunks, apply, &job);
}

void lqc_normalised_sum_gradient(const struct lqc_norm_term *terms, size_t count, const float *cotangent, float slope,
                                 size_t blocks, size_t n, size_t block) {
  struct norm_job job = job_of(blocks, n, block);
  set_terms(&job, terms, count);
  job.cotangent = cotangent, job.slope = slope, job.sums = count + 1;
  for (size_t k = 0; k < count; k++) job.dst[k] = terms[k].gradient;
  double *moments = channel_sums(&job, blocks, sums);
  job.moment = moments;
  lqc_parallel(blocks * job.chunks, gradient, &job);
  free(moments);
}

// values[c] = the mean of `values` over the group of each channel, 0 for a channel of none.
static void average_groups(double *values, const int *group, size_t groups, size_t channels) {
  double *sums = allocate(sizeof(double) * 2 * groups), *counts = sums + groups;
  for (size_t k = 0; k < 2 * groups; k++) sums[k] = 0;
  for (size_t c = 0; c < channels; c++)
    if (group[c] >= 0) sums[group[c]] += values[c], counts[group[c]]++;
  for (size_t c = 0; c < channels; c++) values[c] = group[c] < 0 ? 0 : sums[group[c]] / counts[group[c]];
  free(sums);
}

void lqc_group_statistics(const float *src, float *statistics, const int *group, size_t groups, const float *scale,
                          const float *shift, float epsilon, size_t blocks, size_t n, size_t block) {
  struct norm_job job = job_of(blocks, n, block);
  job.x[0] = src, job.terms = 1, job.sums = 2;
  double *moments = channel_sums(&job, blocks, spread);
  // The mean of every channel, then its squared deviation from that of the group, with its own variance.
  double *mean = allocate(sizeof(double) * job.channels), *variance = moments + job.channels;
  for (size_t c = 0; c < job.channels; c++) {
    const double away = moments[c] / (double)n;
    moments[c] = mean[c] = src[c / block * n * block + c % block] + away;
    variance[c] = fmax(variance[c] / (double)n - away * away, 0);
  }
  average_groups(mean, group, groups, job.channels);
  for (size_t c = 0; c < job.channels; c++) variance[c] += (moments[c] - mean[c]) * (moments[c] - mean[c]);
  average_groups(variance, group, groups, job.channels);
  for (size_t c = 0; c < job.channels; c++) {
    const double rate = group[c] < 0 ? 0 : 1 / sqrt(variance[c] + (double)epsilon);
    const double factor = rate * (scale ? scale[c] : 1);
    statistics[MEAN * job.channels + c] = (float)mean[c];
    statistics[RATE * job.channels + c] = (float)rate;
    statistics[FACTOR * job.channels + c] = (float)factor;
    statistics[OFFSET * job.channels + c] = (float)((shift ? shift[c] : 0) - mean[c] * factor);
  }
  free(mean);
  free(moments);
}

void lqc_group_norm_gradient(const struct lqc_norm_term *term, const int *group, size_t groups, const float *cotangent,
                             float slope, size_t blocks, size_t n, size_t block) {
  struct norm_job job = job_of(blocks, n, block);
  set_terms(&job, term, 1);
  job.cotangent = cotangent, job.slope = slope, job.sums = 2, job.dst[0] = term->gradient;
  double *moments = channel_sums(&job, blocks, sums);
  const float *factor = term->statistics + FACTOR * job.channels;
  for (size_t k = 0; k < 2; k++) {
    double *values = moments + k * job.channels;
    for (size_t c = 0; c < job.channels; c++) values[c] *= (double)factor[c] / (double)n;
    average_groups(values, group, groups, job.channels);
  }
  job.moment = moments;
  lqc_parallel(blocks * job.chunks, group_gradient, &job);
  free(moments);
}
