/** Contours and saliency on and off, and paging through the brain. */
const Pictures = (() => {
  const root = document.documentElement;
  const contours = document.getElementById('show-contours');
  const saliency = document.getElementById('show-saliency');
  const strength = document.getElementById('saliency-strength');

  const listeners = [];
  const show = () => {
    root.classList.toggle('without-contours', !contours.checked);
    root.classList.toggle('without-saliency', !saliency.checked);
    root.style.setProperty('--saliency-strength', strength.value / 100);
    listeners.forEach((listener) => listener());
  };
  const toggle = (box, name) => {
    box.checked = !box.checked;
    show();
    Page.announce(`${name} ${box.checked ? 'on' : 'off'}`);
  };
  const change = (amount) => {
    strength.value = Number(strength.value) + amount;
    show();
    Page.announce(`Saliency ${strength.value} percent`);
  };
  for (const control of [contours, saliency, strength]) control.addEventListener('input', show);
  show();

  const stack = document.getElementById('slice-stack');
  if (stack) {
    const { columns, rows, slices, start } = Page.data('slices');
    const slider = document.getElementById('slice');
    const found = document.getElementById('slice-findings');
    const page = () => {
      const at = Number(slider.value);
      const slice = slices[at];
      stack.querySelectorAll('img').forEach((image) => {
        image.style.transform = `translate(${-(at % columns) / columns * 100}%, ${-Math.floor(at / columns) / rows * 100}%)`;
      });
      document.getElementById('slice-place').textContent = slice.place;
      slider.setAttribute('aria-valuetext',
        slice.place + (slice.findings.length ? ', ' + slice.findings.join(', ') : ', no finding'));
      found.replaceChildren(...slice.findings.map((id) => {
        const link = document.createElement('a');
        link.href = '#' + id;
        link.textContent = id;
        return link;
      }));
    };
    slider.max = slices.length - 1;
    slider.value = start;
    slider.addEventListener('input', page);
    page();

    document.querySelectorAll('.to-slices').forEach((button) => button.addEventListener('click', () => {
      const holding = slices.flatMap((slice, at) => (slice.findings.includes(button.dataset.finding) ? [at] : []));
      slider.value = holding[Math.floor(holding.length / 2)];
      page();
      slider.focus({ preventScroll: true });
      document.getElementById('slices-section').scrollIntoView({ behavior: 'instant' });
    }));
  }

  return {
    onChange(listener) { listeners.push(listener); },
    contours: () => toggle(contours, 'Contours'),
    saliency: () => toggle(saliency, 'Saliency'),
    weaker: () => change(-20),
    stronger: () => change(20),
  };
})();
