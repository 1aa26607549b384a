// What a visitor did before the page came to life, done once it has.
import { useEffect } from "react";

/** The same sets what a field shows without React noticing, so that the event that follows is news to it. */
function type(field, text) {
  field.value = "";
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Takes over from the script in the head (early.py), which kept what was pressed and typed until now. */
export function ReplayEarly() {
  useEffect(() => {
    const early = window.early;
    if (!early) return;
    delete window.early;
    early.stop();
    for (const [field, text] of early.typed) if (field.isConnected) type(field, text);
    if (early.pressed?.isConnected) early.pressed.click();
  }, []);
  return null;
}
