/** The findings under review: their forms, their lines in the work list, the filter and the finding that keys act on. */
const Review = (() => {
  const articles = [...document.querySelectorAll('article.finding')];
  const form = document.getElementById('decision-form');
  const filter = document.getElementById('filter');
  const reader = document.getElementById('reader');
  const otherReader = document.getElementById('other-reader');
  let current = null;

  const words = (kind, value) =>
    form.content.querySelector(`[data-${kind}="${value}"] .word`).textContent.trim();
  const verdictWord = (value) => (value === 'undecided' ? '' : words('verdict', value));

  // MARK: Forms

  const addForm = (article) => {
    const place = article.querySelector('.decision-place');
    place.append(form.content.cloneNode(true));
    const other = article.dataset.kind === 'lesion' ? '.for-candidate' : '.for-lesion';
    place.querySelectorAll(other).forEach((element) => element.remove());
    place.querySelectorAll('[data-verdict] input').forEach((input) => {
      input.name = article.id + '-decision';
      input.addEventListener('change', () => decide(article, input.value));
    });
    place.querySelectorAll('[data-reason] input').forEach((input) => {
      input.addEventListener('change', () => toggleReason(article, input.value));
    });
    place.querySelector('textarea').addEventListener('input', (event) => {
      Decisions.set(article.id, { comment: event.target.value });
    });
    place.querySelector('.clear').addEventListener('click', () => clear(article));
    article.addEventListener('focusin', () => select(article));
    article.addEventListener('pointerdown', () => select(article));
  };

  const decide = (article, verdict) => {
    Decisions.set(article.id, { decision: verdict });
    Page.announce(`${article.id}: ${verdictWord(verdict)}. ${progressText()}`);
  };

  const toggleReason = (article, reason) => {
    const { reasons } = Decisions.of(article.id);
    const on = !reasons.includes(reason);
    Decisions.set(article.id, { reasons: on ? [...reasons, reason] : reasons.filter((other) => other !== reason) });
    Page.announce(`${article.id}: ${words('reason', reason)} ${on ? 'on' : 'off'}`);
  };

  const clear = (article) => {
    Decisions.set(article.id, { decision: 'undecided', reasons: [], comment: '' });
    Page.announce(`${article.id}: undecided. ${progressText()}`);
  };

  // MARK: Showing

  const progressText = () => `${Decisions.decided} of ${Decisions.total} decided`;

  const showArticle = (article) => {
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

    const reasons = entry.reasons.map((reason) => words('reason', reason)).join(', ');
    const facts = [verdictWord(entry.decision) || 'Undecided', reasons, entry.comment].filter((text) => text !== '');
    article.querySelector('.decided').textContent = entry.time === '' ? 'Undecided'
      : facts.join(' · ') + ` (${Decisions.reader || 'reader not named'}, ${entry.time.replace('T', ' ').replace('Z', ' UTC')})`;

    const cell = document.querySelector(`[data-decision-of="${article.id}"]`);
    cell.textContent = verdictWord(entry.decision) || (entry.time !== '' && facts.length > 1 ? 'remark' : '–');
    cell.className = 'script-only decision-cell ' + entry.decision;
    // What the style sheet prints.
    article.dataset.decision = entry.decision;
    cell.parentElement.dataset.decision = entry.decision;
  };

  const showAll = () => {
    articles.forEach(showArticle);
    document.getElementById('progress').value = Decisions.decided;
    document.getElementById('progress-text').textContent = progressText();
    document.getElementById('unsaved').textContent = Decisions.unsaved ? 'Changes not in a file yet' : '';
    if (document.activeElement !== reader) reader.value = Decisions.reader;
  };

  // MARK: Filter

  const passes = {
    all: () => true,
    undecided: (article) => Decisions.of(article.id).decision === 'undecided',
    lesion: (article) => article.dataset.kind === 'lesion',
    candidate: (article) => article.dataset.kind === 'candidate',
    open: (article) => ['unsure', 'editNeeded'].includes(Decisions.of(article.id).decision),
    rejected: (article) => Decisions.of(article.id).decision === 'reject',
  };

  const applyFilter = () => {
    let shown = 0;
    for (const article of articles) {
      article.hidden = !passes[filter.value](article);
      document.querySelector(`[data-line-of="${article.id}"]`).hidden = article.hidden;
      if (!article.hidden) shown += 1;
    }
    const text = shown === articles.length ? '' : `${shown} of ${articles.length} findings shown`;
    document.getElementById('filter-result').textContent = text;
    if (text) Page.announce(text);
  };

  // MARK: The finding that keys act on

  const select = (article) => {
    if (current === article) return;
    current?.removeAttribute('aria-current');
    current = article;
    current.setAttribute('aria-current', 'true');
  };

  const goTo = (article) => {
    select(article);
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: 'start', behavior: 'instant' });
    Page.announce(`${article.id}, ${article.dataset.kindWord}, ${verdictWord(Decisions.of(article.id).decision) || 'undecided'}`);
  };

  const isOnScreen = (article) => {
    const box = article.getBoundingClientRect();
    return !article.hidden && box.bottom > 120 && box.top < window.innerHeight - 120;
  };

  /** The next finding in a direction that passes a test, after the current one or else the first on screen. */
  const step = (direction, test = () => true) => {
    const shown = articles.filter((article) => !article.hidden);
    if (direction < 0) shown.reverse();
    const from = current && !current.hidden ? shown.indexOf(current) : -1;
    return [...shown.slice(from + 1), ...(test === isUndecided ? shown.slice(0, from + 1) : [])].find(test);
  };
  const isUndecided = (article) => Decisions.of(article.id).decision === 'undecided';
  const move = (direction, test) => {
    const next = step(direction, test);
    if (next) goTo(next);
    else Page.announce(test === isUndecided ? 'No undecided finding is shown' : 'No further finding');
  };

  /** Runs an action on the current finding, if the reader can see it; else only shows it. */
  const onCurrent = (action) => {
    if (current && isOnScreen(current)) return action(current);
    const article = current && !current.hidden ? current : articles.find(isOnScreen) ?? articles.find((any) => !any.hidden);
    if (!article) return Page.announce('No finding is shown');
    goTo(article);
    Page.announce(`${article.id} is in view now; press the key again to decide on it`);
  };

  // MARK: Reader

  const changeReader = () => {
    const name = reader.value.trim();
    if (name === Decisions.reader) return;
    const before = Decisions.reader;
    if (before === '' || Decisions.size === 0) {
      if (before === '') Decisions.rename(name); else Decisions.startAnew(name);
      return;
    }
    document.getElementById('other-reader-text').textContent =
      `${Decisions.size} findings hold decisions or remarks of ${before}.`;
    otherReader.returnValue = '';
    otherReader.showModal();
  };

  // Done with the answer itself: a dialog's close event comes a task later, and a key in between would sign for the reader before.
  otherReader.addEventListener('submit', (event) => {
    const name = reader.value.trim();
    if (event.submitter.value === 'same' && name !== '') Decisions.rename(name);
    if (event.submitter.value === 'other') Decisions.startAnew(name);
  });
  otherReader.addEventListener('close', () => { reader.value = Decisions.reader; });

  articles.forEach(addForm);
  showAll();
  Decisions.onChange(showAll);
  filter.addEventListener('change', applyFilter);
  document.getElementById('print-all')?.addEventListener('change', (event) => {
    document.body.classList.toggle('print-all', event.target.checked);
  });
  reader.addEventListener('change', changeReader);
  document.getElementById('previous').addEventListener('click', () => move(-1));
  document.getElementById('next').addEventListener('click', () => move(1));
  document.getElementById('next-undecided').addEventListener('click', () => move(1, isUndecided));

  return {
    next: () => move(1),
    previous: () => move(-1),
    nextUndecided: () => move(1, isUndecided),
    decide: (verdict) => onCurrent((article) => decide(article, verdict)),
    toggleReason: (reason) => onCurrent((article) => toggleReason(article, reason)),
    clear: () => onCurrent(clear),
    comment: () => onCurrent((article) => article.querySelector('textarea').focus()),
    nextFilter() {
      filter.selectedIndex = (filter.selectedIndex + 1) % filter.options.length;
      applyFilter();
      Page.announce(filter.selectedOptions[0].textContent);
    },
    /** Whether there is a name to save under; asks for one if not. */
    hasReader() {
      if (reader.value.trim() !== Decisions.reader) changeReader();
      if (otherReader.open) return false;
      if (Decisions.reader !== '') return true;
      reader.scrollIntoView({ block: 'center' });
      reader.focus();
      Page.announce('Enter the name or code of the reader first');
      return false;
    },
  };
})();
