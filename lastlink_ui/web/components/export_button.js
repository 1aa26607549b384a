// Downloads a streamed file while saying how many rows have come, and stops when asked to.
import { createElement, useEffect, useRef, useState } from "react";

const NEW_LINE = 10;
const PATIENCE_MS = 4000;
const BETWEEN_WORDS_MS = 150;
// Beyond this the browser keeps what has come on its own side, not in the page's memory.
const KEPT_BYTES = 8 * 1024 * 1024;
const TYPE = { type: "text/csv;charset=utf-8" };

const lines = (bytes) => {
  let count = 0;
  for (let at = bytes.indexOf(NEW_LINE); at >= 0; at = bytes.indexOf(NEW_LINE, at + 1)) count += 1;
  return count;
};

async function fetchFile(href, signal, onRows) {
  const answer = await fetch(href, { credentials: "same-origin", signal });
  if (answer.redirected) {
    // The session is over: the same address as a navigation leads to the sign-in page.
    window.location.assign(answer.url);
    return null;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const total = Number(answer.headers.get("x-total-rows")) || null;
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
  const kept = [];
  let pieces = [];
  let size = 0;
  let rows = -1; // the first line is the header
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    size += value.length;
    if (size > KEPT_BYTES) {
      kept.push(new Blob(pieces));
      pieces = [];
      size = 0;
    }
    rows += lines(value);
    onRows(Math.max(rows, 0), total);
  }
  return { name, blob: new Blob([...kept, ...pieces], TYPE) };
}

function save({ name, blob }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name ?? "";
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE_MS);
}

const number = new Intl.NumberFormat("pt-BR");

export function ExportButton({ href, rows, label, words, className, children, ...rest }) {
  const [progress, setProgress] = useState(null); // null, or how many rows of how many
  const [said, setSaid] = useState("");
  const running = useRef(null);
  useEffect(() => () => running.current?.abort(), []);

  const press = async () => {
    if (running.current) return;
    const abort = new AbortController();
    running.current = abort;
    setProgress({ done: 0, total: rows });
    setSaid("");
    let shown = 0;
    const onRows = (done, total) => {
      if (performance.now() - shown < BETWEEN_WORDS_MS) return;
      shown = performance.now();
      // A cell may have lines of its own, so the count of lines may run ahead.
      const known = total ?? rows;
      setProgress({ done: known ? Math.min(done, known) : done, total: known });
    };
    try {
      const file = await fetchFile(href, abort.signal, onRows);
      if (file) {
        save(file);
        setSaid(words.done);
      }
    } catch {
      setSaid(abort.signal.aborted ? words.canceled : words.failed);
    } finally {
      running.current = null;
      setProgress(null);
    }
  };

  const told = () => {
    const done = number.format(progress.done);
    const of = progress.total ? words.of : words.so_far;
    return of.replace("{done}", done).replace("{total}", number.format(progress.total ?? 0));
  };
  return createElement(
    "span",
    { className: "export" },
    createElement(
      "button",
      { ...rest, type: "button", className, onClick: press, "aria-busy": progress ? true : undefined, "aria-disabled": progress ? true : undefined },
      children,
      progress ? words.working : label,
    ),
    progress &&
      createElement(
        "span",
        { className: "export-progress" },
        createElement("progress", { className: "progress", value: progress.total ? progress.done : undefined, max: progress.total || 1, "aria-label": label }),
        createElement("small", null, told()),
        createElement("button", { type: "button", className: "button button-link", onClick: () => running.current?.abort() }, words.cancel),
      ),
    createElement("span", { role: "status", className: said === words.failed ? "export-failed" : "visually-hidden" }, said),
  );
}
