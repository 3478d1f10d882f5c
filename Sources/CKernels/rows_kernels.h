// Included by rows.c for each WIDTH of a vector; MOST is the number of channels that three vectors of sums fit in registers.

typedef float NAMED(vector) __attribute__((vector_size(WIDTH * 4)));
#define VECTOR NAMED(vector)

LQC_INLINE TARGET void NAMED(load)(VECTOR *to, const float *from) { memcpy(to, from, sizeof(VECTOR)); }

// Not inlined, so that taking the address of a sum does not keep all of them in memory.
TARGET static __attribute__((noinline)) void NAMED(store_part)(float *to, VECTOR value, size_t count) {
  memcpy(to, &value, count * sizeof(float));
}

// `channels` channels of the result from `first` on, `vectors` vectors of a row.
LQC_INLINE TARGET void NAMED(tile)(const struct rows_job *job, const struct row_taps *taps, size_t count, size_t first,
                                   size_t column, float *row, size_t plane, const size_t width, const size_t channels,
                                   const size_t vectors) {
  const struct lqc_rows *shape = &job->shape;
  const size_t weight_step = volume(shape->kernel) * GROUP;
  // Sums over a few channels of the input stay in registers; their totals lie beside, because a single sum over all of
  // them would lose twice as much to rounding.
  VECTOR total[MOST][3];
  for (size_t k = 0; k < channels; k++) {
    const VECTOR start = (VECTOR){0} + (shape->bias && first + k < shape->outputs ? shape->bias[first + k] : 0);
    for (size_t n = 0; n < vectors; n++) total[k][n] = start;
  }
  for (size_t begin = 0; begin < shape->inputs; begin += SUMMED) {
    const size_t end = begin + SUMMED < shape->inputs ? begin + SUMMED : shape->inputs;
    VECTOR sum[MOST][3];
#pragma clang loop unroll(full)
    for (size_t k = 0; k < channels; k++) {
#pragma clang loop unroll(full)
      for (size_t n = 0; n < vectors; n++) sum[k][n] = (VECTOR){0};
    }
    for (size_t c = begin; c < end; c++)
      for (size_t t = 0; t < count; t++) {
        const float *x = taps[t].values + c * taps[t].step + column;
        const float *w = taps[t].weights + (first / GROUP * shape->inputs + c) * weight_step + first % GROUP;
#pragma clang loop unroll_count(3)
        for (size_t tap = 0; tap < width; tap++, x++, w += GROUP) {
          VECTOR value[3];
#pragma clang loop unroll(full)
          for (size_t n = 0; n < vectors; n++) NAMED(load)(&value[n], x + n * WIDTH);
#pragma clang loop unroll(full)
          for (size_t k = 0; k < channels; k++) {
#pragma clang loop unroll(full)
            for (size_t n = 0; n < vectors; n++) sum[k][n] += value[n] * w[k];
          }
        }
      }
#pragma clang loop unroll(full)
    for (size_t k = 0; k < channels; k++) {
#pragma clang loop unroll(full)
      for (size_t n = 0; n < vectors; n++) total[k][n] += sum[k][n];
    }
  }
#pragma clang loop unroll(full)
  for (size_t k = 0; k < channels; k++) {
    if (first + k >= shape->outputs) break;
#pragma clang loop unroll(full)
    for (size_t n = 0; n < vectors; n++) {
      float *to = row + (first + k) * plane + column + n * WIDTH;
      const size_t left = shape->extent[2] - column - n * WIDTH;
      const VECTOR value = total[k][n];
      if (left >= WIDTH)
        memcpy(to, &value, sizeof value);
      else
        NAMED(store_part)(to, value, left);
    }
  }
}

