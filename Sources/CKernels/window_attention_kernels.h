// Attention of one window and one head. Included once per DEPTH (channels of a head; CAPACITY bounds it).
//
// Lanes hold sixteen queries, or in the second half of the gradient sixteen keys, so that the softmax needs no sums across
// lanes and no matrix of weights is ever stored: two tiles of keys are enough.

// s = log2(e) * (scale * q.k + bias + mask) of the queries in two vectors of lanes and the keys [start, start + count).
LQC_INLINE void NAMED(logits)(const struct window *window, const size_t depth, size_t row, size_t start, size_t count,
                              lanes tile[][2]) {
  lanes q[CAPACITY][2];
  UNROLLED for (size_t d = 0; d < DEPTH; d++) {
    q[d][0] = lanes_load(window->q + d * window->padded + row);
    q[d][1] = lanes_load(window->q + d * window->padded + row + LANES);
  }
  for (size_t j = 0; j < count; j++) {
    const float *k = window->k + (start + j) * DEPTH;
    lanes s0 = lanes_load(bias_of(window, window->bias, row, start + j));
    lanes s1 = lanes_load(bias_of(window, window->bias, row + LANES, start + j));
    UNROLLED for (size_t d = 0; d < DEPTH; d++) {
      s0 += q[d][0] * k[d];
      s1 += q[d][1] * k[d];
    }
    tile[j][0] = s0, tile[j][1] = s1;
  }
  if (window->regions)
    UNROLLED for (size_t part = 0; part < 2; part++) {
      lane_bits mine;
      memcpy(&mine, window->regions + row + part * LANES, sizeof mine);
      for (size_t j = 0; j < count; j++)
        tile[j][part] += lanes_select(mine != window->regions[start + j], lanes_of(MASKED), lanes_of(0));
    }
}

LQC_INLINE void NAMED(attend)(const struct window *window, const size_t depth, size_t row, float *out, float *sums) {
  lanes o[CAPACITY][2], tile[TILE][2], highest[2] = {lanes_of(-1e30f), lanes_of(-1e30f)}, total[2] = {{0}, {0}};
  UNROLLED for (size_t d = 0; d < DEPTH; d++) o[d][0] = o[d][1] = lanes_of(0);
  for (size_t start = 0; start < window->tokens; start += TILE) {
    const size_t count = window->tokens - start < TILE ? window->tokens - start : TILE;
    NAMED(logits)(window, depth, row, start, count, tile);
    UNROLLED for (size_t part = 0; part < 2; part++) {
      lanes top = highest[part];
      for (size_t j = 0; j < count; j++) top = lanes_max(top, tile[j][part]);
      const lanes factor = lanes_exp2(highest[part] - top);
      highest[part] = top;
      total[part] *= factor;
      UNROLLED for (size_t d = 0; d < DEPTH; d++) o[d][part] *= factor;
    }
    for (size_t j = 0; j < count; j++) {
      tile[j][0] = lanes_exp2(tile[j][0] - highest[0]);
      tile[j][1] = lanes_exp2(tile[j][1] - highest[1]);
      total[0] += tile[j][0], total[1] += tile[j][1];
    }
    for (size_t j = 0; j < count; j++) {
      const float *v = window->v + (start + j) * DEPTH;
      const lanes p0 = tile[j][0], p1 = tile[j][1];
      UNROLLED for (size_t d = 0; d < DEPTH; d++) {
        o[d][0] += p0 * v[d];
        o[d][1] += p1 * v[d];
      }
    }
  }
  UNROLLED for (size_t part = 0; part < 2; part++) {
    UNROLLED for (size_t d = 0; d < DEPTH; d++) lanes_store(out + d * window->padded + row + part * LANES, o[d][part] / total[part]);
    for (int lane = 0; lane < LANES; lane++)
      sums[row + part * LANES + (size_t)lane] = highest[part][lane] + log2f(total[part][lane]);
  }
}

