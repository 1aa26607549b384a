// Downloads a streamed file while saying how far it has come, in rows of `X-Total-Rows`.
import { createElement, useRef, useState } from "react";

const NEW_LINE = 10;
const PATIENCE_MS = 4000;

const lines = (bytes) => {
  let count = 0;
  for (const byte of bytes) if (byte === NEW_LINE) count += 1;
  return count;
};

async function fetchFile(href, onRows) {
  const answer = await fetch(href, { credentials: "same-origin" });
  if (answer.redirected) {
    // The session is over: the same address as a navigation leads to the sign-in page.
    window.location.assign(answer.url);
    return null;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const total = Number(answer.headers.get("x-total-rows")) || 0;
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
  const pieces = [];
  let rows = -1; // the first line is the header
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    rows += lines(value);
    onRows(total ? Math.min(99, Math.floor((100 * Math.max(rows, 0)) / total)) : 0);
  }
  return { name, blob: new Blob(pieces, { type: "text/csv;charset=utf-8" }) };
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

export function ExportButton({ href, label, workingLabel, doneLabel, failedLabel, className, children, ...rest }) {
  const [percent, setPercent] = useState(null);
  const [said, setSaid] = useState("");
  const busy = useRef(false);
  const press = async () => {
    if (busy.current) return;
    busy.current = true;
    setPercent(0);
    setSaid("");
    try {
      const file = await fetchFile(href, setPercent);
      if (file) {
        save(file);
        setSaid(doneLabel);
      }
    } catch {
      setSaid(failedLabel);
    } finally {
      busy.current = false;
      setPercent(null);
    }
  };
  const working = percent !== null;
  return createElement(
    "span",
    { className: "export" },
    createElement(
      "button",
      {
        ...rest,
        type: "button",
        className,
        onClick: press,
        "aria-busy": working || undefined,
        "aria-disabled": working || undefined,
      },
      children,
      working ? workingLabel.replace("{percent}", percent) : label,
    ),
    working ? createElement("progress", { className: "progress export-progress", value: percent, max: 100, "aria-label": label }) : null,
    createElement("span", { role: "status", className: said === failedLabel ? "export-failed" : "visually-hidden" }, said),
  );
}
