/** One key for everything a review needs. The list that "?" opens is templates/shortcuts.mustache. */
const Keys = (() => {
  const dialog = document.getElementById('shortcuts');
  const enabled = document.getElementById('keys-enabled');
  const remembered = 'lesionqc:keys';

  const actions = {
    j: Review.next, k: Review.previous, n: Review.nextUndecided,
    a: () => Review.decide('accept'), r: () => Review.decide('reject'),
    e: () => Review.decide('editNeeded'), u: () => Review.decide('unsure'), 0: Review.clear,
    ...Viewer.keys, c: Review.comment, f: Review.nextFilter, s: Saving.report, q: Study.go, t: Reference.toggle,
    o: Pictures.contours, h: Pictures.saliency, '-': Pictures.weaker, '+': Pictures.stronger, z: Enlarged.toggle,
  };
  Decisions.reasons.forEach((reason, at) => { actions[at + 1] = () => Review.toggleReason(reason); });

  const isWriting = (element) => element.matches('textarea, select, input[type="text"]');

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open]') && !Enlarged.allows(event.key)) return;
    if (isWriting(event.target)) {
      const leaves = event.key === 'Escape' || (event.key === 'Enter' && event.target.matches('input'));
      if (!leaves) return;
      // Or the same Enter would press the first button of a dialog that leaving the field opens.
      event.preventDefault();
      event.target.blur();
      (event.target.closest('article') ?? (event.target.id === 'reader-answer' ? Review.current : null))?.focus({ preventScroll: true });
      return;
    }
    if (event.key === '?') {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const action = enabled.checked && !event.repeat ? actions[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
  });

  try {
    enabled.checked = window.localStorage.getItem(remembered) !== 'off';
  } catch {
    // Forbidden here: the keys are on.
  }
  enabled.addEventListener('change', () => {
    try {
      window.localStorage.setItem(remembered, enabled.checked ? 'on' : 'off');
    } catch {
      // The choice holds until the page is closed.
    }
  });
  document.getElementById('open-shortcuts').addEventListener('click', () => dialog.showModal());
  document.documentElement.classList.add('scripted');
})();
