/** Borders of labels as lines along the edges of voxels: what the mask says, sharp at any size. */
const Contours = (() => {
  /** The path around the voxels that `belongs` accepts, in voxel coordinates. */
  const path = (slice, width, height, belongs) => {
    const parts = [];
    const inside = (u, v) => u >= 0 && v >= 0 && u < width && v < height && belongs(slice[v * width + u]);
    for (let v = 0; v <= height; v += 1) {
      for (let u = 0, from = -1; u <= width; u += 1) {
        const isEdge = u < width && inside(u, v) !== inside(u, v - 1);
        if (isEdge && from < 0) from = u;
        if (!isEdge && from >= 0) {
          parts.push(`M${from - 0.5} ${v - 0.5}H${u - 0.5}`);
          from = -1;
        }
      }
    }
    for (let u = 0; u <= width; u += 1) {
      for (let v = 0, from = -1; v <= height; v += 1) {
        const isEdge = v < height && inside(u, v) !== inside(u - 1, v);
        if (isEdge && from < 0) from = v;
        if (!isEdge && from >= 0) {
          parts.push(`M${u - 0.5} ${from - 0.5}V${v - 0.5}`);
          from = -1;
        }
      }
    }
    return parts.join('');
  };

  return {
    /** Name of the style and path, from what is seen first to what lies on top. */
    of(labels, reference, width, height, own) {
      const candidate = 0x8000;
      const drawn = [
        ['other', path(labels, width, height, (label) => label > 0 && label < candidate && label !== own)],
        ['candidate', path(labels, width, height, (label) => label >= candidate && label !== own)],
      ];
      if (reference) drawn.push(['reference', path(reference, width, height, (value) => value > 0)]);
      return [...drawn, ['own', path(labels, width, height, (label) => label === own)]];
    },
  };
})();
