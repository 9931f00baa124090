// What is asked of the service, and what is said about it.

const $ = (id) => document.getElementById(id);
let work = Promise.resolve();
let open = 0; // wishes that are not done yet

export async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(`.${path}`, options); // all of the page lies below a secret path
  } catch {
    throw new Error("nobody answers: 'sorterd review --web' has ended");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? `it failed (${answer.status})`);
  return said;
}

// One wish after the other: an undo must not overtake its move.
export function inTurn(act) {
  open += 1;
  document.body.ariaBusy = "true";
  work = work.then(act).catch((error) => say(error.message, { trouble: true })).finally(() => {
    open -= 1;
    document.body.ariaBusy = String(open > 0);
  });
}

addEventListener("beforeunload", (event) => { if (open) event.preventDefault(); });

export function say(text, { trouble = false, undoable = false, later = false, then = "" } = {}) {
  if (later && !$("toast").hidden) { // what can be undone stays as long as it was to be
    say.next = text;
    return;
  }
  $("toast").hidden = false;
  $("toast").classList.toggle("trouble", trouble);
  $("toast").querySelector("p").textContent = text;
  $("toast-undo").hidden = !undoable;
  $("live").textContent = then ? `${text}. ${then}.` : text; // who does not see the page hears what comes next
  clearTimeout(say.timer);
  say.timer = setTimeout(() => {
    $("toast").hidden = true;
    const next = say.next;
    say.next = null;
    if (next) say(next);
  }, trouble ? 9000 : 5000);
}
