// Inputs that show at once what was typed or chosen and follow the server afterwards: what a person
// is typing is never overwritten by an answer that comes late.
import { createElement, useEffect, useId, useRef, useState } from "react";

/** The server's value, replaced by the person's until the server names another one. */
function useFollowing(value) {
  const [shown, setShown] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    setShown(value);
  }
  return [shown, setShown];
}

const typing = (element) => element?.matches?.("input, textarea, select, [contenteditable='true']");

export function SearchBox({ label, value, shortcut, onSearch, children, ...rest }) {
  const input = useRef(null);
  const [text, setText] = useState(value ?? "");

  useEffect(() => {
    if (document.activeElement !== input.current) setText(value ?? "");
  }, [value]);

  useEffect(() => {
    const focus = (event) => {
      if (event.key !== shortcut || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      input.current.focus();
      input.current.select();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, [shortcut]);

  const change = (next) => {
    setText(next);
    onSearch?.(next);
  };
  return createElement(
    "div",
    { className: "search" },
    children,
    createElement("input", {
      ...rest,
      ref: input,
      type: "search",
      "aria-label": label,
      "aria-keyshortcuts": shortcut,
      placeholder: label,
      value: text,
      maxLength: 100,
      autoComplete: "off",
      spellCheck: false,
      onChange: (event) => change(event.target.value),
      onKeyDown: (event) => event.key === "Escape" && text && change(""),
    }),
    shortcut ? createElement("kbd", { "aria-hidden": true }, shortcut) : null,
  );
}

export function Choice({ label, value, options, onChoose, showLabel, ...rest }) {
  const [chosen, setChosen] = useFollowing(value);
  const id = useId();
  return createElement(
    "span",
    { className: "choice" },
    showLabel === false ? null : createElement("span", { "aria-hidden": true }, label),
    createElement(
      "select",
      {
        ...rest,
        id,
        "aria-label": label,
        value: chosen,
        onChange: (event) => {
          setChosen(event.target.value);
          onChoose?.(event.target.value);
        },
      },
      options.map((option) => createElement("option", { key: option.value, value: option.value }, option.label)),
    ),
  );
}

export function Tabs({ label, selected, items, controls, onChoose }) {
  const [chosen, setChosen] = useFollowing(selected);
  const list = useRef(null);
  const choose = (value) => {
    setChosen(value);
    onChoose?.(value);
  };
  const move = (event) => {
    const tabs = [...list.current.querySelectorAll('[role="tab"]')];
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    choose(tab.dataset.value);
  };
  return createElement(
    "div",
    { ref: list, className: "tabs", role: "tablist", "aria-label": label, onKeyDown: move },
    items.map((item) =>
      createElement(
        "button",
        {
          key: item.value,
          type: "button",
          role: "tab",
          "data-value": item.value,
          "aria-selected": item.value === chosen,
          "aria-controls": controls,
          tabIndex: item.value === chosen ? 0 : -1,
          onClick: () => choose(item.value),
        },
        item.label,
        item.count ? createElement("span", { "aria-hidden": true }, item.count) : null,
      ),
    ),
  );
}

/** Presses, or focuses, the element called `target` when `press` is typed outside a field. */
export function Shortcut({ press, target }) {
  useEffect(() => {
    const act = (event) => {
      if (event.key !== press || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const element = document.getElementById(target);
      if (!element) return;
      event.preventDefault();
      if (typing(element)) element.focus();
      else element.click();
    };
    document.addEventListener("keydown", act);
    return () => document.removeEventListener("keydown", act);
  }, [press, target]);
  return null;
}
