// Included by few_channels.c for each BLOCK.

typedef float NAMED(vector) __attribute__((vector_size(BLOCK * 4)));
typedef int NAMED(mask) __attribute__((vector_size(BLOCK * 4)));
typedef float NAMED(half) __attribute__((vector_size(32)));
typedef float NAMED(quarter) __attribute__((vector_size(16)));
#define VECTOR NAMED(vector)
#define LOAD(address) (*(const VECTOR *)(address))

// TILE voxels of a row of the narrow side, `groups` blocks of its channels, starting at voxel o and block b.
LQC_INLINE TARGET void NAMED(convolve_tile)(const struct few_job *job, size_t d, size_t h, size_t o, size_t b,
                                            const size_t tile, const size_t groups) {
  const struct lqc_few_channels *s = &job->shape;
  const size_t channels = s->blocks * BLOCK;
  VECTOR sum[TILE][GROUP];
#pragma clang loop unroll(full)
  for (size_t g = 0; g < groups; g++) {
    VECTOR start = {0};
    if (s->bias) __builtin_memcpy(&start, s->bias + (b + g) * BLOCK, sizeof(VECTOR));
#pragma clang loop unroll(full)
    for (size_t j = 0; j < tile; j++) sum[j][g] = start;
  }
  for (size_t td = 0; td < s->kernel[0]; td++) {
    const ptrdiff_t id = tap_index(d, s->stride[0], td, s->padding[0], s->wide[0]);
    if (id < 0) continue;
    for (size_t th = 0; th < s->kernel[1]; th++) {
      const ptrdiff_t ih = tap_index(h, s->stride[1], th, s->padding[1], s->wide[1]);
      if (ih < 0) continue;
      for (size_t k = 0; k < s->few; k++) {
        const size_t row = (k * s->wide[0] + (size_t)id) * s->wide[1] + (size_t)ih;
        if (!job->rows[row]) continue;
        const float *x = job->src + row * s->wide[2];
        const float *w =
            s->weights + ((td * s->kernel[1] + th) * s->kernel[2] * s->few + k) * channels + b * BLOCK;
        for (size_t tw = 0; tw < s->kernel[2]; tw++, w += s->few * channels) {
          const ptrdiff_t first = (ptrdiff_t)(o * s->stride[2] + tw) - (ptrdiff_t)s->padding[2];
          const ptrdiff_t last = first + (ptrdiff_t)((tile - 1) * s->stride[2]);
          if (first >= 0 && last < (ptrdiff_t)s->wide[2]) {
#pragma clang loop unroll(full)
            for (size_t j = 0; j < tile; j++) {
              const float value = x[first + (ptrdiff_t)(j * s->stride[2])];
#pragma clang loop unroll(full)
              for (size_t g = 0; g < groups; g++) sum[j][g] += value * LOAD(w + g * BLOCK);
            }
          } else {
#pragma clang loop unroll(full)
            for (size_t j = 0; j < tile; j++) {
              const ptrdiff_t i = first + (ptrdiff_t)(j * s->stride[2]);
              const float value = i >= 0 && i < (ptrdiff_t)s->wide[2] ? x[i] : 0;
#pragma clang loop unroll(full)
              for (size_t g = 0; g < groups; g++) sum[j][g] += value * LOAD(w + g * BLOCK);
            }
          }
        }
      }
    }
  }
  const size_t n = s->narrow[0] * s->narrow[1] * s->narrow[2];
  const size_t voxel = (d * s->narrow[1] + h) * s->narrow[2] + o;
#pragma clang loop unroll(full)
  for (size_t g = 0; g < groups; g++) {
    float *y = job->dst + ((b + g) * n + voxel) * BLOCK;
#pragma clang loop unroll(full)
    for (size_t j = 0; j < tile; j++) {
      VECTOR value = sum[j][g];
      if (s->slope != 1) {
        const NAMED(mask) positive = value > 0;
        value = (VECTOR)(((NAMED(mask))value & positive) | ((NAMED(mask))(value * s->slope) & ~positive));
      }
      *(VECTOR *)(y + j * BLOCK) = value;
    }
  }
}

TARGET static void NAMED(convolve_rows)(const void *context, size_t first, size_t last) {
  const struct few_job *job = context;
  const struct lqc_few_channels *s = &job->shape;
  for (size_t row = first; row < last; row++) {
    const size_t d = row / s->narrow[1], h = row % s->narrow[1];
    for (size_t b = 0; b < s->blocks;) {
      const size_t groups = s->blocks - b >= GROUP ? GROUP : s->blocks - b;
      size_t o = 0;
      for (; o + TILE <= s->narrow[2]; o += TILE) {
        if (groups == GROUP)
          NAMED(convolve_tile)(job, d, h, o, b, TILE, GROUP);
        else if (groups >= 2)
          NAMED(convolve_tile)(job, d, h, o, b, TILE, 2);
        else
          NAMED(convolve_tile)(job, d, h, o, b, TILE, 1);
      }
      for (; o < s->narrow[2]; o++) {
        if (groups == GROUP)
          NAMED(convolve_tile)(job, d, h, o, b, 1, GROUP);
        else if (groups >= 2)
          NAMED(convolve_tile)(job, d, h, o, b, 1, 2);
        else
          NAMED(convolve_tile)(job, d, h, o, b, 1, 1);
      }
      b += groups == GROUP ? GROUP : groups >= 2 ? 2 : 1;
    }
  }
}

