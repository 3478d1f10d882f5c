#include "CKernels.h"
#include "parallel.h"

// A unit of work is a row of boxes of one channel block.
struct boxes_job {
  struct lqc_boxes shape;
  const float *src;
  float *dst;
};

LQC_INLINE void average_rows(const struct boxes_job *job, size_t first, size_t last, const size_t block) {
  const struct lqc_boxes *s = &job->shape;
  const size_t height = s->narrow[1] * s->size[1], width = s->narrow[2] * s->size[2];
  const float share = 1.0f / (float)(s->size[0] * s->size[1] * s->size[2]);
  for (size_t unit = first; unit < last; unit++) {
    const size_t h = unit % s->narrow[1], plane = unit / s->narrow[1];  // plane: block and d together
    float *dst = job->dst + unit * s->narrow[2] * block;
    for (size_t w = 0; w < s->narrow[2]; w++) {
      float sum[16] = {0};
      for (size_t i = 0; i < s->size[0]; i++)
        for (size_t j = 0; j < s->size[1]; j++) {
          const size_t row = (plane * s->size[0] + i) * height + h * s->size[1] + j;
          const float *src = job->src + (row * width + w * s->size[2]) * block;
          for (size_t k = 0; k < s->size[2]; k++)
            for (size_t lane = 0; lane < block; lane++) sum[lane] += src[k * block + lane];
        }
      for (size_t lane = 0; lane < block; lane++) dst[w * block + lane] = sum[lane] * share;
    }
  }
}

LQC_INLINE void average_body(const void *context, size_t first, size_t last) {
  const struct boxes_job *job = context;
  if (job->shape.block == 16)
    average_rows(job, first, last, 16);
  else if (job->shape.block == 8)
    average_rows(job, first, last, 8);
  else
    average_rows(job, first, last, 1);
}
LQC_VECTORISED(average)

LQC_INLINE void spread_rows(const struct boxes_job *job, size_t first, size_t last, const size_t block) {
  const struct lqc_boxes *s = &job->shape;
  const size_t height = s->narrow[1] * s->size[1], width = s->narrow[2] * s->size[2];
  const float share = 1.0f / (float)(s->size[0] * s->size[1] * s->size[2]);
  for (size_t unit = first; unit < last; unit++) {
    const size_t h = unit % s->narrow[1], plane = unit / s->narrow[1];
    const float *src = job->src + unit * s->narrow[2] * block;
    for (size_t i = 0; i < s->size[0]; i++)
      for (size_t j = 0; j < s->size[1]; j++) {
        const size_t row = (plane * s->size[0] + i) * height + h * s->size[1] + j;
        float *dst = job->dst + row * width * block;
        for (size_t w = 0; w < s->narrow[2]; w++)
          for (size_t k = 0; k < s->size[2]; k++)
            for (size_t lane = 0; lane < block; lane++)
              dst[(w * s->size[2] + k) * block + lane] = src[w * block + lane] * share;
      }
  }
}

LQC_INLINE void spread_body(const void *context, size_t first, size_t last) {
  const struct boxes_job *job = context;
  if (job->shape.block == 16)
    spread_rows(job, first, last, 16);
  else if (job->shape.block == 8)
    spread_rows(job, first, last, 8);
  else
    spread_rows(job, first, last, 1);
}
LQC_VECTORISED(spread)

void lqc_average_boxes(const struct lqc_boxes *shape, const float *src, float *dst) {
  const struct boxes_job job = {*shape, src, dst};
  lqc_parallel(shape->blocks * shape->narrow[0] * shape->narrow[1], average, &job);
}

void lqc_spread_boxes(const struct lqc_boxes *shape, const float *src, float *dst) {
  const struct boxes_job job = {*shape, src, dst};
  lqc_parallel(shape->blocks * shape->narrow[0] * shape->narrow[1], spread, &job);
}
