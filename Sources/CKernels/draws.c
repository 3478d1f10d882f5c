#include "CKernels.h"
#include "parallel.h"

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
