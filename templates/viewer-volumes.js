/** The volumes that the page carries: inflated by the browser when they are first needed, and kept. */
const Volumes = (() => {
  const element = document.getElementById('viewer-header');
  const header = element ? JSON.parse(element.textContent) : null;
  const kept = new Map();

  const bytesOf = (text) => {
    const packed = atob(text);
    const bytes = new Uint8Array(packed.length);
    for (let at = 0; at < packed.length; at += 1) bytes[at] = packed.charCodeAt(at);
    return bytes;
  };

  const inflate = async (id) => {
    const data = document.getElementById(id);
    if (!data) return null;
    const stream = new Blob([bytesOf(data.textContent)]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  /** Stored is what a voxel differs by from the one before it in its row, which compresses better. */
  const summed = (bytes, row) => {
    for (let at = 0; at < bytes.length; at += 1) if (at % row) bytes[at] += bytes[at - 1];
    return bytes;
  };

  const once = (id, make) => {
    if (!kept.has(id)) kept.set(id, inflate(id).then((bytes) => (bytes ? make(bytes) : null)));
    return kept.get(id);
  };
  const image = (name) => once(`volume-${name}`, (bytes) => summed(bytes, header.shape[0]));

  return {
    header,
    /** FLAIR, MPRAGE, labels and reference of the brain's box; null for what the page does not hold. */
    async all() {
      const [flair, mprage, labels, reference] = await Promise.all([image('flair'), image('mprage'),
        once('volume-labels', (bytes) => new Uint16Array(bytes.buffer)), once('volume-reference', (bytes) => bytes)]);
      return { flair, mprage, labels, reference };
    },
    /** The maps of a finding, 128 for none, in a box of their own; null without. */
    async saliency(finding) {
      if (!finding.map) return null;
      const row = finding.map.shape[0];
      const bytes = await once(`saliency-${finding.id}`, (all) => summed(all, row));
      const size = finding.map.shape.reduce((product, side) => product * side, 1);
      return { ...finding.map, flair: bytes.subarray(0, size), mprage: bytes.length > size ? bytes.subarray(size) : null };
    },
  };
})();
