"use strict";
// Sorting and filtering of the class's table. Without scripts the table is complete, in the order of the ids.
(() => {
  const table = document.getElementById("class");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => ({ row, text: row.textContent.toLowerCase() }));
  const heads = Array.from(table.tHead.rows[0].cells);

  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return column === 0 ? cell.textContent : Number(cell.dataset.v);
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      // Numbers start from the lowest: an instructor looks for who needs help.
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map(({ row }) => ({ row, key: keyOf(row, column) }));
      keyed.sort((a, b) => (down ? compare(b.key, a.key) : compare(a.key, b.key)));
      body.append(...keyed.map(({ row }) => row));
    });
  });
  heads[0].setAttribute("aria-sort", "ascending");

  const filter = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = words.length
      ? shown.dataset.template.replace("{count}", count).replace("{total}", rows.length)
      : "";
  };
  filter.addEventListener("input", apply);
  filter.closest(".tools").hidden = false;
  apply();
})();
