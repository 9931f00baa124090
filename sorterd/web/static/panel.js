// What is offered for one video, and what is said where there is none. `on` holds what the buttons do.
import { action, choice, el } from "./elements.js";

function plain(label, pressed, kind = "") {
  return el("button", { type: "button", className: kind, onclick: pressed }, label);
}

const $ = (id) => document.getElementById(id);

export function describe(card) {
  if (card.id !== describe.shown) for (const part of [$("panel"), $("panel").parentElement]) part.scrollTop = 0; // the next video is seen from its top
  describe.shown = card.id;
  $("name").textContent = $("name").title = card.name;
  $("why").textContent = $("why").title = about(card);
  $("says").textContent = card.says && `“${card.says}”`;
  $("says").hidden = !card.says;
}

function about(card) {
  const copies = card.copies > 1 ? ` ${card.copies} copies of it lie here; they go together.` : "";
  const when = card.at === null ? "" : ` Moved here on ${new Date(card.at * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}.`;
  const named = card.guesses.some((guess) => card.why.startsWith(guess.shown)); // a name keeps its spelling
  const why = named ? card.why : card.why && card.why[0].toUpperCase() + card.why.slice(1);
  return `${why}.${when}${copies}`;
}

export function showProgress(now) {
  if (now === null) return;
  const said = happening(now), done = now.total ? `${now.decided} of ${now.total} decided` : "";
  $("progress").replaceChildren(...(done ? [el("b", {}, done), said.length ? " · " : ""] : []), said.join(" · "));
  $("progress").title = $("progress").textContent;
  $("bar").style.width = now.total ? `${(100 * now.decided) / now.total}%` : "0";
}

function happening(now) {
  const said = [];
  if (now.moved_by_itself) said.push(`${now.moved_by_itself} moved by sorterd meanwhile`);
  if (now.to_move) said.push(`${now.to_move} ${now.not_moving ? "could" : "can"} be moved by ${now.to_move === 1 ? "itself" : "themselves"} now`);
  if (now.not_moving) said.push(now.not_moving);
  if (now.service) said.push(now.service);
  return said;
}

export function choices(card, folders, on) {
  const buttons = card.guesses.map((guess, i) => {
    const here = guess.folder === card.folder;
    const button = choice(i + 1, guess, here ? `${guess.shown} is right` : null, () => (here ? on.confirm() : on.file(guess.folder, guess.shown)));
    button.classList.toggle("here", here);
    return button;
  });
  if (!folders.length) {
    buttons.push(el("p", { className: "hint" }, "There is no folder yet. Make one for each kind of video that you want to find again; three to five videos in each are a start."),
      plain("Make the first folder", on.openNew, "primary"));
  }
  return buttons;
}

export function actions(card, number, undoable, on) {
  const undo = action("Z", "Undo", on.undo);
  undo.disabled = !undoable;
  if (card.state === "moved") {
    const all = number > 1 ? [plain(`Confirm all ${number}`, on.confirmAll, "wide")] : [];
    return [action("P", "Put back", on.putBack), undo, ...all];
  }
  if (card.state === "misfiled") return [action("Enter", `${card.place.split("/")[0]} is right`, on.confirm), undo];
  if (card.state === "found") return [undo];
  const again = card.state === "unreadable" ? [plain("Try to read it again", on.retry, "wide")] : [];
  return [action("N", card.guesses.length ? "None of these" : "Leave it", on.leave), undo, ...again];
}

export function nothing(list, progress, left, on) {
  if (progress === null) return el("div", { id: "empty", className: "empty" }, el("h2", {}, "One moment …"));
  const { title, text } = document.querySelector(`[data-list=${list}]`).dataset, first = list === "waiting";
  const moved = first && progress.counts.moved ? plain(`Look at the ${progress.counts.moved} that sorterd moved`, () => on.change("moved"), "primary") : null;
  const again = first && left ? plain(left === 1 ? "Look again at the one that you left" : `Look again at the ${left} that you left`, on.again) : null;
  return el("div", { id: "empty", className: "empty" }, el("h2", {}, title), el("p", {}, text), moved, again);
}
