/** The reference segmentation stays hidden until the last decision, or until the reader asks for it. */
const Reference = (() => {
  const root = document.documentElement;
  const listeners = [];
  let isAsked = false;
  const show = () => {
    const isShown = isAsked || (Decisions.total > 0 && Decisions.decided === Decisions.total);
    if (root.classList.contains('reference-shown') === isShown) return;
    root.classList.toggle('reference-shown', isShown);
    listeners.forEach((listener) => listener());
  };
  show();
  Decisions.onChange(show);

  return {
    get isShown() { return root.classList.contains('reference-shown'); },
    onChange(listener) { listeners.push(listener); },
    toggle() {
      if (!document.querySelector('[data-reference]')) return Page.announce('This report has no reference');
      isAsked = !isAsked;
      show();
      return Page.announce(root.classList.contains('reference-shown') ? 'Reference shown' : 'Reference hidden');
    },
  };
})();
