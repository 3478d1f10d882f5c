#include <math.h>

#include "CKernels.h"
#include "parallel.h"

// A unit of work is a row.
struct rows_of_boxes {
  struct lqc_box_rows shape;
  const float *from;
  float *to;
  float slope;
};

static const float *from_row(const struct rows_of_boxes *job, size_t unit) {
  const struct lqc_box_rows *s = &job->shape;
  const size_t h = unit % s->rows, d = unit / s->rows % s->planes, place = unit / s->rows / s->planes;
  return job->from + s->from_places[place] + d * s->from_plane + h * s->from_row;
}

static float *to_row(const struct rows_of_boxes *job, size_t unit) {
  const struct lqc_box_rows *s = &job->shape;
  const size_t h = unit % s->rows, d = unit / s->rows % s->planes, place = unit / s->rows / s->planes;
  return job->to + s->to_places[place] + d * s->to_plane + h * s->to_row;
}

// Runs `statement` for every number of the rows, a of the box and b of the other; rows whose numbers follow each other on vectors.
#define FOR_EVERY_NUMBER(job, first, last, statement)                                                                 \
  const size_t n = (job)->shape.count, to_step = (job)->shape.to_step, from_step = (job)->shape.from_step;            \
  for (size_t unit = first; unit < last; unit++) {                                                                    \
    const float *const from = from_row(job, unit);                                                                    \
    float *const to = to_row(job, unit);                                                                              \
    if (to_step == 1 && from_step == 1)                                                                               \
      for (size_t i = 0; i < n; i++) {                                                                                \
        const float b = from[i], a = to[i];                                                                           \
        to[i] = statement;                                                                                            \
      }                                                                                                               \
    else                                                                                                              \
      for (size_t i = 0; i < n; i++) {                                                                                \
        const float b = from[i * from_step], a = to[i * to_step];                                                     \
        to[i * to_step] = statement;                                                                                  \
      }                                                                                                               \
  }

LQC_INLINE void add_body(const void *context, size_t first, size_t last) {
  const struct rows_of_boxes *job = context;
  FOR_EVERY_NUMBER(job, first, last, a + b)
}
LQC_VECTORISED(add)

LQC_INLINE void mask_body(const void *context, size_t first, size_t last) {
  const struct rows_of_boxes *job = context;
  const float slope = job->slope;
  FOR_EVERY_NUMBER(job, first, last, a * (b > 0 ? 1.0f : slope))
}
LQC_VECTORISED(mask)

LQC_INLINE void keep_larger_body(const void *context, size_t first, size_t last) {
  const struct rows_of_boxes *job = context;
  FOR_EVERY_NUMBER(job, first, last, fabsf(b) <= fabsf(a) || a != a ? a : b)
}
LQC_VECTORISED(keep_larger)

void lqc_add_rows(const struct lqc_box_rows *shape, const float *from, float *to) {
  const struct rows_of_boxes job = {*shape, from, to, 1};
  lqc_parallel(shape->places * shape->planes * shape->rows, add, &job);
}

void lqc_mask_rows(const struct lqc_box_rows *shape, const float *sign, float slope, float *to) {
  const struct rows_of_boxes job = {*shape, sign, to, slope};
  lqc_parallel(shape->places * shape->planes * shape->rows, mask, &job);
}

void lqc_keep_larger_rows(const struct lqc_box_rows *shape, const float *from, float *to) {
  const struct rows_of_boxes job = {*shape, from, to, 1};
  lqc_parallel(shape->places * shape->planes * shape->rows, keep_larger, &job);
}
