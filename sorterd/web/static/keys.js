// Keys for the whole page, wherever the focus is, except where somebody types.

export function onKey(keys, digit, letter) {
  document.addEventListener("keydown", (event) => {
    const on = event.target, typing = on.matches("input:not([type=range])"), arrow = event.key.startsWith("Arrow");
    if (event.repeat && !arrow && !typing) return event.preventDefault(); // a key held down is one wish
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || typing || (arrow && on.matches("input"))) return;
    if (on.matches("button, a") && (event.key === "Enter" || event.key === " ")) return; // it is pressed itself
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!(pressed in keys) && !/^[1-9a-z]$/.test(pressed)) return;
    event.preventDefault();
    if (pressed in keys) keys[pressed](); else if (/[1-9]/.test(pressed)) digit(Number(pressed)); else letter(pressed);
  });
}
