/** Where a voxel of the brain's box lies in a pane, and which slices the planes cut. Lengths in mm along each stored axis. */
const Planes = (() => {
  const { header } = Volumes;
  const step = (shape, axis) => [1, shape[0], shape[0] * shape[1]][axis];

  return {
    /** The numbers of one slice, rows along the plane's horizontal axis; what lies outside the volume is `outside`. */
    slice(plane, index, volume, shape = header.shape, lower = [0, 0, 0], outside = 0) {
      const [width, height] = [header.shape[plane.horizontal], header.shape[plane.vertical]];
      const out = new volume.constructor(width * height).fill(outside);
      const at = index - lower[plane.normal];
      if (at < 0 || at >= shape[plane.normal]) return out;
      const [a, b] = [step(shape, plane.horizontal), step(shape, plane.vertical)];
      const start = at * step(shape, plane.normal);
      for (let v = 0; v < shape[plane.vertical]; v += 1) {
        const row = (v + lower[plane.vertical]) * width + lower[plane.horizontal];
        for (let u = 0; u < shape[plane.horizontal]; u += 1) out[row + u] = volume[start + u * a + v * b];
      }
      return out;
    },

    /** Voxel coordinates along horizontal and vertical axis → pixels of a pane, and back. */
    mapping(plane, centre, scale, side) {
      const [h, v] = [plane.horizontal, plane.vertical];
      const a = plane.horizontalStep * header.spacing[h] * scale;
      const d = plane.verticalStep * header.spacing[v] * scale;
      const [e, f] = [side / 2 - centre[h] * a, side / 2 - centre[v] * d];
      return {
        a, d, e, f,
        x: (u) => a * u + e, y: (w) => d * w + f,
        u: (x) => (x - e) / a, v: (y) => (y - f) / d,
      };
    },

    /** Position in the patient, mm, of a voxel of the box. */
    world(voxel) {
      return header.affine.map((row) => row[3] + voxel.reduce((sum, at, axis) => sum + row[axis] * (at + header.origin[axis]), 0));
    },
    /** Index of a voxel in the file. */
    stored: (voxel) => voxel.map((at, axis) => Math.round(at) + header.origin[axis]),
    clamped: (voxel) => voxel.map((at, axis) => Math.min(Math.max(Math.round(at), 0), header.shape[axis] - 1)),
  };
})();
