/** Pixels of a pane: the image in its window, and a saliency map over it. */
const Paint = (() => {
  const raising = [[205, 70, 0], [255, 140, 0], [255, 232, 130]];
  const lowering = [[20, 70, 235], [0, 40, 190], [0, 15, 110]];
  // As in the pictures: Reports/Pictures/Look/Colours.swift.
  const dimming = 0.65;

  /** Colour and opacity of each stored value of a map whose largest is `own`, on a scale that ends at `limit`. */
  const colours = (own, limit, opacity) => Array.from({ length: 256 }, (_, byte) => {
    const value = (byte - 128) / 127 * own;
    const strength = Math.min(Math.abs(value) / limit, 1);
    const stops = value < 0 ? lowering : raising;
    const [from, to, part] = strength < 0.5 ? [stops[0], stops[1], strength * 2] : [stops[1], stops[2], strength * 2 - 1];
    return [...from.map((channel, at) => channel + (to[at] - channel) * part), 0.92 * strength ** 0.6 * opacity];
  });

  /** Between four neighbours; those for which `hidden` stands take no part. */
  const between = (slice, width, height, u, v, hidden) => {
    const [u0, v0] = [Math.floor(u), Math.floor(v)];
    let [sum, weights] = [0, 0];
    for (let b = 0; b < 2; b += 1) {
      const row = v0 + b;
      if (row < 0 || row >= height) continue;
      const across = b ? v - v0 : 1 - v + v0;
      for (let a = 0; a < 2; a += 1) {
        const column = u0 + a;
        if (column < 0 || column >= width) continue;
        const value = slice[row * width + column];
        if (value === hidden) continue;
        const weight = across * (a ? u - u0 : 1 - u + u0);
        sum += weight * value;
        weights += weight;
      }
    }
    return weights > 0 ? sum / weights : hidden;
  };

  return {
    /** `image`, `map`: slices with the size of the plane; `map` and its `colours` may be missing. */
    pane(canvas, mapping, { width, height, image, window, map, colours: lut }) {
      const side = canvas.width;
      const context = canvas.getContext('2d');
      const pixels = context.createImageData(side, side);
      const out = new Uint32Array(pixels.data.buffer).fill(0xff000000);
      const gain = 255 / Math.max(1, window.upper - window.lower) * (map ? dimming : 1);
      for (let y = 0; y < side; y += 1) {
        const v = mapping.v(y + 0.5);
        const row = Math.round(v);
        if (row < 0 || row >= height) continue;
        for (let x = 0; x < side; x += 1) {
          const u = mapping.u(x + 0.5);
          const column = Math.round(u);
          if (column < 0 || column >= width || image[row * width + column] === 0) continue;
          const grey = Math.min(Math.max((between(image, width, height, u, v, 0) - window.lower) * gain, 0), 255 * (map ? dimming : 1));
          let [red, green, blue] = [grey, grey, grey];
          if (map) {
            const [r, g, b, alpha] = lut[Math.round(between(map, width, height, u, v, -1))];
            red += (r - red) * alpha;
            green += (g - green) * alpha;
            blue += (b - blue) * alpha;
          }
          out[y * side + x] = 0xff000000 | Math.round(blue) << 16 | Math.round(green) << 8 | Math.round(red);
        }
      }
      context.putImageData(pixels, 0, 0);
    },
    colours,
  };
})();
