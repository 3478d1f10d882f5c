/** Writes the report with its decisions, or the decisions alone, to a file that the reader chooses. */
const Saving = (() => {
  const status = document.getElementById('save-status');
  const { patient, session } = Page.data('decisions');

  const fileName = (ending) => {
    const parts = [patient, session, ending, Decisions.reader].filter(Boolean);
    return parts.map((part) => part.replace(/[^A-Za-z0-9-]+/g, '-')).join('_');
  };

  const say = (text) => {
    status.textContent = text;
    // Cut short where the bar has no room.
    status.title = text;
    Page.announce(text);
  };

  /** Returns what became of it, or null when the reader changed their mind. */
  const write = async (text, type, name, extension) => {
    const blob = new Blob([text], { type });
    if (window.showSaveFilePicker) {
      try {
        const handle = await window.showSaveFilePicker({
          suggestedName: name + extension, types: [{ accept: { [type]: [extension] } }],
        });
        const stream = await handle.createWritable();
        await stream.write(blob);
        await stream.close();
        return `Saved as ${handle.name}`;
      } catch (error) {
        if (error.name === 'AbortError') return null;
        // Not allowed here: the download below works everywhere.
      }
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name + extension;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    return `Given to the browser's downloads as ${name}${extension}`;
  };

  const save = async (text, type, name, extension) => {
    const outcome = await write(text, type, name, extension);
    if (!outcome) return say('Not saved');
    Decisions.saved();
    say(outcome);
  };

  // What it says is about the file as it was.
  Decisions.onChange(() => {
    if (Decisions.unsaved) status.textContent = '';
  });

  const report = async () => {
    if (Reader.isNamed()) {
      await save(Page.withDecisions(Decisions.document()), 'text/html', fileName('reviewed'), '.html');
    }
  };
  const decisions = async () => {
    if (Reader.isNamed()) {
      const text = JSON.stringify(Decisions.document(), null, 2) + '\n';
      await save(text, 'application/json', fileName('decisions'), '.json');
    }
  };

  document.querySelectorAll('.save-report').forEach((button) => button.addEventListener('click', report));
  document.getElementById('export').addEventListener('click', decisions);
  window.addEventListener('beforeunload', (event) => {
    if (Decisions.unsaved) event.preventDefault();
  });

  return { report };
})();
