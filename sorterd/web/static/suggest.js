// The suggested folders: groups of alike videos, each with its posters and a field for the name of its folder.
import { el } from "./elements.js";
import { ask } from "./service.js";

const $ = (id) => document.getElementById(id);
const count = document.querySelector("[data-list=suggested] .count");
let asked = 0;
let known = null; // the stamp of the library whose groups are shown
let filedOne, takeBack; // what is told of a step that can be undone, and what undoes it

export function onSuggest(filed, undo) {
  filedOne = filed;
  takeBack = undo;
}

function tell(text, trouble = false) {
  $("suggested-said").textContent = text;
  $("suggested-said").classList.toggle("trouble", trouble);
}

function poster(video) {
  const image = el("img", { src: `poster/${video.id}`, alt: video.name, title: video.name });
  image.addEventListener("error", () => image.replaceWith(el("span", { className: "no-poster", title: video.name }, video.name)));
  return image;
}

function section(group) {
  const words = group.words.join(", ") || "alike", field = `name-${group.group}`;
  const more = group.count > group.videos.length ? el("p", { className: "hint" }, `and ${group.count - group.videos.length} more`) : null;
  const name = el("input", { id: field, value: group.folder, autocomplete: "off", maxLength: 120, required: true, spellcheck: false });
  const make = el("button", { type: "submit", className: "primary" }, `File these ${group.count}`);
  const form = el("form", { className: "make" }, el("label", { htmlFor: field }, "Name of the folder"), el("div", { className: "row" }, name, make));
  const made = el("section", { ariaLabel: `${group.count} videos: ${words}` }, el("h3", {}, `${group.count} videos: ${words}`),
    el("div", { className: "posters" }, ...group.videos.map(poster)), more, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const folder = name.value.trim();
    if (folder) act(make, "/make", { group: group.group, folder }, (done) => filed(made, group, folder, done));
  });
  return made;
}

function filed(made, group, folder, done) {
  const number = done.moves.length, said = `${number === 1 ? "1 video" : `${number} videos`} filed into ${folder}.`;
  const undo = el("button", { type: "button", className: "small" }, "Undo");
  const undone = (result) => {
    const again = section(group);
    made.replaceWith(again);
    again.querySelector("input").focus();
    tell(["Taken back.", ...result.notes].join(" "));
  };
  const step = { card: { id: group.group, name: `The group ${folder}` }, list: "suggested", final: null, back: ["/unmake", { group: group.group, moves: done.moves }], undone };
  filedOne(step);
  undo.addEventListener("click", () => takeBack(step));
  made.replaceChildren(el("h3", {}, said), undo);
  undo.focus();
  tell([said, ...done.notes].join(" "));
}

async function act(button, path, body, then) {
  button.disabled = true;
  try {
    then(await ask(path, body));
  } catch (error) {
    tell(error.message, true);
    button.disabled = false;
    button.focus();
  }
}

export async function suggest(stamp) { // compares only if something has changed since
  if (stamp === known) return;
  const mine = ++asked;
  known = stamp;
  count.textContent = "";
  $("groups").replaceChildren();
  $("groups").ariaBusy = "true";
  tell("Comparing the videos in the inbox …");
  try {
    const { groups } = await ask("/suggest", {});
    if (mine !== asked) return;
    count.textContent = groups.length;
    $("groups").replaceChildren(...groups.map(section));
    tell(groups.length ? "" : "There is no group of five or more alike videos in the inbox that fits none of your folders.");
  } catch (error) {
    known = null;
    if (mine === asked) tell(error.message, true);
  } finally {
    if (mine === asked) $("groups").ariaBusy = "false";
  }
}
