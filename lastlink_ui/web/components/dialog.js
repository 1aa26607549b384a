// The browser's own modal dialog: it traps focus, closes with Esc and gives focus back.
import { createElement, useEffect, useId, useRef } from "react";

export function Dialog({ open, title, closeLabel, onDismiss, className, children, ...rest }) {
  const dialog = useRef(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);

  // It closes at once and tells the server afterwards, so that Esc works on a slow line too.
  const close = () => dialog.current.close();
  return createElement(
    "dialog",
    {
      ...rest,
      ref: dialog,
      className,
      "aria-labelledby": heading,
      onClose: (event) => event.target === dialog.current && open && onDismiss?.(),
      onClick: (event) => event.target === dialog.current && close(),
    },
    createElement("h2", { id: heading, className: "dialog-title" }, title),
    createElement("div", { className: "dialog-body" }, children),
    // Last, so that the focus begins at what the dialog is about.
    createElement(
      "button",
      { type: "button", className: "icon-button dialog-close", "aria-label": closeLabel, onClick: close },
      createElement(
        "svg",
        { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeWidth: 1.75, strokeLinecap: "round", "aria-hidden": true },
        createElement("path", { d: "M18 6 6 18M6 6l12 12" }),
      ),
    ),
  );
}
