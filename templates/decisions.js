/** What the reader decided: the document of docs/schemas/decisions.schema.json while the page is open. */
const Decisions = (() => {
  const verdicts = ['accept', 'reject', 'editNeeded', 'unsure'];
  const reasons = ['choroidPlexus', 'vessel', 'cap', 'cortex', 'flowArtefact', 'motion', 'otherDisease', 'boundary', 'other'];
  const noStudy = { verdict: 'undecided', comment: '', time: '' };
  const opened = Page.data('decisions');
  const order = [...document.querySelectorAll('#findings article.finding')].map((article) => article.id);
  const listeners = [];

  let reader = opened.reader;
  let entries = new Map(opened.decisions.map((entry) => [entry.id, entry]));
  let marks = opened.marks ?? [];
  let marksTime = opened.marks ? opened.savedAt ?? '' : '';
  let study = opened.study ?? noStudy;
  let unsaved = false;

  const now = () => new Date().toISOString().slice(0, 19) + 'Z';
  const isEmpty = (entry) => entry.decision === 'undecided' && entry.reasons.length === 0 && entry.comment === '';
  const hasStudy = () => study.verdict !== 'undecided' || study.grade !== undefined || study.comment !== '';
  const notify = (id) => listeners.forEach((listener) => listener(id));

  // A copy in this browser, by report and reader. Browsers differ in whether a file may keep anything: never the only copy.
  const key = 'lesionqc:2:' + opened.reportId;
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
      all.readers[reader] = { decisions: [...entries.values()], marks, marksTime, study };
      if (reader !== '') delete all.readers[''];
      window.localStorage.setItem(key, JSON.stringify(all));
    } catch {
      // Full or forbidden: the page says how much is not yet in a file.
    }
  };

  /** Takes over what this browser kept for a reader, entry by entry where it is newer. */
  const takeOver = (name) => {
    let any = false;
    const own = kept().readers[name];
    if (!own) return false;
    // Marks as a whole, so that one that was removed stays away.
    if (own.marksTime > marksTime) {
      ({ marks, marksTime } = own);
      any = true;
    }
    if (own.study.time > study.time) {
      study = own.study;
      any = true;
    }
    for (const entry of own.decisions) {
      const here = entries.get(entry.id);
      if (order.includes(entry.id) && (!here || here.time < entry.time)) {
        entries.set(entry.id, entry);
        any = true;
      }
    }
    return any;
  };

  const setMarks = (changed) => {
    marks = changed;
    marksTime = now();
    change();
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
    /** Findings, marks and verdict that hold something. */
    get size() { return [...entries.values()].filter((entry) => !isEmpty(entry)).length + marks.length + Number(hasStudy()); },
    get marks() { return marks; },
    get study() { return study; },
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

    /** Replaces parts of the verdict on the study: `{verdict}`, `{grade}` or `{comment}`. */
    setStudy(parts) {
      study = { ...study, ...parts, time: now() };
      change();
    },

    /** Marks a lesion that nobody listed: voxel of the file, position in mm, diameter in mm or nothing for a point. */
    addMark(voxel, positionMillimetres, diameterMillimetres) {
      const number = Math.max(0, ...marks.map((mark) => Number(mark.id.slice(1)))) + 1;
      const id = `R${String(number).padStart(3, '0')}`;
      setMarks([...marks, { id, voxel, positionMillimetres, diameterMillimetres, comment: '', time: now() }]);
      return id;
    },
    setMark(id, parts) { setMarks(marks.map((mark) => (mark.id === id ? { ...mark, ...parts, time: now() } : mark))); },
    removeMark(id) { setMarks(marks.filter((mark) => mark.id !== id)); },

    /** Corrects the name of the reader; the decisions stay. */
    rename(name) {
      reader = name;
      change();
    },

    /** Another reader starts without the decisions of the one before. */
    startAnew(name) {
      reader = name;
      entries = new Map();
      [marks, marksTime, study] = [[], '', noStudy];
      unsaved = takeOver(name);
      keep();
      notify();
    },

    document() {
      const listed = order.map((id) => Decisions.of(id)).filter((entry) => !isEmpty(entry));
      // Nothing stands for none, as in the schema; JSON leaves it out.
      return {
        ...opened, reader, savedAt: now(), decisions: listed, marks: marks.length > 0 ? marks : undefined,
        study: hasStudy() ? study : undefined,
      };
    },

    saved() {
      unsaved = false;
      notify();
    },
  };
})();
