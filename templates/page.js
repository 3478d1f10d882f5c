'use strict';

/** The page as it was opened: what "Save report with decisions" writes out again. This script is the last of the body. */
const Page = (() => {
  const pristine = document.cloneNode(true);
  const announcement = document.getElementById('announcement');

  return {
    /** Text of a data element such as `decisions`, as an object. */
    data: (id) => JSON.parse(document.getElementById(id).textContent),

    /** The file as it was opened, with other decisions inside. */
    withDecisions(decisions) {
      const copy = pristine.cloneNode(true);
      // JSON may escape any character; without "<" nothing can end the element early.
      copy.getElementById('decisions').textContent = JSON.stringify(decisions).replaceAll('<', '\\u003c');
      return '<!DOCTYPE html>\n' + copy.documentElement.outerHTML;
    },

    /** Says something to a screen reader without moving the focus. */
    announce(text) {
      announcement.textContent = '';
      window.setTimeout(() => { announcement.textContent = text; }, 30);
    },
  };
})();