// `tile` voxels of one phase (index modulo stride) of a row of the wide side, `few` plain channels from k on.
// Lane c of an accumulator holds the part of channel c of every block; the lanes are added at the end.
LQC_INLINE TARGET void NAMED(transposed_tile)(const struct few_job *job, size_t d, size_t h, size_t phase, size_t m,
                                              size_t k, const size_t tile, const size_t few) {
  const struct lqc_few_channels *s = &job->shape;
  const size_t channels = s->blocks * BLOCK, n = s->narrow[0] * s->narrow[1] * s->narrow[2];
  const ptrdiff_t width = (ptrdiff_t)s->narrow[2];
  VECTOR sum[TILE][GROUP];
#pragma clang loop unroll(full)
  for (size_t j = 0; j < tile; j++)
#pragma clang loop unroll(full)
    for (size_t q = 0; q < few; q++) sum[j][q] = (VECTOR){0};

  for (size_t td = 0; td < s->kernel[0]; td++) {
    const ptrdiff_t od = source_index(d, s->stride[0], td, s->padding[0], s->narrow[0]);
    if (od < 0) continue;
    for (size_t th = 0; th < s->kernel[1]; th++) {
      const ptrdiff_t oh = source_index(h, s->stride[1], th, s->padding[1], s->narrow[1]);
      if (oh < 0) continue;
      for (size_t tw = (phase + s->padding[2]) % s->stride[2]; tw < s->kernel[2]; tw += s->stride[2]) {
        const ptrdiff_t shift = ((ptrdiff_t)(phase + s->padding[2]) - (ptrdiff_t)tw) / (ptrdiff_t)s->stride[2];
        const ptrdiff_t start = (ptrdiff_t)m + shift;
        const float *w = s->weights + (((td * s->kernel[1] + th) * s->kernel[2] + tw) * s->few + k) * channels;
        const float *x = job->src + (((size_t)od * s->narrow[1] + (size_t)oh) * s->narrow[2]) * BLOCK;
        if (start >= 0 && start + (ptrdiff_t)tile <= width) {
          x += start * BLOCK;
          for (size_t b = 0; b < s->blocks; b++, x += n * BLOCK, w += BLOCK) {
            VECTOR weight[GROUP];
#pragma clang loop unroll(full)
            for (size_t q = 0; q < few; q++) weight[q] = LOAD(w + q * channels);
#pragma clang loop unroll(full)
            for (size_t j = 0; j < tile; j++) {
              const VECTOR value = LOAD(x + j * BLOCK);
#pragma clang loop unroll(full)
              for (size_t q = 0; q < few; q++) sum[j][q] += value * weight[q];
            }
          }
        } else {
          for (size_t b = 0; b < s->blocks; b++, x += n * BLOCK, w += BLOCK) {
#pragma clang loop unroll(full)
            for (size_t j = 0; j < tile; j++) {
              const ptrdiff_t i = start + (ptrdiff_t)j;
              const VECTOR value = i >= 0 && i < width ? LOAD(x + i * BLOCK) : (VECTOR){0};
#pragma clang loop unroll(full)
              for (size_t q = 0; q < few; q++) sum[j][q] += value * LOAD(w + q * channels);
            }
          }
        }
      }
    }
  }

  const size_t plane = s->wide[0] * s->wide[1] * s->wide[2];
  float *y = job->dst + (d * s->wide[1] + h) * s->wide[2] + phase + m * s->stride[2];
#pragma clang loop unroll(full)
  for (size_t q = 0; q < few; q++) {
    const float start = s->bias ? s->bias[k + q] : 0;
#pragma clang loop unroll(full)
    for (size_t j = 0; j < tile; j++) {
      const VECTOR v = sum[j][q];
#if BLOCK == 16
      const NAMED(half) p = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                            __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#else
      const VECTOR p = v;
#endif
      const NAMED(quarter) r = __builtin_shufflevector(p, p, 0, 1, 2, 3) + __builtin_shufflevector(p, p, 4, 5, 6, 7);
      y[(k + q) * plane + j * s->stride[2]] = start + ((r[0] + r[2]) + (r[1] + r[3]));
    }
  }
}

TARGET static void NAMED(transposed_rows)(const void *context, size_t first, size_t last) {
  const struct few_job *job = context;
  const struct lqc_few_channels *s = &job->shape;
  for (size_t row = first; row < last; row++) {
    const size_t d = row / s->wide[1], h = row % s->wide[1];
    for (size_t k = 0; k < s->few;) {
      const size_t few = s->few - k >= 2 ? 2 : 1;
      for (size_t phase = 0; phase < s->stride[2] && phase < s->wide[2]; phase++) {
        const size_t count = (s->wide[2] - phase + s->stride[2] - 1) / s->stride[2];
        size_t m = 0;
        for (; m + TILE <= count; m += TILE)
          if (few == 2)
            NAMED(transposed_tile)(job, d, h, phase, m, k, TILE, 2);
          else
            NAMED(transposed_tile)(job, d, h, phase, m, k, TILE, 1);
        for (; m < count; m++)
          if (few == 2)
            NAMED(transposed_tile)(job, d, h, phase, m, k, 1, 2);
          else
            NAMED(transposed_tile)(job, d, h, phase, m, k, 1, 1);
      }
      k += few;
    }
  }
}

#undef VECTOR
#undef LOAD
