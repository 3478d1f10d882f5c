// Included by few_channels.c for each BLOCK.

typedef float NAMED(vector) __attribute__((vector_size(BLOCK * 4)));
typedef int NAMED(mask) __attribute__((vector_size(BLOCK * 4)));
typedef float NAMED(half) __attribute__((vector_size(32)));
typedef float NAMED(quarter) __attribute__((vector_size(16)));
#define VECTOR NAMED(vector)
#define LOAD(address) (*(const VECTOR *)(address))

// `tile` voxels of a row of the narrow side, `groups` blocks of its channels, starting at voxel o and block b.
LQC_INLINE TARGET void NAMED(convolve_tile)(const struct few_job *job, const struct row_tap *taps, size_t tap_count,
                                            size_t row, size_t o, size_t b, const size_t tile, const size_t groups) {
  const struct lqc_few_channels *s = &job->shape;
  const size_t channels = s->blocks * BLOCK, stride = s->stride[2];
  VECTOR sum[2 * TILE][GROUP];
#pragma clang loop unroll(full)
  for (size_t g = 0; g < groups; g++) {
    VECTOR start = {0};
    if (s->bias) __builtin_memcpy(&start, s->bias + (b + g) * BLOCK, sizeof(VECTOR));
#pragma clang loop unroll(full)
    for (size_t j = 0; j < tile; j++) sum[j][g] = start;
  }
  const ptrdiff_t begin = (ptrdiff_t)(o * stride) - (ptrdiff_t)s->padding[2];
  const ptrdiff_t width = (ptrdiff_t)s->wide[2];
  for (size_t tap = 0; tap < tap_count; tap++) {
    const float *x = taps[tap].values, *w = taps[tap].weights + b * BLOCK;
    for (size_t tw = 0; tw < s->kernel[2]; tw++, w += s->few * channels) {
      const ptrdiff_t first = begin + (ptrdiff_t)tw;
      if (first >= 0 && first + (ptrdiff_t)((tile - 1) * stride) < width) {
#pragma clang loop unroll(full)
        for (size_t j = 0; j < tile; j++) {
          const float value = x[first + (ptrdiff_t)(j * stride)];
#pragma clang loop unroll(full)
          for (size_t g = 0; g < groups; g++) sum[j][g] += value * LOAD(w + g * BLOCK);
        }
      } else {
#pragma clang loop unroll(full)
        for (size_t j = 0; j < tile; j++) {
          const ptrdiff_t i = first + (ptrdiff_t)(j * stride);
          const float value = i >= 0 && i < width ? x[i] : 0;
#pragma clang loop unroll(full)
          for (size_t g = 0; g < groups; g++) sum[j][g] += value * LOAD(w + g * BLOCK);
        }
      }
    }
  }
  const size_t n = s->narrow[0] * s->narrow[1] * s->narrow[2];
  const size_t voxel = row * s->narrow[2] + o;
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

// The rows of the wide side that a row of the narrow side sums over, rows of zeros left out.
LQC_INLINE TARGET size_t NAMED(convolve_taps)(const struct few_job *job, size_t row, struct row_tap *taps) {
  const struct lqc_few_channels *s = &job->shape;
  const size_t channels = s->blocks * BLOCK;
  const size_t d = row / s->narrow[1], h = row % s->narrow[1];
  size_t count = 0;
  for (size_t td = 0; td < s->kernel[0]; td++) {
    const size_t id = d * s->stride[0] + td - s->padding[0];
    if (id >= s->wide[0]) continue;  // also below zero, which wraps around
    for (size_t th = 0; th < s->kernel[1]; th++) {
      const size_t ih = h * s->stride[1] + th - s->padding[1];
      if (ih >= s->wide[1]) continue;
      for (size_t k = 0; k < s->few; k++) {
        const size_t source = (k * s->wide[0] + id) * s->wide[1] + ih;
        if (!job->rows[source]) continue;
        taps[count].values = job->src + source * s->wide[2];
        taps[count++].weights = s->weights + ((td * s->kernel[1] + th) * s->kernel[2] * s->few + k) * channels;
      }
    }
  }
  return count;
}

TARGET static void NAMED(convolve_rows)(const void *context, size_t first, size_t last) {
  const struct few_job *job = context;
  const struct lqc_few_channels *s = &job->shape;
  struct row_tap taps[LQC_FEW_KERNEL * LQC_FEW_KERNEL * LQC_FEW];
  for (size_t row = first; row < last; row++) {
    const size_t count = NAMED(convolve_taps)(job, row, taps);
    for (size_t b = 0; b < s->blocks;) {
      const size_t left = s->blocks - b, groups = left >= GROUP ? GROUP : left >= 2 ? 2 : 1;
      size_t o = 0;
      // A single block leaves registers for twice the voxels.
      for (; groups == 1 && o + 2 * TILE <= s->narrow[2]; o += 2 * TILE)
        NAMED(convolve_tile)(job, taps, count, row, o, b, 2 * TILE, 1);
      for (; o + TILE <= s->narrow[2]; o += TILE) {
        if (groups == GROUP)
          NAMED(convolve_tile)(job, taps, count, row, o, b, TILE, GROUP);
        else if (groups == 2)
          NAMED(convolve_tile)(job, taps, count, row, o, b, TILE, 2);
        else
          NAMED(convolve_tile)(job, taps, count, row, o, b, TILE, 1);
      }
      for (; o < s->narrow[2]; o++) {
        if (groups == GROUP)
          NAMED(convolve_tile)(job, taps, count, row, o, b, 1, GROUP);
        else if (groups == 2)
          NAMED(convolve_tile)(job, taps, count, row, o, b, 1, 2);
        else
          NAMED(convolve_tile)(job, taps, count, row, o, b, 1, 1);
      }
      b += groups;
    }
  }
}

// `tile` voxels of one phase (index modulo stride) of a row of the wide side, `few` plain channels from k on.
// Lane c of an accumulator holds the part of channel c of every block; the lanes are added at the end.
LQC_INLINE TARGET void NAMED(transposed_tile)(const struct few_job *job, const struct row_tap *taps, size_t tap_count,
                                              size_t row, size_t phase, size_t m, size_t k, const size_t tile,
                                              const size_t few) {
  const struct lqc_few_channels *s = &job->shape;
  const size_t channels = s->blocks * BLOCK, stride = s->stride[2];
  const size_t step = s->narrow[0] * s->narrow[1] * s->narrow[2] * BLOCK;
  const ptrdiff_t width = (ptrdiff_t)s->narrow[2];
  VECTOR sum[TILE][2];
#pragma clang loop unroll(full)
  for (size_t j = 0; j < tile; j++)
#pragma clang loop unroll(full)
    for (size_t q = 0; q < few; q++) sum[j][q] = (VECTOR){0};

  ptrdiff_t start = (ptrdiff_t)(m + (phase + s->padding[2]) / stride);
  for (size_t tw = (phase + s->padding[2]) % stride; tw < s->kernel[2]; tw += stride, start--) {
    const int inside = start >= 0 && start + (ptrdiff_t)tile <= width;
    for (size_t tap = 0; tap < tap_count; tap++) {
      const float *x = taps[tap].values + start * BLOCK, *w = taps[tap].weights + (tw * s->few + k) * channels;
      if (inside) {
        for (size_t b = 0; b < s->blocks; b++, x += step, w += BLOCK) {
          VECTOR weight[2];
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
        for (size_t b = 0; b < s->blocks; b++, x += step, w += BLOCK) {
#pragma clang loop unroll(full)
          for (size_t j = 0; j < tile; j++) {
            const ptrdiff_t i = start + (ptrdiff_t)j;
            const VECTOR value = i >= 0 && i < width ? LOAD(x + j * BLOCK) : (VECTOR){0};
#pragma clang loop unroll(full)
            for (size_t q = 0; q < few; q++) sum[j][q] += value * LOAD(w + q * channels);
          }
        }
      }
    }
  }

  const size_t plane = s->wide[0] * s->wide[1] * s->wide[2];
  float *y = job->dst + row * s->wide[2] + phase + m * stride;
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
      y[(k + q) * plane + j * stride] = start + ((r[0] + r[2]) + (r[1] + r[3]));
    }
  }
}

