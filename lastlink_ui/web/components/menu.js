// A button with a menu of actions: arrows, Home and End move, Esc closes, and focus comes back.
import { Children, createElement, useEffect, useId, useRef, useState } from "react";

const GAP = 4;
const EDGE = 8;
const ITEM = '[role^="menuitem"]';

function place(menu, anchor) {
  const from = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = from.bottom + GAP + size.height <= window.innerHeight - EDGE;
  menu.style.left = `${Math.max(EDGE, Math.min(from.right - size.width, window.innerWidth - size.width - EDGE))}px`;
  menu.style.top = `${below ? from.bottom + GAP : Math.max(EDGE, from.top - size.height - GAP)}px`;
}

export function Menu({ label, buttonClass, children }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const button = useRef(null);
  const menu = useRef(null);
  const [face, ...items] = Children.toArray(children);

  useEffect(() => {
    if (!open) return;
    menu.current.showPopover();
    place(menu.current, button.current);
    menu.current.querySelector(ITEM)?.focus();
  }, [open]);

  const close = () => {
    if (menu.current?.matches(":popover-open")) menu.current.hidePopover();
    button.current.focus();
  };
  const move = (event) => {
    const all = [...menu.current.querySelectorAll(ITEM)];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (event.key === "Tab" || event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return createElement(
    "span",
    { style: { display: "contents" } },
    createElement(
      "button",
      {
        ref: button,
        type: "button",
        className: buttonClass,
        "aria-label": label || undefined,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "aria-controls": open ? id : undefined,
        onClick: () => (open ? close() : setOpen(true)),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" || open) return;
          event.preventDefault();
          setOpen(true);
        },
      },
      face,
    ),
    open &&
      createElement(
        "div",
        {
          ref: menu,
          id,
          role: "menu",
          "aria-label": label,
          popover: "auto",
          className: "menu",
          onToggle: (event) => event.newState === "closed" && setOpen(false),
          onKeyDown: move,
          onClick: (event) => {
            const item = event.target.closest(ITEM);
            if (item && item.getAttribute("aria-disabled") !== "true") close();
          },
        },
        items,
      ),
  );
}

export function MenuItem({ refusal, checked, submits, onSelect, className, children, ...rest }) {
  const button = submits ? { type: "submit", form: submits } : { type: "button" };
  return createElement(
    rest.href ? "a" : "button",
    {
      ...(rest.href ? {} : button),
      ...rest,
      role: checked === undefined ? "menuitem" : "menuitemradio",
      tabIndex: -1,
      className,
      "aria-checked": checked,
      "aria-disabled": refusal ? true : undefined,
      onClick: () => !refusal && onSelect?.(),
    },
    children,
    refusal ? createElement("small", null, refusal) : null,
  );
}
