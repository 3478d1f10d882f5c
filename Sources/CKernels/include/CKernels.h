#ifndef LESIONQC_CKERNELS_H
#define LESIONQC_CKERNELS_H

#include <stddef.h>

// The few vector kernels that oneDNN lacks, and those that add up maps. Bodies are plain C; each is compiled for AVX-512, AVX2 and any
// x86-64 and chosen at run time. The plain loops in Double that the tests compare with stand in NetworksTests and SaliencyTests.
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
// src in blocks of `from` channels -> dst in blocks of `to`, missing channels of the last block zero.
void lqc_reblock(const float *src, float *dst, size_t channels, size_t n, size_t from, size_t to);

// dst = leaky(src * scale[c] + shift[c], slope); slope 1: no activation. dst may be src. scale or shift may be NULL.
void lqc_channel_affine(const float *src, float *dst, const float *scale, const float *shift, float slope,
                        size_t blocks, size_t n, size_t block);

// dst = leaky(a + b, slope). dst may be a or b.
void lqc_add(const float *a, const float *b, float *dst, float slope, size_t count);

// dst = (a + b + c) * (sign[i] > 0 ? 1 : slope). c, or b and c, may be NULL (zero), sign may be NULL (no mask). dst may be
// any of a, b and c.
void lqc_join_gradients(const float *a, const float *b, const float *c, const float *sign, float *dst, float slope,
                        size_t count);

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

// The statistics of a group normalisation, as those of an instance normalisation: every channel has the mean and the rate of
// its group. group [blocks * block]: from 0 to groups - 1, or -1 for a channel that fills up a block.
void lqc_group_statistics(const float *src, float *statistics, const int *group, size_t groups, const float *scale,
                          const float *shift, float epsilon, size_t blocks, size_t n, size_t block);
// The gradient of the one term = d/d(values) for the cotangent of leaky(term, slope), whose memory it may be.
void lqc_group_norm_gradient(const struct lqc_norm_term *term, const int *group, size_t groups, const float *cotangent,
                             float slope, size_t blocks, size_t n, size_t block);

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

// Channels whose weights stand together in lqc_rows, and the longest kernel axis.
enum { LQC_ROWS_GROUP = 8, LQC_ROWS_KERNEL = 7 };

// A convolution between plain volumes [channels][D][H][W] of one extent: odd kernel, stride 1, as many zeros around as keep
// the extent. For numbers of channels that would leave a good part of a block empty.
struct lqc_rows {
  size_t inputs, outputs;
  size_t extent[3], kernel[3];
  const float *weights;  // [outputs / 8, rounded up][inputs][kernel taps][8], zeros for missing outputs
  const float *bias;     // [outputs], or NULL
};

void lqc_convolve_rows(const struct lqc_rows *shape, const float *src, float *dst);
// A transposed convolution whose kernel is its stride: extent is that of src, the kernel 1, and outputs counts a channel of
// dst once for each tap, [channel][tap].
void lqc_raise_rows(const struct lqc_rows *shape, const size_t stride[3], const float *src, float *dst);
// The transpose of it: extent is that of dst, and inputs counts a channel of src once for each tap.
void lqc_lower_rows(const struct lqc_rows *shape, const size_t stride[3], const float *src, float *dst);

// Tokens: [n][channels], the layout of a transformer.

// dst = (src - mean) / sqrt(variance + epsilon) * scale + shift over the channels of each token, biased variance. scale and
// shift may both be NULL.
void lqc_layer_norm(const float *src, float *dst, const float *scale, const float *shift, float epsilon, size_t n,
                    size_t channels);
// dst = d/d(src) for the cotangent of the result.
void lqc_layer_norm_gradient(const float *src, const float *cotangent, const float *scale, float epsilon, float *dst,
                             size_t n, size_t channels);

// dst = src * normal distribution function(src) (the exact form of GELU), or with a cotangent, the derivative at src times
// that. dst may be src or cotangent.
void lqc_gelu(const float *src, const float *cotangent, float *dst, size_t count);

// Eight neighbouring tokens become one of eight times the channels; beyond an odd extent there are zeros.
struct lqc_patch_merging {
  size_t extent[3];        // of the volume of tokens, D, H, W
  size_t channels;
  unsigned char parts[8];  // which neighbour stands where: 4 * d + 2 * h + w; neighbours may repeat
};

void lqc_merge_patches(const struct lqc_patch_merging *shape, const float *src, float *dst);
// The transpose of it.
void lqc_split_patches(const struct lqc_patch_merging *shape, const float *src, float *dst);

// The most channels of a head.
enum { LQC_ATTENTION_DEPTH = 256 };

// softmax(q.k / sqrt(depth) + bias + mask) v within windows of a volume of tokens.
struct lqc_window_attention {
  size_t windows, tokens;  // windows, and tokens in each
  size_t heads, depth;     // heads, and channels of each
  const int *voxels;       // [windows][tokens]: the voxel of every token, -1: padding
  const int *regions;      // [windows][tokens], or NULL: tokens of different regions get a mask of -100
  const float *absent;     // [3][heads][depth]: q, k and v of padding
  const float *table;      // [heads][table_count]: the bias of every relative position
  size_t table_count;
  const int *place;        // [tokens]: the bias of query i and key j stands at place[i] - place[j] + origin
  int origin;
};

// How many numbers the forward pass leaves to the gradient.
size_t lqc_window_attention_sums(const struct lqc_window_attention *shape);
// qkv: [voxels][3][heads][depth] -> dst [voxels][heads][depth]; every voxel belongs to one window.
void lqc_window_attention(const struct lqc_window_attention *shape, const float *qkv, float *dst, float *sums);
// gradient = d/d(qkv) for the cotangent of dst, with the result and the sums of the forward pass.
void lqc_window_attention_gradient(const struct lqc_window_attention *shape, const float *qkv, const float *result,
                                   const float *sums, const float *cotangent, float *gradient);

// The rows along the last axis that two boxes of voxels share, in every place: a channel, or a block of channels.
struct lqc_box_rows {
  size_t places, planes, rows, count;
  const size_t *to_places, *from_places;           // where the first row of every place begins
  size_t to_plane, to_row, from_plane, from_row;   // distances between planes and between rows
  size_t to_step, from_step;                       // between the numbers of a row
};

// to += from.
void lqc_add_rows(const struct lqc_box_rows *shape, const float *from, float *to);
// to *= sign > 0 ? 1 : slope.
void lqc_mask_rows(const struct lqc_box_rows *shape, const float *sign, float slope, float *to);
// to = whichever of both is larger in magnitude, `to` if they are equal; not a number is larger than any.
void lqc_keep_larger_rows(const struct lqc_box_rows *shape, const float *from, float *to);

// Takes draw number `draws` (1, 2, ...) into the mean of all so far and the sum of squared deviations from it (NULL: not
// wanted), by Welford's recurrence, and sets draw to zeros.
void lqc_close_draw(float *draw, double *mean, float *squares, size_t draws, size_t count);

#endif