// The rows of the narrow side that reach a row of the wide side.
LQC_INLINE TARGET size_t NAMED(transposed_taps)(const struct few_job *job, size_t row, struct row_tap *taps) {
  const struct lqc_few_channels *s = &job->shape;
  const size_t channels = s->blocks * BLOCK;
  const size_t d = row / s->wide[1] + s->padding[0], h = row % s->wide[1] + s->padding[1];
  size_t count = 0;
  for (size_t td = d % s->stride[0]; td < s->kernel[0] && td <= d; td += s->stride[0]) {
    const size_t od = (d - td) / s->stride[0];
    if (od >= s->narrow[0]) continue;
    for (size_t th = h % s->stride[1]; th < s->kernel[1] && th <= h; th += s->stride[1]) {
      const size_t oh = (h - th) / s->stride[1];
      if (oh >= s->narrow[1]) continue;
      taps[count].values = job->src + (od * s->narrow[1] + oh) * s->narrow[2] * BLOCK;
      taps[count++].weights = s->weights + (td * s->kernel[1] + th) * s->kernel[2] * s->few * channels;
    }
  }
  return count;
}

TARGET static void NAMED(transposed_rows)(const void *context, size_t first, size_t last) {
  const struct few_job *job = context;
  const struct lqc_few_channels *s = &job->shape;
  struct row_tap taps[LQC_FEW_KERNEL * LQC_FEW_KERNEL];
  for (size_t row = first; row < last; row++) {
    const size_t tap_count = NAMED(transposed_taps)(job, row, taps);
    for (size_t k = 0; k < s->few;) {
      const size_t few = s->few - k >= 2 ? 2 : 1;
      for (size_t phase = 0; phase < s->stride[2] && phase < s->wide[2]; phase++) {
        const size_t count = (s->wide[2] - phase + s->stride[2] - 1) / s->stride[2];
        size_t m = 0;
        for (; m + TILE <= count; m += TILE)
          if (few == 2)
            NAMED(transposed_tile)(job, taps, tap_count, row, phase, m, k, TILE, 2);
          else
            NAMED(transposed_tile)(job, taps, tap_count, row, phase, m, k, TILE, 1);
        for (; m < count; m++)
          if (few == 2)
            NAMED(transposed_tile)(job, taps, tap_count, row, phase, m, k, 1, 2);
          else
            NAMED(transposed_tile)(job, taps, tap_count, row, phase, m, k, 1, 1);
      }
      k += few;
    }
  }
}

#undef VECTOR
#undef LOAD
