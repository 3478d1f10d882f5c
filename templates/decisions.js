/** What the reader decided: the document of docs/schemas/decisions.schema.json while the page is open. */
const Decisions = (() => {
  const verdicts = ['accept', 'reject', 'editNeeded', 'unsure'];
  const reasons = ['choroidPlexus', 'vessel', 'artefact', 'cap', 'tooSmall', 'boundary', 'other'];
  const opened = Page.data('decisions');
  const order = [...document.querySelectorAll('article.finding')].map((article) => article.id);
  const listeners = [];

  let reader = opened.reader;
  let entries = new Map(opened.decisions.map((entry) => [entry.id, entry]));
  let unsaved = false;

  const now = () => new Date().toISOString().slice(0, 19) + 'Z';
  const isEmpty = (entry) => entry.decision === 'undecided' && entry.reasons.length === 0 && entry.comment === '';
  const notify = (id) => listeners.forEach((listener) => listener(id));

  // A copy in this browser, by report and reader. Browsers differ in whether a file may keep anything: never the only copy.
  const key = 'lesionqc:' + opened.reportId;
  const kept = () => {
    try {
      return JSON.parse(window.localStorage.getItem(key)) ?? { lastReader: '', readers: {} };
    } catch {
      return { lastReader: '', readers: {} };
    }
  };
  const keep = () => {
    try {
      const all = kept();
      all.lastReader = reader;
      all.readers[reader] = [...entries.values()];
      if (reader !== '') delete all.readers[''];
      window.localStorage.setItem(key, JSON.stringify(all));
    } catch {
      // Full or forbidden: the page says how much is not yet in a file.
    }
  };

  /** Takes over what this browser kept for a reader, entry by entry where it is newer. */
  const takeOver = (name) => {
    let any = false;
    for (const entry of kept().readers[name] ?? []) {
      const here = entries.get(entry.id);
      if (order.includes(entry.id) && (!here || here.time < entry.time)) {
        entries.set(entry.id, entry);
        any = true;
      }
    }
    return any;
  };

  const change = (id) => {
    unsaved = true;
    keep();
    notify(id);
  };

  // A file with a reader's decisions belongs to that reader; one without goes on where this browser was.
  if (reader === '') reader = kept().lastReader;
  unsaved = takeOver(reader);

  return {
    verdicts,
    reasons,
    get reader() { return reader; },
    get unsaved() { return unsaved; },
    get size() { return [...entries.values()].filter((entry) => !isEmpty(entry)).length; },
    get decided() { return order.filter((id) => Decisions.of(id).decision !== 'undecided').length; },
    get total() { return order.length; },
    get progress() { return `${Decisions.decided} of ${Decisions.total} decided`; },

    of: (id) => entries.get(id) ?? { id, decision: 'undecided', reasons: [], comment: '', time: '' },
    /** Calls a listener with the finding that changed, or with nothing when all may have. */
    onChange(listener) { listeners.push(listener); },

    /** Replaces parts of one finding's entry: `{decision}`, `{reasons}` or `{comment}`. */
    set(id, parts) {
      const entry = { ...Decisions.of(id), ...parts, time: now() };
      entry.reasons = reasons.filter((reason) => entry.reasons.includes(reason));
      entries.set(id, entry);
      change(id);
    },

    /** Corrects the name of the reader; the decisions stay. */
    rename(name) {
      reader = name;
      change();
    },

    /** Another reader starts without the decisions of the one before. */
    startAnew(name) {
      reader = name;
      entries = new Map();
      unsaved = takeOver(name);
      keep();
      notify();
    },

    document() {
      const listed = order.map((id) => Decisions.of(id)).filter((entry) => !isEmpty(entry));
      return { ...opened, reader, savedAt: now(), decisions: listed };
    },

    saved() {
      unsaved = false;
      notify();
    },
  };
})();
