#include "CKernels.h"
#include "parallel.h"

#include <string.h>

// Voxels per unit of work: a unit of 16 channels fits the L1 cache twice.
enum { CHUNK = 256 };

struct layout_job {
  const float *src;
  float *dst;
  size_t channels, n, block, chunks;
};

LQC_INLINE void pack_body(const void *context, size_t first, size_t last) {
  const struct layout_job *job = context;
  const size_t n = job->n, block = job->block;
  for (size_t unit = first; unit < last; unit++) {
    const size_t b = unit / job->chunks, start = unit % job->chunks * CHUNK;
    const size_t end = start + CHUNK < n ? start + CHUNK : n;
    for (size_t lane = 0; lane < block; lane++) {
      const size_t channel = b * block + lane;
      float *dst = job->dst + b * n * block + lane;
      if (channel < job->channels) {
        const float *src = job->src + channel * n;
        for (size_t v = start; v < end; v++) dst[v * block] = src[v];
      } else {
        for (size_t v = start; v < end; v++) dst[v * block] = 0;
      }
    }
  }
}
LQC_VECTORISED(pack)

LQC_INLINE void unpack_body(const void *context, size_t first, size_t last) {
  const struct layout_job *job = context;
  const size_t n = job->n, block = job->block;
  for (size_t unit = first; unit < last; unit++) {
    const size_t b = unit / job->chunks, start = unit % job->chunks * CHUNK;
    const size_t end = start + CHUNK < n ? start + CHUNK : n;
    for (size_t lane = 0; lane < block && b * block + lane < job->channels; lane++) {
      const float *src = job->src + b * n * block + lane;
      float *dst = job->dst + (b * block + lane) * n;
      for (size_t v = start; v < end; v++) dst[v] = src[v * block];
    }
  }
}
LQC_VECTORISED(unpack)

struct reblock_job {
  const float *src;
  float *dst;
  size_t channels, n, from, to;
};

static void reblock(const void *context, size_t first, size_t last) {
  const struct reblock_job *job = context;
  const size_t n = job->n, from = job->from, to = job->to, stored = (job->channels + to - 1) / to * to;
  for (size_t v = first; v < last; v++) {
    size_t c = 0;
    while (c < job->channels) {
      // As far as both blocks and the channels reach.
      size_t count = from - c % from;
      if (to - c % to < count) count = to - c % to;
      if (job->channels - c < count) count = job->channels - c;
      memcpy(job->dst + (c / to * n + v) * to + c % to, job->src + (c / from * n + v) * from + c % from,
             count * sizeof(float));
      c += count;
    }
    for (; c < stored; c++) job->dst[(c / to * n + v) * to + c % to] = 0;
  }
}

void lqc_reblock(const float *src, float *dst, size_t channels, size_t n, size_t from, size_t to) {
  const struct reblock_job job = {src, dst, channels, n, from, to};
  lqc_parallel(n, reblock, &job);
}

void lqc_pack(const float *src, float *dst, size_t channels, size_t n, size_t block) {
  const size_t chunks = (n + CHUNK - 1) / CHUNK;
  const struct layout_job job = {src, dst, channels, n, block, chunks};
  lqc_parallel((channels + block - 1) / block * chunks, pack, &job);
}

void lqc_unpack(const float *src, float *dst, size_t channels, size_t n, size_t block) {
  const size_t chunks = (n + CHUNK - 1) / CHUNK;
  const struct layout_job job = {src, dst, channels, n, block, chunks};
  lqc_parallel((channels + block - 1) / block * chunks, unpack, &job);
}
