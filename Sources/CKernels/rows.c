#include "CKernels.h"
#include "parallel.h"

#include <stdlib.h>
#include <string.h>

// Convolutions of plain volumes: vectors run along a row, so that no number of channels is padded to a block. Sums stay in
// registers: three vectors of MOST channels.

enum { GROUP = LQC_ROWS_GROUP };
// Channels of the input that are summed up before the sum goes to the total.
enum { SUMMED = 4 };

struct rows_job {
  struct lqc_rows shape;
  size_t stride[3];  // of a volume that is raised or lowered
  const float *src;
  float *dst;
};

// A row of taps that meets a row of the result: values and weights of the first channel, and the way to the next one's values.
struct row_taps {
  const float *values, *weights;
  size_t step;
};

LQC_INLINE size_t volume(const size_t extent[3]) { return extent[0] * extent[1] * extent[2]; }

// Copies of the rows that a row of the result needs, [height of the kernel][its depth][inputs][length]: neighbouring channels
// of a volume may lie multiples of a cache's associativity apart. The first axis is a ring; each row has zeros around it.
struct ring {
  float *rows;
  size_t length;
};

static float *zeros(size_t count) {
  float *numbers = aligned_alloc(64, (count + 15) / 16 * 64);
  if (!numbers) abort();
  memset(numbers, 0, count * sizeof(float));
  return numbers;
}

static struct ring ring_for(const struct lqc_rows *shape) {
  // Room for the zeros on both sides and for three whole vectors of sixteen.
  const size_t length = (shape->extent[2] + 47) / 16 * 16 + 16;
  return (struct ring){zeros(shape->kernel[0] * shape->kernel[1] * shape->inputs * length), length};
}

// Copies what row (d, h) of the result needs and the last one did not, and lists the rows of taps inside of the volume.
static size_t ring_turn(struct ring *ring, const struct rows_job *job, size_t d, size_t h, int is_new, struct row_taps *taps) {
  const struct lqc_rows *shape = &job->shape;
  const size_t *extent = shape->extent, *kernel = shape->kernel;
  const size_t plane = volume(extent);
  size_t count = 0;
  for (size_t kh = 0; kh < kernel[1]; kh++) {
    if (h + kh < kernel[1] / 2 || h + kh - kernel[1] / 2 >= extent[1]) continue;
    const size_t y = h + kh - kernel[1] / 2;
    float *slot = ring->rows + y % kernel[1] * kernel[0] * shape->inputs * ring->length;
    for (size_t kd = 0; kd < kernel[0]; kd++) {
      if (d + kd < kernel[0] / 2 || d + kd - kernel[0] / 2 >= extent[0]) continue;
      const size_t z = d + kd - kernel[0] / 2;
      float *rows = slot + kd * shape->inputs * ring->length;
      if (is_new || kh == kernel[1] - 1)
        for (size_t c = 0; c < shape->inputs; c++)
          memcpy(rows + c * ring->length + kernel[2] / 2, job->src + c * plane + (z * extent[1] + y) * extent[2],
                 extent[2] * sizeof(float));
      taps[count++] = (struct row_taps){rows, shape->weights + (kd * kernel[1] + kh) * kernel[2] * GROUP, ring->length};
    }
  }
  return count;
}

// Moves rows between [channels][stride D][stride H][stride W][row] and the raised volume, for row (d, h) before raising.
static void raised_rows(const struct rows_job *job, size_t channels, size_t d, size_t h, float *rows, size_t length,
                        const float *from, float *to) {
  const size_t *extent = job->shape.extent, *stride = job->stride, width = extent[2];
  for (size_t k = 0; k < channels; k++)
    for (size_t a = 0; a < stride[0]; a++)
      for (size_t b = 0; b < stride[1]; b++, rows += stride[2] * length) {
        const size_t at = (((k * extent[0] + d) * stride[0] + a) * extent[1] * stride[1] + h * stride[1] + b) * width * stride[2];
        if (stride[2] == 2 && to)
          for (size_t x = 0; x < width; x++) to[at + 2 * x] = rows[x], to[at + 2 * x + 1] = rows[length + x];
        else if (stride[2] == 2)
          for (size_t x = 0; x < width; x++) rows[x] = from[at + 2 * x], rows[length + x] = from[at + 2 * x + 1];
        else
          for (size_t e = 0; e < stride[2]; e++)
            for (size_t x = 0; x < width; x++)
              if (to)
                to[at + x * stride[2] + e] = rows[e * length + x];
              else
                rows[e * length + x] = from[at + x * stride[2] + e];
      }
}

#define WIDTH 16
#define MOST 8
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"), min_vector_width(512)))
#define NAMED(name) name##_16
#include "rows_kernels.h"
#undef WIDTH
#undef MOST
#undef TARGET
#undef NAMED

#define WIDTH 8
#define MOST 4
#define TARGET __attribute__((target("avx2,fma")))
#define NAMED(name) name##_8
#include "rows_kernels.h"
#undef WIDTH
#undef TARGET
#undef NAMED

#define WIDTH 4
#define TARGET
#define NAMED(name) name##_4
#include "rows_kernels.h"

typedef void body(const void *context, size_t first, size_t last);

static body *chosen(body *wide, body *middle, body *narrow) {
  const int level = lqc_vector_level();
  return level == 2 ? wide : level == 1 ? middle : narrow;
}

void lqc_convolve_rows(const struct lqc_rows *shape, const float *src, float *dst) {
  const struct rows_job job = {*shape, {1, 1, 1}, src, dst};
  lqc_parallel(shape->extent[0] * shape->extent[1], chosen(rows_16, rows_8, rows_4), &job);
}

void lqc_raise_rows(const struct lqc_rows *shape, const size_t stride[3], const float *src, float *dst) {
  const struct rows_job job = {*shape, {stride[0], stride[1], stride[2]}, src, dst};
  lqc_parallel(shape->extent[0] * shape->extent[1], chosen(raised_16, raised_8, raised_4), &job);
}

void lqc_lower_rows(const struct lqc_rows *shape, const size_t stride[3], const float *src, float *dst) {
  const struct rows_job job = {*shape, {stride[0], stride[1], stride[2]}, src, dst};
  lqc_parallel(shape->extent[0] * shape->extent[1], chosen(lowered_16, lowered_8, lowered_4), &job);
}
