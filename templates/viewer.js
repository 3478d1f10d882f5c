/** What the viewer shows: one position, scale and window for its three panes, so that they are linked. */
const Viewer = (() => {
  const { header } = Volumes;
  const box = document.getElementById('viewer');
  if (!header || !box) return { isThere: false, show() {}, showVoxel() {}, onChange() {}, keys: {} };
  const home = box.parentElement;
  const findings = new Map(header.findings.map((finding) => [finding.id, finding]));
  const listeners = [];
  const nearScale = 8;
  const state = {
    at: header.middle, centre: header.middle, scale: nearScale, large: 0, layer: 'contour', finding: null, map: null, isOwnScale: false, isMarking: false,
    windows: structuredClone(header.windows), volumes: null,
  };
  let waiting = false;
  const changed = () => {
    if (waiting || !state.volumes) return;
    waiting = true;
    window.requestAnimationFrame(() => {
      waiting = false;
      listeners.forEach((listener) => listener(state));
    });
  };

  const layers = [...box.querySelectorAll('[name="viewer-layer"]')];
  const isMPRAGE = () => state.layer.startsWith('mprage');
  const hasMap = () => state.layer.endsWith('aliency') && state.map !== null;
  const allowed = (layer) => !layer.disabled;
  const setLayer = (name) => {
    state.layer = name;
    layers.forEach((layer) => { layer.checked = layer.value === name; });
    changed();
  };
  const stepLayer = (direction) => {
    const open = layers.filter(allowed);
    const next = open[(open.findIndex((layer) => layer.value === state.layer) + direction + open.length) % open.length];
    setLayer(next.value);
    Page.announce(next.parentElement.textContent.trim());
  };

  const load = async () => {
    if (!state.volumes) {
      try {
        state.volumes = await Volumes.all();
      } catch {
        box.classList.add('failed');
        return;
      }
    }
    changed();
  };

  /** Goes to a finding; `place` is where the viewer stands, by default where the page has it. */
  const show = async (id, place = home) => {
    if (box.parentElement !== place) place.prepend(box);
    const finding = findings.get(id);
    if (!finding) return load();
    if (state.finding !== finding) {
      Object.assign(state, { finding, map: null, at: finding.voxel, centre: finding.voxel, scale: nearScale });
      const map = await Volumes.saliency(finding);
      if (state.finding !== finding) return undefined;
      state.map = map;
      // A map that the common scale would leave pale is shown on its own at once.
      state.isOwnScale = map !== null && map.insidePeak < header.commonLimit / 4;
      for (const layer of layers) {
        if (layer.value.endsWith('aliency')) layer.disabled = !map || (layer.value === 'mpragesaliency' && !map.mprage);
      }
      if (!layers.some((layer) => layer.value === state.layer && allowed(layer))) setLayer('contour');
      box.querySelector('#viewer-finding').textContent = id;
      box.querySelector('#viewer-no-map').hidden = map !== null || !finding.isLeftOut;
    }
    return load();
  };

  const move = (voxel) => {
    state.at = Planes.clamped(voxel);
    changed();
  };
  const planes = () => header.planes;
  const slice = (amount, plane = planes()[state.large]) => {
    const at = [...state.at];
    at[plane.normal] += amount;
    move(at);
  };
  const zoom = (factor) => {
    state.scale = Math.min(Math.max(state.scale * factor, 1.5), 40);
    state.centre = state.at;
    changed();
  };
  const windowOf = () => state.windows[isMPRAGE() ? 'mprage' : 'flair'];
  const adjust = (level, width) => {
    const now = windowOf();
    const [middle, half] = [(now.lower + now.upper) / 2 + level, Math.max(2, (now.upper - now.lower) / 2 + width)];
    Object.assign(now, { lower: middle - half, upper: middle + half });
    changed();
  };
  const reset = () => {
    state.windows = structuredClone(header.windows);
    Object.assign(state, { scale: nearScale, centre: state.at });
    changed();
  };
  const swap = (large = (state.large + 1) % 3) => {
    state.large = large;
    [...box.querySelectorAll('.pane')].forEach((pane, at) => pane.classList.toggle('large', at === large));
    changed();
  };
  /** While it is on, a click adds a mark instead of moving the cross-hair. */
  const marking = (isOn = !state.isMarking) => {
    state.isMarking = isOn;
    box.querySelector('[data-act="mark"]').setAttribute('aria-pressed', isOn);
    box.classList.toggle('marking', isOn);
    if (isOn) Page.announce('Click where a lesion was missed and drag for its radius, or press Enter for the cross-hair');
  };
  const mark = (voxel, diameter) => {
    const at = Planes.clamped(voxel);
    const position = Planes.world(at).map((value) => Math.round(value * 10) / 10);
    const id = Decisions.addMark(Planes.stored(at), position, diameter > 1 ? Math.round(diameter * 10) / 10 : undefined);
    marking(false);
    Page.announce(`${id} marked`);
  };
  /** Goes to a voxel of the file. */
  const showVoxel = async (voxel) => {
    await load();
    const at = Planes.clamped(voxel.map((index, axis) => index - header.origin[axis]));
    Object.assign(state, { at, centre: at });
    changed();
    box.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  };
  const ownScale = () => {
    state.isOwnScale = !state.isOwnScale;
    changed();
  };

  Decisions.onChange(changed);
  layers.forEach((layer) => layer.addEventListener('change', () => setLayer(layer.value)));
  const act = { 'zoom-in': () => zoom(1.25), 'zoom-out': () => zoom(0.8), reset, plane: () => swap(), 'own-scale': ownScale, mark: () => marking() };
  box.addEventListener('click', (event) => act[event.target.closest('button')?.dataset.act]?.());
  document.querySelectorAll('.to-viewer').forEach((button) => button.addEventListener('click', () => {
    const article = button.closest('article');
    show(article.id, article.querySelector('.viewer-place'));
    box.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }));
  new IntersectionObserver((changes, watch) => {
    if (!changes.some((change) => change.isIntersecting)) return;
    watch.disconnect();
    if (!state.finding) show(header.findings[0]?.id);
  }, { rootMargin: '50% 0px' }).observe(box);

  return {
    isThere: true, state, box, show, move, slice, adjust, zoom, swap, changed, windowOf, isMPRAGE, hasMap, planes, reset, mark, showVoxel,
    onChange(listener) { listeners.push(listener); },
    keys: {
      m: () => marking(), x: () => stepLayer(1), X: () => stepLayer(-1), v: () => swap(), g: ownScale, '[': () => zoom(0.8), ']': () => zoom(1.25),
      ',': () => adjust(6, 0), '.': () => adjust(-6, 0), '<': () => adjust(0, -6), '>': () => adjust(0, 6),
    },
  };
})();
