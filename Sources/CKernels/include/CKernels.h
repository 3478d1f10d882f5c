#ifndef LESIONQC_CKERNELS_H
#define LESIONQC_CKERNELS_H

#include <stddef.h>

// The few vector kernels that oneDNN lacks. Bodies are plain C; each is compiled for AVX-512, AVX2 and any x86-64 and
// chosen at run time. The plain loops in Double that the tests compare with stand in NetworksTests.
//
// Blocked layout: a tensor of C channels and n voxels is stored [C / block][n][block], as oneDNN's nCdhw16c (block 16),
// nCdhw8c (8) and ncdhw (1). C is a multiple of the block; channels that only fill up a block hold zeros.
// Work is shared among the threads of the same OpenMP pool that oneDNN uses. No result depends on the number of threads.

// Threads that the calling thread's kernels and oneDNN primitives use from now on.
void lqc_set_threads(int count);
// Processors that this process may use.
int lqc_processors(void);

// src [channels][n] -> dst blocked, missing channels of the last block zero.
void lqc_pack(const float *src, float *dst, size_t channels, size_t n, size_t block);
// src blocked -> dst [channels][n].
void lqc_unpack(const float *src, float *dst, size_t channels, size_t n, size_t block);

// dst = leaky(src * scale[c] + shift[c], slope); slope 1: no activation. dst may be src. scale or shift may be NULL.
void lqc_channel_affine(const float *src, float *dst, const float *scale, const float *shift, float slope,
                        size_t blocks, size_t n, size_t block);

// dst = leaky(a + b, slope). dst may be a or b.
void lqc_add(const float *a, const float *b, float *dst, float slope, size_t count);

// dst = (a + b) * (sign[i] > 0 ? 1 : slope). b may be NULL (zero), sign may be NULL (no mask). dst may be a or b.
void lqc_join_gradients(const float *a, const float *b, const float *sign, float *dst, float slope, size_t count);

// The statistics of an instance normalisation, over the n voxels of each channel with biased variance:
// statistics [4][blocks * block] = mean, rate = 1 / sqrt(variance + epsilon), factor = scale * rate, offset = shift - mean *
// factor, so that the normalised value is src * factor + offset. scale or shift may be NULL.
void lqc_instance_statistics(const float *src, float *statistics, const float *scale, const float *shift, float epsilon,
                             size_t blocks, size_t n, size_t block);

// A term of a sum: normalised, or, where statistics is NULL, added as it is.
struct lqc_norm_term {
  const float *values, *statistics;
  float *gradient;
};

// dst = leaky(sum of one or two terms, slope).
void lqc_normalised_sum(const struct lqc_norm_term *terms, size_t count, float *dst, float slope, size_t blocks, size_t n,
                        size_t block);
// The gradient of every term = d/d(values) for the cotangent of that sum; one of them may be the cotangent's memory. The sign
// that decides the activation's derivative is computed again from the values.
void lqc_normalised_sum_gradient(const struct lqc_norm_term *terms, size_t count, const float *cotangent, float slope,
                                 size_t blocks, size_t n, size_t block);

// Boxes of size[0] x size[1] x size[2] voxels that tile a blocked tensor; narrow counts them along D, H, W.
struct lqc_boxes {
  size_t blocks, block;
  size_t narrow[3], size[3];
};

// dst [blocks][boxes][block] = the mean of every box of src.
void lqc_average_boxes(const struct lqc_boxes *shape, const float *src, float *dst);
// Its transpose: every voxel of a box = src / voxels of the box.
void lqc_spread_boxes(const struct lqc_boxes *shape, const float *src, float *dst);

// The most plain channels and the longest kernel axis of the kernels below.
enum { LQC_FEW = 8, LQC_FEW_KERNEL = 7 };

// A convolution between a few plain channels on its wide side (before striding) and many blocked ones on its narrow side,
// and its transpose: the first and the last layer of most networks, where oneDNN is slow or would pad to a whole block.
struct lqc_few_channels {
  size_t few;                     // plain channels
  size_t blocks, block;           // blocked channels; block 16 or 8
  size_t wide[3], narrow[3];      // D, H, W of the two sides
  size_t kernel[3], stride[3], padding[3];
  const float *weights;           // [kernel taps][few][blocks * block], 64-byte aligned
  const float *bias;              // one per channel of the result, or NULL
  float slope;                    // of a leaky activation of the blocked result; 1: none
};

// narrow[c, o] = leaky(bias[c] + sum over k, t of weights[t, k, c] * wide[k, o * stride + t - padding])
// scratch: few * wide[0] * wide[1] bytes, where rows of zeros are noted to be passed over.
void lqc_convolve_few(const struct lqc_few_channels *shape, const float *wide, float *narrow, unsigned char *scratch);
// wide[k, i] = bias[k] + sum over c, t of weights[t, k, c] * narrow[c, o], over i = o * stride + t - padding
void lqc_transposed_few(const struct lqc_few_channels *shape, const float *narrow, float *wide);

#endif
