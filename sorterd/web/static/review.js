// The review page: shows one video after the other, and sends what the user decides to the service.
import { hideCaption, toggleCaption } from "./caption.js";
import { el, folderButton, icon } from "./elements.js";
import { onFind, search } from "./find.js";
import { onKey } from "./keys.js";
import { actions, choices, describe, nothing, showProgress } from "./panel.js";
import { onSwipe, play, togglePlay, toggleSound } from "./player.js";
import { ask, inTurn, say } from "./service.js";
import { onSuggest, suggest } from "./suggest.js";

const $ = (id) => document.getElementById(id);
const POLL = 2000; // ms
const TABS = [...document.querySelectorAll(".tab")];
const page = {
  list: "waiting", lists: Object.fromEntries(TABS.map((tab) => [tab.dataset.list, []])), folders: [], progress: null,
  current: {}, // list -> id of the card that is shown
  gone: new Map(), // list and id of what was decided -> whether the service has done it
  left: new Set(), // ids that were left where they are
  again: false, // whether those are shown as well
  steps: [], // what Z takes back, the last one at the end
};
// --- what is shown ---

const nameOf = (list, id) => `${list} ${id}`;

const isLeft = (card) => card.state === "left" || page.left.has(card.id);

function cards() {
  return page.lists[page.list].filter((card) => !page.gone.has(nameOf(page.list, card.id)) && (page.again || !isLeft(card)));
}

function current() {
  const there = cards();
  return there.find((card) => card.id === page.current[page.list]) ?? there[0] ?? null;
}

function others(card) { // the folders that are not offered above, in the order of their keys
  const offered = new Set([card?.folder, ...(card?.guesses ?? []).map((guess) => guess.folder)]);
  return page.folders.filter((folder) => !offered.has(folder.name));
}

