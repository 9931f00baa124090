// Small parts of the page, made without HTML in strings: a name can be nothing but text.

export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function key(text) {
  return el("kbd", { ariaHidden: "true" }, text);
}

const SHAPES = {
  play: "M7 4v16l13-8z", pause: "M6 4h4v16H6zm8 0h4v16h-4z", previous: "M15.500 4 8 12l7.500 8 1.500-1.400L10.800 12 17 5.400z",
  next: "M8.500 4 16 12l-7.500 8L7 18.600 13.200 12 7 5.400z", quiet: "M4 9v6h4l5 4V5L8 9zm12 .500 5 5m0-5-5 5", loud: "M4 9v6h4l5 4V5L8 9zm12-1.500a6 6 0 0 1 0 9m2.500-12a10 10 0 0 1 0 15",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  if (name === "quiet" || name === "loud") {
    path.setAttribute("stroke", "currentColor");
    path.setAttribute("stroke-width", "1.600");
    if (name === "loud") path.setAttribute("fill-rule", "evenodd");
  }
  svg.append(path);
  return svg;
}

export function choice(number, guess, label, pressed) {
  const button = el("button", { type: "button", className: "choice" },
    number === null ? null : key(String(number)), el("span", { className: "name" }, label ?? guess.shown),
    el("span", { className: "percent" }, guess.percent ?? ""));
  if (guess.share !== undefined) button.style.setProperty("--share", guess.share);
  if (number !== null) button.setAttribute("aria-keyshortcuts", String(number));
  button.addEventListener("click", pressed);
  return button;
}

export function action(shortcut, label, pressed, kind = "") {
  const button = el("button", { type: "button", className: kind }, key(shortcut), label);
  button.setAttribute("aria-keyshortcuts", shortcut);
  button.addEventListener("click", pressed);
  return button;
}

function marked(name, letter) { // with the letter underlined that files into it
  const at = letter ? name.toLowerCase().indexOf(letter) : -1;
  return at < 0 ? [name] : [name.slice(0, at), el("u", {}, name.slice(at, at + 1)), name.slice(at + 1)];
}

export function folderButton(folder, cap, pressed) {
  const button = el("button", { type: "button", title: folder.shown }, cap ? key(cap.toUpperCase()) : null,
    el("span", { className: "name" }, ...marked(folder.shown, folder.key)),
    el("span", { className: "videos", ariaLabel: folder.videos === 1 ? "1 video" : `${folder.videos} videos` }, String(folder.videos)));
  button.setAttribute("aria-keyshortcuts", [...new Set([cap, folder.key])].filter(Boolean).join(" "));
  button.addEventListener("click", pressed);
  return button;
}
