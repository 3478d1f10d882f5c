/** Mouse, pen, finger and keys on the panes. */
if (Viewer.isThere) (() => {
  const { box, state } = Viewer;

  [...box.querySelectorAll('.pane')].forEach((pane, at) => {
    const canvas = pane.querySelector('canvas');
    const frame = pane.querySelector('.frame');
    const plane = Volumes.header.planes[at];
    let drag = null;

    const voxelAt = (event) => {
      const area = canvas.getBoundingClientRect();
      const mapping = Planes.mapping(plane, state.centre, Number(pane.dataset.pixelsPerMm), area.width);
      const voxel = [...state.at];
      voxel[plane.horizontal] = mapping.u(event.clientX - area.left);
      voxel[plane.vertical] = mapping.v(event.clientY - area.top);
      return voxel;
    };

    frame.addEventListener('pointerdown', (event) => {
      if (event.button > 2 || !state.volumes) return;
      frame.setPointerCapture(event.pointerId);
      const isWindow = event.button === 2 || event.shiftKey;
      const isMark = state.isMarking && !isWindow;
      drag = { isWindow, isMark, x: event.clientX, y: event.clientY, voxel: voxelAt(event) };
      if (!isWindow && !isMark) Viewer.move(drag.voxel);
    });
    frame.addEventListener('pointermove', (event) => {
      if (!drag) return;
      if (drag.isWindow) {
        Viewer.adjust((drag.y - event.clientY) / -3, (event.clientX - drag.x) / 3);
        Object.assign(drag, { x: event.clientX, y: event.clientY });
      } else if (!drag.isMark) Viewer.move(voxelAt(event));
    });
    frame.addEventListener('pointerup', (event) => {
      // From the middle of the mark to its edge.
      if (drag?.isMark) {
        const radius = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) / Number(pane.dataset.pixelsPerMm);
        Viewer.mark(drag.voxel, 2 * radius);
      }
      drag = null;
    });
    frame.addEventListener('pointercancel', () => { drag = null; });
    frame.addEventListener('contextmenu', (event) => event.preventDefault());
    frame.addEventListener('dblclick', Viewer.reset);
    frame.addEventListener('wheel', (event) => {
      if (event.deltaY === 0) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) Viewer.zoom(event.deltaY < 0 ? 1.25 : 0.8);
      else Viewer.slice(event.deltaY < 0 ? 1 : -1, plane);
    }, { passive: false });
    frame.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && state.isMarking) {
        event.preventDefault();
        Viewer.mark(state.at);
        return;
      }
      const amount = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 5, PageDown: -5 }[event.key];
      if (!amount || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      Viewer.slice(amount, plane);
    });
    pane.querySelector('.to-large').addEventListener('click', () => Viewer.swap(at));
  });
})();