// The cotangent of sixteen queries: dq = scale * sum over keys of p * (do.v - do.o) * k.
LQC_INLINE void NAMED(pull_queries)(const struct window *window, const size_t depth, size_t row, float *gradient) {
  lanes q[CAPACITY], cotangent[CAPACITY], dq[CAPACITY], tile[TILE][2];
  const size_t n = window->padded;
  UNROLLED for (size_t d = 0; d < DEPTH; d++) {
    q[d] = lanes_load(window->q + d * n + row);
    cotangent[d] = lanes_load(window->cotangent + d * n + row);
    dq[d] = lanes_of(0);
  }
  const lanes sum = lanes_load(window->sums + row), inner = lanes_load(window->inner + row);
  lane_bits mine = {0};
  if (window->regions) memcpy(&mine, window->regions + row, sizeof mine);
  for (size_t start = 0; start < window->tokens; start += TILE) {
    const size_t count = window->tokens - start < TILE ? window->tokens - start : TILE;
    for (size_t j = 0; j < count; j++) {
      const float *k = window->k + (start + j) * DEPTH, *v = window->v + (start + j) * DEPTH;
      lanes s = lanes_load(bias_of(window, window->bias, row, start + j)) - sum, dp = -inner;
      UNROLLED for (size_t d = 0; d < DEPTH; d++) {
        s += q[d] * k[d];
        dp += cotangent[d] * v[d];
      }
      if (window->regions) s += lanes_select(mine != window->regions[start + j], lanes_of(MASKED), lanes_of(0));
      tile[j][0] = s, tile[j][1] = dp;
    }
    for (size_t j = 0; j < count; j++) tile[j][0] = lanes_exp2(tile[j][0]) * tile[j][1];
    for (size_t j = 0; j < count; j++) {
      const float *k = window->k + (start + j) * DEPTH;
      UNROLLED for (size_t d = 0; d < DEPTH; d++) dq[d] += tile[j][0] * k[d];
    }
  }
  UNROLLED for (size_t d = 0; d < DEPTH; d++) lanes_store(gradient + d * n + row, dq[d] * window->scale);
}

// The cotangents of sixteen keys and values: dk = scale * sum over queries of p * (do.v - do.o) * q, dv = sum of p * do.
LQC_INLINE void NAMED(pull_keys)(const struct window *window, const size_t depth, size_t column, float *gradient) {
  const size_t n = window->padded;
  lanes dk[CAPACITY], dv[CAPACITY], tile[TILE][2];
  UNROLLED for (size_t d = 0; d < DEPTH; d++) dk[d] = dv[d] = lanes_of(0);
  lane_bits mine = {0};
  if (window->regions) memcpy(&mine, window->regions + column, sizeof mine);
  for (size_t start = 0; start < window->tokens; start += TILE) {
    const size_t count = window->tokens - start < TILE ? window->tokens - start : TILE;
    {
      lanes k[CAPACITY], v[CAPACITY];
      UNROLLED for (size_t d = 0; d < DEPTH; d++) {
        k[d] = lanes_load(window->keys + d * n + column);
        v[d] = lanes_load(window->values + d * n + column);
      }
      for (size_t i = 0; i < count; i++) {
        const float *q = window->query_rows + (start + i) * DEPTH, *c = window->cotangent_rows + (start + i) * DEPTH;
        lanes s = lanes_load(bias_of(window, window->bias_rows, column, start + i)) - window->sums[start + i];
        lanes dp = lanes_of(-window->inner[start + i]);
        UNROLLED for (size_t d = 0; d < DEPTH; d++) {
          s += k[d] * q[d];
          dp += v[d] * c[d];
        }
        if (window->regions) s += lanes_select(mine != window->regions[start + i], lanes_of(MASKED), lanes_of(0));
        tile[i][0] = s, tile[i][1] = dp;
      }
    }
    for (size_t i = 0; i < count; i++) {
      tile[i][0] = lanes_exp2(tile[i][0]);
      tile[i][1] *= tile[i][0];
    }
    for (size_t i = 0; i < count; i++) {
      const float *q = window->query_rows + (start + i) * DEPTH, *c = window->cotangent_rows + (start + i) * DEPTH;
      UNROLLED for (size_t d = 0; d < DEPTH; d++) {
        dk[d] += tile[i][1] * q[d];
        dv[d] += tile[i][0] * c[d];
      }
    }
  }
  UNROLLED for (size_t d = 0; d < DEPTH; d++) {
    lanes_store(gradient + (DEPTH + d) * n + column, dk[d] * LN2);
    lanes_store(gradient + (2 * DEPTH + d) * n + column, dv[d]);
  }
}

LQC_INLINE void NAMED(forward_window)(const struct window *window, const size_t depth, float *out, float *sums) {
  for (size_t row = 0; row < window->tokens; row += 2 * LANES) NAMED(attend)(window, depth, row, out, sums);
}

LQC_INLINE void NAMED(gradient_window)(const struct window *window, const size_t depth, float *gradient) {
  for (size_t row = 0; row < window->tokens; row += LANES) NAMED(pull_queries)(window, depth, row, gradient);
  for (size_t column = 0; column < window->tokens; column += LANES) NAMED(pull_keys)(window, depth, column, gradient);
}
