/** The verdict on the whole study, the grade and the remark, and what the review makes of the mask. */
const Study = (() => {
  const form = document.getElementById('study-form');
  const said = document.getElementById('study-said');
  const after = document.getElementById('after-review');
  const verdicts = [...form.querySelectorAll('[name="study-verdict"]')];
  const grade = document.getElementById('study-grade');
  const comment = document.getElementById('study-comment');
  const wordOf = (input) => input?.closest('label').querySelector('.word').textContent.trim() ?? '';

  verdicts.forEach((input) => input.addEventListener('change', () => Decisions.setStudy({ verdict: input.value })));
  grade.addEventListener('change', () => Decisions.setStudy({ grade: grade.value === '' ? undefined : Number(grade.value) }));
  comment.addEventListener('input', () => Decisions.setStudy({ comment: comment.value }));
  document.getElementById('study-clear').addEventListener('click', () => {
    Decisions.setStudy({ verdict: 'undecided', grade: undefined, comment: '' });
  });

  /** Lesions that stay, candidates that were accepted, and marks, which have no volume. */
  const counted = () => {
    const kept = Forms.articles.filter((article) => {
      const { decision } = Decisions.of(article.id);
      if (decision === 'accept' || decision === 'editNeeded') return true;
      return decision === 'reject' ? false : article.dataset.kind === 'lesion';
    });
    const millilitres = kept.reduce((sum, article) => sum + Number(article.dataset.cubicMillimetres), 0) / 1000;
    return { lesions: kept.length + Decisions.marks.length, millilitres, marks: Decisions.marks.length };
  };

  const show = () => {
    const study = Decisions.study;
    verdicts.forEach((input) => { input.checked = input.value === study.verdict; });
    grade.value = study.grade ?? '';
    if (comment.value !== study.comment) comment.value = study.comment;
    const words = [
      wordOf(verdicts.find((input) => input.checked)), study.grade ? `grade ${grade.selectedOptions[0].textContent}` : '', study.comment,
    ].filter((text) => text !== '');
    said.textContent = words.length === 0 ? 'No verdict yet'
      : `${words.join(' · ')} (${Decisions.reader || 'reader not named'}, ${study.time.replace('T', ' ').replace('Z', ' UTC')})`;

    // What the style sheet prints.
    form.closest('section').classList.toggle('said', words.length > 0 || Decisions.marks.length > 0);
    const { lesions, millilitres, marks } = counted();
    const without = marks > 0 ? ` (${marks} marked, without volume)` : '';
    after.textContent = Decisions.size === 0 ? ''
      : `After your review: ${lesions} ${lesions === 1 ? 'lesion' : 'lesions'}${without}, ${millilitres.toFixed(millilitres !== 0 && millilitres < 0.1 ? 3 : 2)} ml`;
    after.title = after.textContent;
    document.getElementById('after-review-printed').textContent = after.textContent;
  };
  show();
  Decisions.onChange(show);

  return {
    go() {
      form.closest('section').scrollIntoView({ block: 'start', behavior: 'instant' });
      (verdicts.find((input) => input.checked) ?? verdicts[0]).focus({ preventScroll: true });
    },
  };
})();
