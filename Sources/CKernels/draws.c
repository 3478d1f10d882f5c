#include <math.h>

#include "CKernels.h"
#include "parallel.h"

// A unit of work is a plane of the piece, [channel][d].
struct piece_job {
  struct lqc_piece shape;
  const float *piece;
  float *box;
};

static const float *piece_row(const struct piece_job *job, size_t unit, size_t h) {
  return job->piece + (unit * job->shape.inner[1] + h) * job->shape.inner[2];
}

static float *box_row(const struct piece_job *job, size_t unit, size_t h) {
  const struct lqc_piece *s = &job->shape;
  const size_t channel = unit / s->inner[0], d = unit % s->inner[0] + s->offset[0];
  return job->box + ((channel * s->outer[0] + d) * s->outer[1] + h + s->offset[1]) * s->outer[2] + s->offset[2];
}

LQC_INLINE void add_piece_body(const void *context, size_t first, size_t last) {
  const struct piece_job *job = context;
  for (size_t unit = first; unit < last; unit++)
    for (size_t h = 0; h < job->shape.inner[1]; h++) {
      const float *src = piece_row(job, unit, h);
      float *dst = box_row(job, unit, h);
      for (size_t w = 0; w < job->shape.inner[2]; w++) dst[w] += src[w];
    }
}
LQC_VECTORISED(add_piece)

LQC_INLINE void keep_larger_body(const void *context, size_t first, size_t last) {
  const struct piece_job *job = context;
  for (size_t unit = first; unit < last; unit++)
    for (size_t h = 0; h < job->shape.inner[1]; h++) {
      const float *src = piece_row(job, unit, h);
      float *dst = box_row(job, unit, h);
      // What is there stays unless the new one is larger or no number: so the first of two equals stays, and no number
      // is noticed at the end.
      for (size_t w = 0; w < job->shape.inner[2]; w++)
        dst[w] = fabsf(src[w]) <= fabsf(dst[w]) || dst[w] != dst[w] ? dst[w] : src[w];
    }
}
LQC_VECTORISED(keep_larger)

void lqc_add_piece(const struct lqc_piece *shape, const float *piece, float *box) {
  const struct piece_job job = {*shape, piece, box};
  lqc_parallel(shape->channels * shape->inner[0], add_piece, &job);
}

void lqc_keep_larger(const struct lqc_piece *shape, const float *piece, float *box) {
  const struct piece_job job = {*shape, piece, box};
  lqc_parallel(shape->channels * shape->inner[0], keep_larger, &job);
}

struct draw_job {
  float *draw;
  double *mean;
  float *squares;
  double share;
};

LQC_INLINE void close_draw_body(const void *context, size_t first, size_t last) {
  const struct draw_job *job = context;
  float *const draw = job->draw, *const squares = job->squares;
  double *const mean = job->mean;
  const double share = job->share;
  if (squares)
    for (size_t i = first; i < last; i++) {
      const double deviation = draw[i] - mean[i], next = mean[i] + deviation * share;
      squares[i] += (float)(deviation * (draw[i] - next));
      mean[i] = next;
      draw[i] = 0;
    }
  else
    for (size_t i = first; i < last; i++) {
      mean[i] += (draw[i] - mean[i]) * share;
      draw[i] = 0;
    }
}
LQC_VECTORISED(close_draw)

void lqc_close_draw(float *draw, double *mean, float *squares, size_t draws, size_t count) {
  const struct draw_job job = {draw, mean, squares, 1.0 / (double)draws};
  lqc_parallel(count, close_draw, &job);
}
