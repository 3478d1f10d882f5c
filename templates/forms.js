/** What was decided about each finding, and the form to decide it with. A form is made when its finding comes near the screen:
    hundreds of them at once would keep a page from opening. */
const Forms = (() => {
  const articles = [...document.querySelectorAll('#findings article.finding')];
  const lines = new Map([...document.querySelectorAll('[data-line-of]')].map((line) => [line.dataset.lineOf, line]));
  const byId = new Map(articles.map((article) => [article.id, article]));
  const template = document.getElementById('decision-form');
  const made = new Set();

  const words = (kind, value) =>
    template.content.querySelector(`[data-${kind}="${value}"] .word`).textContent.trim();
  const verdictWord = (value) => (value === 'undecided' ? '' : words('verdict', value));

  const decide = (article, verdict) => {
    Decisions.set(article.id, { decision: verdict });
    Page.announce(`${article.id}: ${verdictWord(verdict)}. ${Decisions.progress}`);
  };

  const toggleReason = (article, reason) => {
    const { reasons } = Decisions.of(article.id);
    const on = !reasons.includes(reason);
    Decisions.set(article.id, { reasons: on ? [...reasons, reason] : reasons.filter((other) => other !== reason) });
    Page.announce(`${article.id}: ${words('reason', reason)} ${on ? 'on' : 'off'}`);
  };

  const clear = (article) => {
    Decisions.set(article.id, { decision: 'undecided', reasons: [], comment: '' });
    Page.announce(`${article.id}: undecided. ${Decisions.progress}`);
  };

  const make = (article) => {
    if (made.has(article)) return;
    made.add(article);
    const place = article.querySelector('.decision-place');
    const form = template.content.cloneNode(true);
    const other = article.dataset.kind === 'lesion' ? '.for-candidate' : '.for-lesion';
    form.querySelectorAll(other).forEach((element) => element.remove());
    form.querySelectorAll('[data-verdict] input').forEach((input) => {
      input.name = article.id + '-decision';
      input.addEventListener('change', () => decide(article, input.value));
    });
    form.querySelectorAll('[data-reason] input').forEach((input) => {
      input.addEventListener('change', () => toggleReason(article, input.value));
    });
    form.querySelector('textarea').addEventListener('input', (event) => {
      Decisions.set(article.id, { comment: event.target.value });
    });
    const clearing = form.querySelector('.clear');
    clearing.addEventListener('click', () => clear(article));
    place.querySelector('.decided-line').append(clearing);
    place.prepend(form);
    fill(article);
  };

  const fill = (article) => {
    const entry = Decisions.of(article.id);
    article.querySelectorAll('[data-verdict] input').forEach((input) => {
      input.checked = input.value === entry.decision;
    });
    article.querySelectorAll('[data-reason] input').forEach((input) => {
      input.checked = entry.reasons.includes(input.value);
    });
    const comment = article.querySelector('textarea');
    if (comment.value !== entry.comment) comment.value = entry.comment;
    article.querySelector('.clear').hidden = entry.time === '' || (entry.decision === 'undecided'
      && entry.comment === '' && entry.reasons.length === 0);
  };

  const show = (article) => {
    if (made.has(article)) fill(article);
    const entry = Decisions.of(article.id);
    const reasons = entry.reasons.map((reason) => words('reason', reason)).join(', ');
    const facts = [verdictWord(entry.decision) || 'Undecided', reasons, entry.comment].filter((text) => text !== '');
    article.querySelector('.decided').textContent = entry.time === '' ? 'Undecided'
      : facts.join(' · ') + ` (${Decisions.reader || 'reader not named'}, ${entry.time.replace('T', ' ').replace('Z', ' UTC')})`;

    const cell = lines.get(article.id).querySelector('.decision-cell');
    cell.textContent = verdictWord(entry.decision) || (entry.time !== '' && facts.length > 1 ? 'remark' : '–');
    cell.className = 'script-only decision-cell ' + entry.decision;
    // What the style sheet prints.
    article.dataset.decision = entry.decision;
  };

  const showAll = (id) => (id === undefined ? articles : [byId.get(id)]).forEach(show);

  const watch = new IntersectionObserver((changes) => changes.forEach((change) => {
    if (!change.isIntersecting) return;
    watch.unobserve(change.target);
    make(change.target);
  }), { rootMargin: '100% 0px' });
  articles.forEach((article) => watch.observe(article));

  showAll();
  Decisions.onChange(showAll);

  return {
    articles,
    lineOf: (article) => lines.get(article.id),
    of: (id) => byId.get(id),
    make, decide, toggleReason, clear, verdictWord,
    isUndecided: (article) => Decisions.of(article.id).decision === 'undecided',
  };
})();
