/** Lesions that nobody listed: the rows of what the reader marked in the viewer. */
const Marks = (() => {
  const table = document.getElementById('marks');
  const rows = table.querySelector('tbody');
  const template = document.getElementById('mark-row');
  const made = new Map();
  const place = (mark) => ['RL', 'AP', 'SI'].map(([plus, minus], axis) => {
    const value = mark.positionMillimetres[axis];
    return `${Math.abs(value).toFixed(1)} ${value < 0 ? minus : plus}`;
  }).join(' · ');

  const make = (id) => {
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelector('.mark-id').textContent = id;
    const comment = row.querySelector('input');
    comment.setAttribute('aria-label', `Comment on ${id}`);
    comment.addEventListener('input', () => Decisions.setMark(id, { comment: comment.value }));
    const [go, remove] = row.querySelectorAll('button');
    go.setAttribute('aria-label', `Show ${id} in the viewer`);
    remove.setAttribute('aria-label', `Remove ${id}`);
    go.addEventListener('click', () => Viewer.showVoxel(Decisions.marks.find((mark) => mark.id === id).voxel));
    remove.addEventListener('click', () => {
      Decisions.removeMark(id);
      Page.announce(`${id} removed`);
    });
    made.set(id, row);
    return row;
  };

  const show = () => {
    const marks = Decisions.marks;
    rows.replaceChildren(...marks.map((mark) => made.get(mark.id) ?? make(mark.id)));
    for (const mark of marks) {
      const row = made.get(mark.id);
      row.querySelector('.mark-place').textContent = `${place(mark)} mm, voxel (${mark.voxel.join(', ')})`;
      row.querySelector('.mark-size').textContent = mark.diameterMillimetres ? `${mark.diameterMillimetres.toFixed(1)} mm` : 'a point';
      const comment = row.querySelector('input');
      if (comment.value !== mark.comment) comment.value = mark.comment;
    }
    table.hidden = marks.length === 0;
  };
  show();
  Decisions.onChange(show);
})();
