// Small things that pages need from the browser and that have no look of their own.
import { createElement, useEffect, useLayoutEffect, useRef, useState } from "react";

const COPIED_FOR_MS = 2000;

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers inside other apps often refuse the clipboard to pages, but not to a selection.
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

export function CopyButton({ text, label, doneLabel, className, children, ...rest }) {
  const [done, setDone] = useState(false);
  const timer = useRef();
  const isWanted = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  const press = async () => {
    // Pressed before the text has come: it is copied as soon as it has.
    isWanted.current = !text;
    if (!text) return;
    await copy(text);
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), COPIED_FOR_MS);
  };
  useEffect(() => {
    if (isWanted.current) press();
  }, [text]);
  return createElement(
    "span",
    { style: { display: "contents" } },
    createElement("button", { type: "button", ...rest, className, onClick: press }, children, done ? doneLabel : label),
    createElement("span", { role: "status", className: "visually-hidden" }, done ? doneLabel : ""),
  );
}

/** Takes away the block that the server put into the page, in the frame in which the page shows the same. */
export function RemovePrerendered({ when }) {
  useLayoutEffect(() => {
    if (when) document.getElementById("prerendered")?.remove();
  }, [when]);
  return null;
}

/** Says in a polite live region that the connection is gone, for as long as it is. */
export function ConnectionNotice({ failures, text }) {
  const [offline, setOffline] = useState(false);
  useEffect(() => {
    const update = () => setOffline(!navigator.onLine);
    update();
    window.addEventListener("online", update);
    window.addEventListener("offline", update);
    return () => {
      window.removeEventListener("online", update);
      window.removeEventListener("offline", update);
    };
  }, []);
  return createElement("div", { role: "status", className: "connection" }, offline || failures > 0 ? text : "");
}

/**
 * A table's body whose rows flash when they come or change, unless what is shown has become another view.
 * It watches the document, since rows are drawn anew without it.
 */
export function FlashingRows({ view, children, ...rest }) {
  const body = useRef(null);
  useEffect(() => {
    let shown = body.current.dataset.view;
    const isRow = (node) => node.nodeName === "TR";
    const observer = new MutationObserver((mutations) => {
      const isSame = shown === body.current.dataset.view;
      shown = body.current.dataset.view;
      if (!isSame) return;
      const rows = mutations.flatMap(({ type, target, addedNodes }) => (type === "attributes" ? [target] : [...addedNodes]));
      for (const row of rows.filter(isRow)) {
        row.classList.remove("changed");
        void row.offsetWidth; // Else one flash would swallow the next.
        row.classList.add("changed");
      }
    });
    observer.observe(body.current, { subtree: true, childList: true, attributeFilter: ["data-version"] });
    return () => observer.disconnect();
  }, []);
  return createElement("tbody", { ...rest, ref: body, "data-view": view }, children);
}

/** Arrow keys in a table's rows: up and down go to the same control of the row beside. */
export function RowKeys({ children, ...rest }) {
  const reach = "a[href], button, input, select";
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("input:not([type=checkbox]), select, [role=menuitem]")) return;
    const row = event.target.closest("tbody > tr");
    const next = step > 0 ? row?.nextElementSibling : row?.previousElementSibling;
    if (!next) return;
    const at = [...row.querySelectorAll(reach)].indexOf(event.target);
    const controls = next.querySelectorAll(reach);
    event.preventDefault();
    (controls[at] ?? controls[0])?.focus();
  };
  return createElement("table", { ...rest, onKeyDown: move }, children);
}

/**
 * Goes to an address as a link would, for one that is no page of the app though it has the app's own host.
 * Only to one that came up during this visit: whoever comes back to the tab would be sent away again.
 */
export function Leave({ to, visit }) {
  const before = useRef({ to, visit });
  useEffect(() => {
    const { to: stood, visit: same } = before.current;
    before.current = { to, visit };
    if (to && to !== stood && visit && visit === same) window.location.assign(to);
  }, [to, visit]);
  return null;
}
