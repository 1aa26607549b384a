// A table's body whose rows are put in another order by dragging them at their handle, by mouse or finger.
// Buttons beside it do the same by keyboard; nothing is moved here but the picture: the server says the order.
import { createElement, useRef } from "react";

const rowsOf = (body) => [...body.children].filter((node) => node.nodeName === "TR");

/** Where a row dragged to the height `y` belongs among the others. */
function placeAt(rows, dragged, y) {
  const others = rows.filter((row) => row !== dragged);
  return others.filter((row) => {
    const box = row.getBoundingClientRect();
    return y > box.top + box.height / 2;
  }).length;
}

export function SortableRows({ onPlace, children, ...rest }) {
  const drag = useRef(null);

  const clear = () => {
    const { row, rows } = drag.current ?? {};
    for (const each of rows ?? []) each.classList.remove("drop-before", "drop-after");
    row?.classList.remove("dragged");
    if (row) row.style.translate = "";
    drag.current = null;
  };

  const begin = (event) => {
    const handle = event.target.closest(".drag-handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    const row = handle.closest("tr");
    const rows = rowsOf(event.currentTarget);
    handle.setPointerCapture(event.pointerId);
    row.classList.add("dragged");
    drag.current = { row, rows, from: rows.indexOf(row), to: rows.indexOf(row), at: event.clientY };
  };

  const move = (event) => {
    if (!drag.current) return;
    const { row, rows, at } = drag.current;
    row.style.translate = `0 ${event.clientY - at}px`;
    const to = placeAt(rows, row, event.clientY);
    drag.current.to = to;
    const others = rows.filter((each) => each !== row);
    others.forEach((each, place) => {
      each.classList.toggle("drop-before", place === to);
      each.classList.toggle("drop-after", to === others.length && place === to - 1);
    });
  };

  const end = () => {
    if (!drag.current) return;
    const { row, from, to } = drag.current;
    clear();
    if (to !== from) onPlace(row.dataset.id, to);
  };

  const abandon = (event) => {
    if (event.key === "Escape" && drag.current) clear();
  };

  return createElement(
    "tbody",
    {
      ...rest,
      onPointerDown: begin,
      onPointerMove: move,
      onPointerUp: end,
      onPointerCancel: clear,
      onKeyDown: abandon,
    },
    children,
  );
}
