/** The colours of the viewer's saliency: the patient's common scale, or the finding's own with its factor. */
const Scale = (() => {
  const { header } = Volumes;
  const of = (state) => ({
    stored: state.map?.limit ?? 1,
    shown: state.map && state.isOwnScale ? state.map.ownLimit : header?.commonLimit ?? 1,
  });
  const figure = (value) => Number(value.toPrecision(3)).toString();

  return {
    of,
    show(state) {
      const key = document.getElementById('viewer-colours');
      key.hidden = !Viewer.hasMap();
      if (key.hidden) return;
      const { shown, stored } = of(state);
      key.querySelector('.low').textContent = `−${figure(shown)}`;
      key.querySelector('.high').textContent = `+${figure(shown)}`;
      const factor = header.commonLimit / shown;
      key.querySelector('.factor').textContent = state.isOwnScale ? `× ${factor < 10 ? figure(factor) : Math.round(factor)}` : '';
      const [minimum, maximum] = state.map[Viewer.isMPRAGE() ? 'mprageRange' : 'flairRange'];
      // What the colours cut off is marked at that end of the bar.
      key.querySelector('.cut-low').textContent = minimum < -shown * 1.005 ? `◂ to ${figure(minimum).replace('-', '−')}` : '';
      key.querySelector('.cut-high').textContent = maximum > shown * 1.005 ? `▸ to +${figure(maximum)}` : '';
      key.dataset.stored = stored;
    },
  };
})();
