/** The review as a whole: how far it is, and the finding that keys act on. */
const Review = (() => {
  const { articles } = Forms;
  let current = null;

  const show = () => {
    document.getElementById('progress').value = Decisions.decided;
    document.getElementById('progress-text').textContent = Decisions.progress;
    document.getElementById('unsaved').textContent = Decisions.unsaved ? 'Changes not in a file yet' : '';
    document.getElementById('reviewed').textContent =
      Decisions.size > 0 ? `Reader: ${Decisions.reader || 'not named'}; ${Decisions.progress}.` : '';
  };

  const select = (article) => {
    if (current === article) return;
    current?.removeAttribute('aria-current');
    current = article;
    current.setAttribute('aria-current', 'true');
    Forms.make(current);
  };

  const goTo = (article) => {
    select(article);
    Viewer.show(article.id, article.querySelector('.viewer-place') ?? undefined);
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: 'start', behavior: 'instant' });
    const verdict = Forms.verdictWord(Decisions.of(article.id).decision) || 'undecided';
    Page.announce(`${article.id}, ${article.dataset.kindWord}, ${verdict}`);
  };

  const isOnScreen = (element) => {
    const box = element.getBoundingClientRect();
    return !element.hidden && box.bottom > 120 && box.top < window.innerHeight - 120;
  };

  /** The next finding in a direction that passes filter and test, after the current one. */
  const step = (direction, test) => {
    const ordered = direction < 0 ? [...articles].reverse() : articles;
    const from = current ? ordered.indexOf(current) : -1;
    const around = test === Forms.isUndecided ? ordered.slice(0, from + 1) : [];
    return [...ordered.slice(from + 1), ...around].find((article) => Filter.matches(article) && test(article));
  };
  const move = (direction, test = () => true) => {
    const next = step(direction, test);
    if (Filter.isOn) Filter.apply();
    if (next) goTo(next);
    else Page.announce(test === Forms.isUndecided ? 'No undecided finding is shown' : 'No further finding');
  };

  /** Runs an action on the current finding, if the reader can see it; else only shows it. */
  const onCurrent = (action) => {
    if (current && isOnScreen(current)) return action(current);
    const article = current && !current.hidden ? current : articles.find(isOnScreen) ?? articles.find((any) => !any.hidden);
    if (!article) return Page.announce('No finding is shown');
    goTo(article);
    Page.announce(`${article.id} is in view now; press the key again to decide on it`);
  };

  for (const article of articles) {
    article.addEventListener('focusin', () => select(article));
    article.addEventListener('pointerdown', () => select(article));
  }
  show();
  Decisions.onChange(show);
  document.getElementById('print-all')?.addEventListener('change', (event) => {
    document.body.classList.toggle('print-all', event.target.checked);
  });
  document.getElementById('previous').addEventListener('click', () => move(-1));
  document.getElementById('next').addEventListener('click', () => move(1));
  document.getElementById('next-undecided').addEventListener('click', () => move(1, Forms.isUndecided));

  return {
    onCurrent,
    get current() { return current; },
    next: () => move(1),
    previous: () => move(-1),
    nextUndecided: () => move(1, Forms.isUndecided),
    decide: (verdict) => onCurrent((article) => Forms.decide(article, verdict)),
    toggleReason: (reason) => onCurrent((article) => Forms.toggleReason(article, reason)),
    clear: () => onCurrent(Forms.clear),
    comment: () => onCurrent((article) => article.querySelector('textarea').focus()),
    /** Among the findings goes to the first that passes; over the work list only the list changes. */
    nextFilter() {
      const isAmongFindings = !isOnScreen(document.getElementById('work-list'));
      Filter.next();
      const first = Filter.isOn ? articles.find(Filter.matches) : current;
      if (isAmongFindings && first) goTo(first);
    },
  };
})();