function render() {
  const card = current();
  page.current[page.list] ??= card?.id; // one that was wished for and is not there yet stays wished for
  for (const tab of TABS) {
    const list = tab.dataset.list;
    if (list !== page.list) tab.removeAttribute("aria-current");
    else if (!tab.ariaCurrent) { tab.ariaCurrent = "page"; tab.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    const hidden = page.lists[list].filter((one) => one.state !== "left" && (page.gone.has(nameOf(list, one.id)) || page.left.has(one.id))).length;
    if (list !== "suggested") tab.querySelector(".count").textContent = Math.max(0, (page.progress?.counts[list] ?? page.lists[list].length) - hidden);
  }
  showProgress(page.progress);
  play(card);
  hideCaption(card);
  const kept = document.activeElement?.closest("#empty button")?.className;
  $("empty")?.remove();
  for (const part of ["stage", "panel"]) $(part).hidden = card === null;
  $("suggested").hidden = page.list !== "suggested";
  if (page.list === "suggested") return;
  if (card === null) {
    document.querySelector("main").append(nothing(page.list, page.progress, page.lists.waiting.filter(isLeft).length, on));
    return [...$("empty").querySelectorAll("button")].find((one) => one.className === kept)?.focus({ preventScroll: true });
  }
  describe(card);
  const within = document.activeElement?.closest("#choices, #actions, #folders")?.id;
  $("choices").replaceChildren(...choices(card, page.folders, on));
  $("actions").replaceChildren(...actions(card, cards().length, page.steps.length > 0, on));
  $("folders-title").textContent = card.guesses.length ? "Other folders" : "Folders";
  renderFolders();
  if (within) ($(within).querySelector("button") ?? $("search")).focus({ preventScroll: true });
}

function renderFolders() {
  const card = current(), wanted = $("search").value.trim().toLowerCase();
  const rest = others(card), offered = card?.guesses.length ?? 0;
  const found = (wanted ? page.folders.filter((folder) => folder.name !== card?.folder) : rest).filter((folder) => folder.shown.toLowerCase().includes(wanted));
  const buttons = found.map((folder) => {
    const place = offered + 1 + rest.indexOf(folder);
    return folderButton(folder, !wanted && place <= 9 ? String(place) : folder.key, () => file(folder.name, folder.shown));
  });
  if (wanted && !found.length) buttons.push(el("p", { className: "none" }, `No folder has that in its name. Enter makes “${$("search").value.trim()}”.`));
  $("folders").replaceChildren(...buttons);
  $("all").hidden = !page.folders.length; // the first folder has a button of its own
  return found;
}

// --- what the user does ---

function after(card) { // the card that comes when this one has gone
  const there = cards(), at = there.findIndex((one) => one.id === card.id);
  return (there[at + 1] ?? there[at - 1])?.id;
}

function decide(card, path, body, said, final) { // final: why it cannot be taken back, or null
  const list = page.list, name = nameOf(list, card.id), step = { card, list, final, back: null };
  const next = after(card);
  page.current[list] = next;
  page.gone.set(name, false);
  if (path === "/leave" && list === "waiting") page.left.add(card.id);
  page.steps.push(step);
  $("search").value = "";
  render();
  say(said, { undoable: final === null, then: current()?.name ?? "That was the last one" });
  inTurn(async () => {
    try {
      const done = await ask(path, body);
      page.gone.set(name, true);
      if (done.moves) step.back = ["/undo", { id: card.id, moves: done.moves }];
      if (done.rejected) step.back = ["/withdraw", { id: card.id, here: card.folder, folders: done.rejected }];
      if (done.notes.length) say(done.notes.join(" "), { trouble: true });
    } catch (error) {
      page.gone.delete(name);
      page.left.delete(card.id);
      page.steps = page.steps.filter((one) => one !== step);
      if (page.current[list] === next) page.current[list] = card.id;
      render();
      throw new Error(`Nothing was done with ${card.name}: ${error.message}`);
    }
    await refresh();
  });
}

function file(folder, shown, fresh = false) {
  const card = current();
  if (card === null || folder === card.folder) return;
  decide(card, "/file", { id: card.id, here: card.folder, folder, new: fresh }, `Filed into ${shown}`, null);
}

function confirm() {
  const card = current();
  if (card === null || !["moved", "misfiled"].includes(page.list)) return;
  if (page.list === "misfiled") { // the label is the user's already; what is new is where it does not belong
    const elsewhere = card.guesses.map((guess) => guess.folder).filter((folder) => folder !== card.folder);
    decide(card, "/leave", { id: card.id, here: card.folder, folders: elsewhere }, `${card.place.split("/")[0]} is right`, null);
    return;
  }
  decide(card, "/confirm", { videos: [{ id: card.id, folder: card.folder }] }, `Confirmed: ${card.place.split("/")[0]}`,
    "A confirmed move is taken back by moving the video elsewhere.");
}

function confirmAll(event) {
  const button = event.target, all = cards();
  if (!button.dataset.sure) {
    button.dataset.sure = "yes";
    button.textContent = `Yes, all ${all.length} are right`;
    return;
  }
  button.disabled = true;
  inTurn(async () => {
    const done = await ask("/confirm", { videos: all.map((card) => ({ id: card.id, folder: card.folder })) });
    say(done.notes.length ? done.notes.join(" ") : `${done.confirmed.length} confirmed`, { trouble: done.notes.length > 0 });
    await refresh();
  });
}

function putBack() {
  const card = current();
  if (card === null || page.list !== "moved") return;
  decide(card, "/undo", { id: card.id, moves: [card.move] }, "Put back; it waits in the first list", "It waits in the first list: file it from there.");
}

function leave() {
  const card = current();
  if (card === null || page.list !== "waiting") return;
  decide(card, "/leave", { id: card.id, here: null, folders: card.guesses.map((guess) => guess.folder) }, "Left where it is", null);
}

function retry() {
  const card = current();
  inTurn(async () => {
    await ask("/retry", { id: card.id });
    say("It will be tried again");
  });
}

function undo() {
  const step = page.steps.pop();
  if (step === undefined) return say("There is nothing to take back");
  if (step.final !== null) return say(step.final);
  inTurn(async () => {
    if (step.back === null) return; // it was refused, and has been said to be
    const done = await ask(...step.back);
    page.gone.delete(nameOf(step.list, step.card.id));
    page.left.delete(step.card.id);
    await refresh();
    back(step);
    step.undone?.(done);
  });
}

function back(step) {
  page.list = step.list;
  page.again ||= isLeft(step.card);
  page.current[step.list] = step.card.id;
  render();
  say(`${step.card.name} is back`);
}

function go(way) {
  const there = cards(), at = there.findIndex((card) => card.id === current()?.id) + way;
  if (there[at]) page.current[page.list] = there[at].id;
  render();
}

function change(list) {
  page.list = list;
  page.again = false;
  $("search").value = "";
  render();
  if (list === "found") inTurn(refresh); // what was found may lie elsewhere since
  if (list === "suggested") suggest(page.progress?.stamp);
}

function show(cards, more = false) { // more of the same search: what is on screen stays
  page.lists.found = cards;
  page.current.found = (more && page.current.found) || cards[0]?.id;
  page.list = more ? page.list : "found";
  render();
}

function openNew() {
  if (current() === null) return;
  $("new-name").value = $("search").value.trim();
  $("new-folder").showModal();
}

function again() { page.again = true; render(); }

function press(digit) {
  const card = current();
  if (card === null) return;
  const guess = card.guesses[digit - 1];
  if (guess) return guess.folder === card.folder ? confirm() : file(guess.folder, guess.shown);
  into(others(card)[digit - 1 - card.guesses.length]);
}

const into = (folder) => folder && file(folder.name, folder.shown);
const letter = (pressed) => into(page.folders.find((folder) => folder.key === pressed));

const on = { again, change, confirm, confirmAll, file, leave, openNew, putBack, retry, undo };
const KEYS = {
  "/": () => $("search").focus(), ".": () => $("find").focus(), "+": openNew, ",": () => toggleCaption(current()), "?": () => $("keys").showModal(), " ": togglePlay, m: toggleSound, n: leave, z: undo,
  p: putBack, Enter: confirm, ArrowLeft: () => go(-1), ArrowRight: () => go(1),
};

onKey(KEYS, press, letter);
$("search").addEventListener("input", renderFolders);
$("search").addEventListener("keydown", (event) => {
  if (event.key === "Escape") { $("search").value = ""; renderFolders(); $("search").blur(); }
  if (event.key !== "Enter" || event.repeat || !$("search").value.trim()) return;
  event.preventDefault();
  const found = renderFolders();
  if (found.length) { $("search").blur(); file(found[0].name, found[0].shown); } else openNew();
});
$("new-folder").addEventListener("submit", () => {
  const name = $("new-name").value.trim();
  if (name) file(name, name, !page.folders.some((folder) => folder.name === name));
});
$("new-cancel").addEventListener("click", () => $("new-folder").close());
for (const tab of TABS) tab.addEventListener("click", () => change(tab.dataset.list));
for (const [id, act] of Object.entries({ add: openNew, help: KEYS["?"], "toast-undo": undo, "caption-button": KEYS[","], previous: () => go(-1), next: () => go(1) })) $(id).addEventListener("click", act);
for (const side of ["previous", "next"]) $(side).append(icon(side));
onFind(show);
onSuggest((step) => page.steps.push(step), (step) => {
  page.steps = [...page.steps.filter((one) => one !== step), step];
  undo();
});
onSwipe(() => current()?.guesses[0]?.shown ?? null, () => press(1), () => go(1));

// --- what becomes known ---

let asked = 0;

async function refresh() {
  const mine = ++asked, settled = [...page.gone].filter(([, done]) => done).map(([name]) => name);
  const list = page.list, shown = current(), place = cards().indexOf(shown), known = page.progress, news = await ask("/state");
  Object.assign(news.lists, { found: list === "found" ? await search() : page.lists.found, suggested: [] });
  if (mine !== asked) return; // it tells of a time before what has been asked since
  for (const name of settled) page.gone.delete(name);
  page.lists = news.lists;
  page.folders = news.folders;
  page.progress = news;
  const there = cards();
  if (shown !== null && list === page.list && page.current[list] === shown.id && !there.some((card) => card.id === shown.id)) {
    page.current[list] = (there[place] ?? there.at(-1))?.id;
    say(`${shown.name} has left this list`, { later: true });
  }
  render();
  if (known !== null && news.lessons > known.lessons) say(news.lesson, { later: true });
}

async function poll() {
  try {
    const now = document.hidden ? null : await ask("/progress");
    if (now !== null && now.stamp !== page.progress?.stamp) await refresh();
    else if (now !== null) { page.progress = now; showProgress(now); }
  } catch (error) {
    say(error.message, { trouble: true });
  }
  setTimeout(poll, POLL);
}

render();
poll();