LQC_INLINE TARGET void NAMED(tiles)(const struct rows_job *job, const struct row_taps *taps, size_t count, size_t column,
                                    float *row, size_t plane, const size_t width, const size_t vectors) {
  size_t k = 0;
  const size_t outputs = job->shape.outputs;
  for (; k + MOST / 2 < outputs; k += MOST) NAMED(tile)(job, taps, count, k, column, row, plane, width, MOST, vectors);
  for (; k + MOST / 4 < outputs; k += MOST / 2) NAMED(tile)(job, taps, count, k, column, row, plane, width, MOST / 2, vectors);
  for (; k < outputs; k += MOST / 4) NAMED(tile)(job, taps, count, k, column, row, plane, width, MOST / 4, vectors);
}

LQC_INLINE TARGET void NAMED(row)(const struct rows_job *job, const struct row_taps *taps, size_t count, float *row,
                                  size_t plane, const size_t width) {
  const size_t whole = (job->shape.extent[2] + WIDTH - 1) / WIDTH;
  size_t n = 0;
  for (; n + 3 <= whole; n += 3) NAMED(tiles)(job, taps, count, n * WIDTH, row, plane, width, 3);
  if (n + 2 == whole)
    NAMED(tiles)(job, taps, count, n * WIDTH, row, plane, width, 2);
  else if (n + 1 == whole)
    NAMED(tiles)(job, taps, count, n * WIDTH, row, plane, width, 1);
}

TARGET static void NAMED(rows)(const void *context, size_t first, size_t last) {
  const struct rows_job *job = context;
  const struct lqc_rows *shape = &job->shape;
  const size_t height = shape->extent[1], width = shape->extent[2], plane = volume(shape->extent);
  struct ring ring = ring_for(shape);
  for (size_t unit = first; unit < last; unit++) {
    const size_t d = unit / height, h = unit % height;
    struct row_taps taps[LQC_ROWS_KERNEL * LQC_ROWS_KERNEL];
    const size_t count = ring_turn(&ring, job, d, h, unit == first || h == 0, taps);
    float *row = job->dst + (d * height + h) * width;
    if (shape->kernel[2] == 3)
      NAMED(row)(job, taps, count, row, plane, 3);
    else if (shape->kernel[2] == 1)
      NAMED(row)(job, taps, count, row, plane, 1);
    else
      NAMED(row)(job, taps, count, row, plane, shape->kernel[2]);
  }
  free(ring.rows);
}

// A 1 × 1 × 1 convolution whose channels are [outputs][stride] and then become a volume of stride times the extent.
TARGET static void NAMED(raised)(const void *context, size_t first, size_t last) {
  const struct rows_job *job = context;
  const struct lqc_rows *shape = &job->shape;
  const size_t height = shape->extent[1], width = shape->extent[2];
  struct ring ring = ring_for(shape);
  float *rows = zeros(shape->outputs * width);
  for (size_t unit = first; unit < last; unit++) {
    struct row_taps taps[1];
    const size_t count = ring_turn(&ring, job, unit / height, unit % height, 1, taps);
    NAMED(row)(job, taps, count, rows, width, 1);
    raised_rows(job, shape->outputs / volume(job->stride), unit / height, unit % height, rows, width, NULL, job->dst);
  }
  free(rows);
  free(ring.rows);
}

// The transpose: the volume becomes channels [inputs][stride], which a 1 × 1 × 1 convolution reads.
TARGET static void NAMED(lowered)(const void *context, size_t first, size_t last) {
  const struct rows_job *job = context;
  const struct lqc_rows *shape = &job->shape;
  const size_t height = shape->extent[1], width = shape->extent[2];
  struct ring ring = ring_for(shape);
  const struct row_taps taps[1] = {{ring.rows, shape->weights, ring.length}};
  for (size_t unit = first; unit < last; unit++) {
    raised_rows(job, shape->inputs / volume(job->stride), unit / height, unit % height, ring.rows, ring.length, job->src,
                NULL);
    NAMED(row)(job, taps, 1, job->dst + unit * width, volume(shape->extent), 1);
  }
  free(ring.rows);
}
#undef VECTOR
