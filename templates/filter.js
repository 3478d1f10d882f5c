/** Which findings are shown. What a decision takes out of the filter stays until the reader moves on. */
const Filter = (() => {
  const { articles } = Forms;
  const choice = document.getElementById('filter');
  const decision = (article) => Decisions.of(article.id).decision;

  const passes = {
    all: () => true,
    undecided: Forms.isUndecided,
    lesion: (article) => article.dataset.kind === 'lesion',
    candidate: (article) => article.dataset.kind === 'candidate',
    open: (article) => ['unsure', 'editNeeded'].includes(decision(article)),
    rejected: (article) => decision(article) === 'reject',
  };
  const matches = (article) => passes[choice.value](article);

  const show = (article, shown) => {
    article.hidden = !shown;
    Forms.lineOf(article).hidden = !shown;
  };

  /** What the filter lets through now, in words; empty without a filter. */
  const text = () => {
    const count = articles.filter(matches).length;
    if (count === articles.length) return '';
    return `${count} of ${articles.length} findings pass the filter`;
  };

  const tell = () => {
    const count = articles.filter(matches).length;
    const name = choice.selectedOptions[0].textContent.split(':')[0];
    document.getElementById('filter-result').textContent = text();
    document.getElementById('filter-state').textContent = choice.value === 'all' ? '' : `Only ${name}: ${count}`;
  };

  /** Shows what passes now. */
  const apply = () => {
    articles.forEach((article) => show(article, matches(article)));
    const isEmpty = articles.length > 0 && articles.every((article) => article.hidden);
    document.getElementById('no-match')?.toggleAttribute('hidden', !isEmpty);
    document.querySelector('#work-list .table-frame')?.toggleAttribute('hidden', isEmpty);
    tell();
  };

  const changed = () => {
    apply();
    Page.announce(`${choice.selectedOptions[0].textContent}. ${text()}`);
  };

  /** A link to a finding leads there, whatever the filter says. */
  const follow = (hash) => {
    const article = Forms.of(decodeURIComponent(hash.slice(1)));
    if (!article?.hidden) return false;
    show(article, true);
    document.getElementById('no-match').hidden = true;
    document.querySelector('#work-list .table-frame').hidden = false;
    Page.announce(`${article.id} does not pass the filter, and is shown for the link`);
    return true;
  };

  choice.addEventListener('change', changed);
  Decisions.onChange(tell);
  // Before the browser follows the link, so that there is something to scroll to.
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) follow(link.hash);
  });
  window.addEventListener('hashchange', () => {
    if (follow(window.location.hash)) Forms.of(decodeURIComponent(window.location.hash.slice(1))).scrollIntoView();
  });

  return {
    matches, apply,
    /** The next filter of the list. */
    next() {
      choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length;
      changed();
    },
    get isOn() { return choice.value !== 'all'; },
  };
})();
