/** Who decides: asked for at the first decision, needed to save. */
const Reader = (() => {
  const field = document.getElementById('reader');
  // In the bar, where it is seen from every finding.
  const question = document.getElementById('reader-question');
  const answer = document.getElementById('reader-answer');
  const other = document.getElementById('other-reader');

  const change = () => {
    const name = field.value.trim();
    if (name === Decisions.reader) return;
    const before = Decisions.reader;
    if (before === '' || Decisions.size === 0) {
      if (before === '') Decisions.rename(name); else Decisions.startAnew(name);
      return;
    }
    document.getElementById('other-reader-text').textContent =
      `${Decisions.size} decisions, remarks or marks of ${before} are in this report.`;
    other.returnValue = '';
    other.showModal();
  };

  // Done with the answer itself: a dialog's close event comes a task later, and a key in between would sign for the reader before.
  other.addEventListener('submit', (event) => {
    const name = field.value.trim();
    if (event.submitter.value === 'same' && name !== '') Decisions.rename(name);
    if (event.submitter.value === 'other') Decisions.startAnew(name);
  });
  other.addEventListener('close', () => { field.value = Decisions.reader; });

  const show = () => {
    if (document.activeElement !== field) field.value = Decisions.reader;
    question.hidden = Decisions.reader !== '' || Decisions.size === 0;
  };

  field.addEventListener('change', change);
  answer.addEventListener('change', () => {
    field.value = answer.value;
    answer.value = '';
    change();
  });
  Decisions.onChange(show);
  show();

  return {
    /** Whether there is a name to save under; asks for one if not. */
    isNamed() {
      if (field.value.trim() !== Decisions.reader) change();
      if (other.open) return false;
      if (Decisions.reader !== '') return true;
      question.hidden = false;
      answer.focus();
      Page.announce('Enter the name or code of the reader first');
      return false;
    },
  };
})();
