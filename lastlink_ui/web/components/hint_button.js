// An icon's button: its name, or why it is not allowed now, appears beside it on hover and on focus.
// Not allowed is `aria-disabled`, never `disabled`: it stays reachable and is announced with its reason.
import { createElement, useId, useRef } from "react";

const GAP = 6;
const EDGE = 8;

function showBeside(tip, anchor) {
  if (!tip?.showPopover || tip.matches(":popover-open")) return;
  tip.showPopover();
  const from = anchor.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const below = from.bottom + GAP + size.height <= window.innerHeight - EDGE;
  const centred = from.left + (from.width - size.width) / 2;
  tip.style.left = `${Math.max(EDGE, Math.min(centred, window.innerWidth - size.width - EDGE))}px`;
  tip.style.top = `${below ? from.bottom + GAP : from.top - size.height - GAP}px`;
}

function hide(tip) {
  if (tip?.hidePopover && tip.matches(":popover-open")) tip.hidePopover();
}

// Leaving a field for a button has the field checked, and the sentence that comes or goes moves the button
// away under the pointer: what was pressed stays pressed.
const hold = (event) => event.currentTarget.setPointerCapture(event.pointerId);

/** Does nothing while it is busy or inert, and nothing to its form either, but stays where the focus is. */
export function PatientButton({ busy, inert, onClick, children, ...rest }) {
  const still = busy || inert;
  return createElement(
    "button",
    {
      ...rest,
      "aria-busy": busy ? true : undefined,
      "aria-disabled": still ? true : undefined,
      onPointerDown: hold,
      onClick: (event) => (still ? event.preventDefault() : onClick?.(event)),
    },
    children,
  );
}

export function HintButton({ label, refusal, busy, busyLabel, onPress, className, children, ...rest }) {
  const id = useId();
  const tip = useRef(null);
  const reason = busy ? busyLabel : refusal;
  const show = (event) => showBeside(tip.current, event.currentTarget);
  return createElement(
    "span",
    { style: { display: "contents" } },
    createElement(
      "button",
      {
        type: "button",
        ...rest,
        className,
        "aria-label": label,
        "aria-disabled": reason ? true : undefined,
        "aria-busy": busy ? true : undefined,
        "aria-describedby": reason ? id : undefined,
        onClick: (event) => {
          event.stopPropagation();
          if (reason) show(event);
          else {
            hide(tip.current);
            onPress?.(event);
          }
        },
        onMouseEnter: show,
        onFocus: (event) => event.currentTarget.matches(":focus-visible") && show(event),
        onMouseLeave: () => hide(tip.current),
        onBlur: () => hide(tip.current),
        onKeyDown: (event) => event.key === "Escape" && hide(tip.current),
      },
      children,
    ),
    createElement("span", { ref: tip, id, role: "tooltip", popover: "manual", className: "tip" }, reason || label),
  );
}
