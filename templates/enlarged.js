/** The pictures of a finding at twice their size, over the page. */
const Enlarged = (() => {
  const dialog = document.getElementById('enlarged');
  const place = document.getElementById('enlarged-pictures');

  /** Opens at a picture of the finding, by default at the first. */
  const show = (halves, picture = halves.firstElementChild) => {
    place.replaceChildren(...[...halves.children].map((original) => {
      const copy = original.cloneNode(true);
      copy.style.width = `${2 * copy.querySelector('.anatomy').getAttribute('width')}px`;
      return copy;
    }));
    const scale = halves.querySelector('.anatomy').dataset.mmPerPixel;
    document.getElementById('enlarged-scale').textContent =
      'Twice the size' + (scale ? `; in the crops 1 mm = ${(2 / scale).toFixed(1)} px` : '') + '.';
    document.getElementById('enlarged-heading').textContent = halves.closest('article').id;
    dialog.showModal();
    place.children[[...halves.children].indexOf(picture)].scrollIntoView({ block: 'start', behavior: 'instant' });
  };

  document.addEventListener('click', (event) => {
    const picture = event.target.closest('.halves > .layers');
    if (picture) show(picture.parentElement, picture);
    const button = event.target.closest('.to-enlarged');
    if (button) show(button.closest('article').querySelector('.halves'));
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => place.replaceChildren());

  return {
    toggle() {
      if (dialog.open) dialog.close();
      else Review.onCurrent((article) => show(article.querySelector('.halves')));
    },
    /** Keys that also act while the pictures are open. */
    allows: (key) => dialog.open && ['z', 'o', 'h', '-', '+'].includes(key),
  };
})();
