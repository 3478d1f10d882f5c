/** Draws the panes: pixels on a canvas; contours, letters and scales as vectors that never touch its pixels. */
if (Viewer.isThere) (() => {
  const { header } = Volumes;
  const { box } = Viewer;
  const panes = [...box.querySelectorAll('.pane')];
  const width = box.querySelector('#contour-width');
  const opacity = document.getElementById('saliency-strength');
  const root = document.documentElement;
  const cut = new Map();

  /** Slices and paths of a plane, made again only when slice or finding change. */
  const slicesOf = (plane, state) => {
    const index = state.at[plane.normal];
    const key = `${index} ${state.finding?.id}`;
    if (cut.get(plane.name)?.key !== key) {
      const { volumes, map, finding } = state;
      const [w, h] = [header.shape[plane.horizontal], header.shape[plane.vertical]];
      const of = (volume) => (volume ? Planes.slice(plane, index, volume) : null);
      const labels = of(volumes.labels);
      const mapOf = (values) => (values ? Planes.slice(plane, index, values, map.shape, map.lower, 128) : null);
      const reference = Reference.isShown ? of(volumes.reference) : null;
      cut.set(plane.name, {
        key, width: w, height: h, flair: of(volumes.flair), mprage: of(volumes.mprage),
        contours: Contours.of(labels, reference, w, h, finding?.label),
        maps: { flair: map ? mapOf(map.flair) : null, mprage: map ? mapOf(map.mprage) : null },
      });
    }
    return cut.get(plane.name);
  };

  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  };

  const overlay = (pane, plane, mapping, slices, state, side, scale) => {
    const svg = pane.querySelector('svg');
    const isBare = ['flair', 'mprage'].includes(state.layer) || root.classList.contains('without-contours');
    const group = svg.querySelector('.outlines');
    group.setAttribute('transform', `matrix(${mapping.a} 0 0 ${mapping.d} ${mapping.e} ${mapping.f})`);
    group.setAttribute('stroke-width', width.value);
    for (const [name, path] of slices.contours) {
      const isLeftOut = isBare || (Viewer.hasMap() && name !== 'own');
      group.querySelector(`.${name}`).setAttribute('d', isLeftOut ? '' : path);
    }
    // Of a sphere what the slice cuts; a point is seen one slice to either side.
    svg.querySelector('.marks').replaceChildren(...Decisions.marks.flatMap((mark) => {
      const voxel = mark.voxel.map((index, axis) => index - header.origin[axis]);
      const away = Math.abs(voxel[plane.normal] - state.at[plane.normal]);
      const [distance, reach] = [away * header.spacing[plane.normal], (mark.diameterMillimetres ?? 0) / 2];
      if (distance >= reach && away > 1) return [];
      const circle = document.createElementNS(svg.namespaceURI, 'circle');
      set(circle, {
        cx: mapping.x(voxel[plane.horizontal]), cy: mapping.y(voxel[plane.vertical]),
        r: Math.max(3, Math.sqrt(Math.max(0, reach ** 2 - distance ** 2)) * scale), 'data-mark': mark.id,
      });
      return [circle];
    }));
    const [x, y] = [mapping.x(state.at[plane.horizontal]), mapping.y(state.at[plane.vertical])];
    // The cross-hair stays clear of what it points at.
    const clear = Math.max(14, 4 * scale);
    svg.querySelector('.cross').setAttribute('d', `M0 ${y}H${x - clear}M${x + clear} ${y}H${side}M${x} 0V${y - clear}M${x} ${y + clear}V${side}`);
    const bar = [100, 50, 20, 10, 5, 2].find((length) => length * scale < side / 2 - 60) ?? 1;
    set(svg.querySelector('.bar'), { d: `M0 ${side + 4}v6M0 ${side + 7}h${bar * scale}M${bar * scale} ${side + 4}v6`, 'data-mm': bar });
    const text = svg.querySelector('.bar-text');
    set(text, { x: bar * scale + 5, y: side + 12 });
    text.textContent = `${bar} mm`;
    const [left, right, top, bottom] = plane.letters;
    for (const [name, letter, lx, ly] of [['left', left, -9, side / 2], ['right', right, side + 9, side / 2],
      ['top', top, side / 2, -5], ['bottom', bottom, side / 2, side + 14]]) {
      const mark = svg.querySelector(`.letter-${name}`);
      set(mark, { x: lx, y: ly });
      mark.textContent = letter;
    }
  };

  const signed = (value) => value.toFixed(1).replace('-', '−');
  const place = (plane, state) => {
    const world = Planes.world(state.at)[plane.world];
    return `${plane.name}  ${plane.indexName} = ${Planes.stored(state.at)[plane.normal]}  ${'xyz'[plane.world]} = ${signed(world)} mm`;
  };

  const draw = (state) => {
    const large = panes[state.large].querySelector('canvas').clientWidth;
    const limits = Scale.of(state);
    panes.forEach((pane, at) => {
      const plane = header.planes[at];
      const canvas = pane.querySelector('canvas');
      const side = canvas.clientWidth;
      if (side === 0) return;
      // All panes show the same millimetres; the large one at the scale that is written beside it.
      const scale = state.scale * side / large;
      const ratio = Math.min(window.devicePixelRatio, 2);
      const pixels = Math.round(side * ratio);
      if (canvas.width !== pixels) [canvas.width, canvas.height] = [pixels, pixels];
      const slices = slicesOf(plane, state);
      const isMPRAGE = Viewer.isMPRAGE();
      const hasMap = Viewer.hasMap() && !root.classList.contains('without-saliency');
      Paint.pane(canvas, Planes.mapping(plane, state.centre, scale * pixels / side, pixels), {
        width: slices.width, height: slices.height, image: isMPRAGE ? slices.mprage : slices.flair, window: Viewer.windowOf(),
        map: hasMap ? slices.maps[isMPRAGE ? 'mprage' : 'flair'] : null,
        colours: hasMap ? Paint.colours(limits.stored, limits.shown, opacity.value / 100) : null,
      });
      const svg = pane.querySelector('svg');
      svg.setAttribute('viewBox', `-18 -18 ${side + 36} ${side + 36}`);
      svg.style.setProperty('--side', `${side}px`);
      overlay(pane, plane, Planes.mapping(plane, state.centre, scale, side), slices, state, side, scale);
      pane.dataset.pixelsPerMm = scale;
      const text = place(plane, state);
      pane.querySelector('.pane-place').textContent = text;
      set(pane.querySelector('.frame'), {
        'aria-valuemax': header.shape[plane.normal] - 1, 'aria-valuenow': state.at[plane.normal], 'aria-valuetext': text,
      });
    });
    box.querySelector('#viewer-scale').textContent = `1 mm = ${state.scale.toFixed(1)} px`;
    const world = Planes.world(state.at).map(signed).join(', ');
    box.querySelector('#viewer-at').textContent = `voxel ${Planes.stored(state.at).join(', ')} · ${world} mm`;
    const units = Viewer.isMPRAGE() ? header.units.mprage : header.units.flair;
    const value = (byte) => Number((units.lower + (byte - 1) / 254 * (units.upper - units.lower)).toPrecision(3));
    const shown = Viewer.windowOf();
    box.querySelector('#viewer-window').textContent = `window ${value(shown.lower)} to ${value(shown.upper)}`;
    Scale.show(state);
    box.dataset.drawn = state.finding?.id ?? '';
    box.dataset.layer = state.layer;
  };

  const redraw = () => {
    cut.clear();
    Viewer.changed();
  };
  Viewer.onChange(draw);
  Reference.onChange(redraw);
  width.addEventListener('input', Viewer.changed);
  for (const id of ['show-contours', 'show-saliency', 'saliency-strength']) document.getElementById(id).addEventListener('input', Viewer.changed);
  Pictures.onChange(Viewer.changed);
  new ResizeObserver(Viewer.changed).observe(box);
})();
