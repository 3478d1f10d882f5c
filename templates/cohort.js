// Sorts and filters the patients of the cohort page. Without it the page is complete, in its own order.
"use strict";
(() => {
  const table = document.querySelector("table.cohort");
  const finder = document.querySelector(".finder");
  if (!table || !finder) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const search = finder.querySelector("input");
  const choices = [...finder.querySelectorAll("select")];
  const shown = finder.querySelector("[role=status]");

  function value(row, column) {
    const cell = row.cells[column];
    if (!("sort" in cell.dataset)) return cell.textContent.trim();
    return cell.dataset.sort === "" ? null : Number(cell.dataset.sort);
  }

  // What is not known stands last, whichever way the column is sorted; equal rows keep the page's own order.
  function compare(a, b, column, sign) {
    const [left, right] = [value(a, column), value(b, column)];
    if (left === null || right === null) return (left === null) - (right === null);
    const order = typeof left === "number" ? left - right : left.localeCompare(right, "en", { numeric: true });
    return sign * order || rows.indexOf(a) - rows.indexOf(b);
  }

  heads.forEach((head, column) => {
    const button = head.querySelector("button");
    if (!button) return;
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      // A third press goes back to the page's own order.
      const next = before === null ? "ascending" : before === "ascending" ? "descending" : null;
      if (next) head.setAttribute("aria-sort", next);
      const sign = next === "descending" ? -1 : 1;
      const ordered = next ? [...rows].sort((a, b) => compare(a, b, column, sign)) : rows;
      body.append(...ordered);
    });
  });

  function filter() {
    const word = search.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = row.textContent.toLowerCase().includes(word)
        && choices.every((choice) => !choice.value || row.dataset[choice.dataset.by] === choice.value);
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length} patients shown`;
  }
  search.addEventListener("input", filter);
  choices.forEach((choice) => choice.addEventListener("change", filter));
  finder.hidden = false;
  filter();
})();
