#include "CKernels.h"
#include "parallel.h"

#include <string.h>

// The two kernels below are written once for vectors of BLOCK channels and compiled for AVX-512 (16) and AVX2 (8).
// Accumulators stay in registers: TILE voxels × up to GROUP blocks (or two plain channels).

struct few_job {
  struct lqc_few_channels shape;
  const float *src;
  float *dst;
  unsigned char *rows;  // rows[k][d][h]: the row of the wide side holds something other than zeros
};

static void note_rows(const void *context, size_t first, size_t last) {
  const struct few_job *job = context;
  const size_t width = job->shape.wide[2];
  for (size_t row = first; row < last; row++) {
    const float *x = job->src + row * width;
    int any = 0;
    for (size_t i = 0; i < width; i++) any |= x[i] != 0;
    job->rows[row] = (unsigned char)any;
  }
}

// One row of taps that meets a row of the result: where its values and its weights begin.
struct row_tap {
  const float *values, *weights;
};

#define BLOCK 16
#define GROUP 4
#define TILE 6
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"), min_vector_width(512)))
#define NAMED(name) name##_16
#include "few_channels_kernels.h"
#undef BLOCK
#undef GROUP
#undef TILE
#undef TARGET
#undef NAMED

#define BLOCK 8
#define GROUP 2
#define TILE 6
#define TARGET __attribute__((target("avx2,fma")))
#define NAMED(name) name##_8
#include "few_channels_kernels.h"

void lqc_convolve_few(const struct lqc_few_channels *shape, const float *wide, float *narrow, unsigned char *scratch) {
  const struct few_job job = {*shape, wide, narrow, scratch};
  lqc_parallel(shape->few * shape->wide[0] * shape->wide[1], note_rows, &job);
  lqc_parallel(shape->narrow[0] * shape->narrow[1], shape->block == 16 ? convolve_rows_16 : convolve_rows_8, &job);
}

void lqc_transposed_few(const struct lqc_few_channels *shape, const float *narrow, float *wide) {
  const struct few_job job = {*shape, narrow, wide, NULL};
  lqc_parallel(shape->wide[0] * shape->wide[1], shape->block == 16 ? transposed_rows_16 : transposed_rows_8, &job);
}
