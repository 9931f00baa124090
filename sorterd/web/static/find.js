// The search field: asks for the videos with the words, then for those that mean the same. One more list of the page.
import { ask, inTurn, say } from "./service.js";

const field = document.getElementById("find");
let words = "";

export const search = async () => (await ask("/find", { words })).cards;

export function onFind(show) {
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    words = field.value.trim();
    if (!words) return;
    field.blur(); // so that the keys of the page work on what is found
    inTurn(async () => {
      const wanted = words, cards = await search();
      document.querySelector("[data-list=found]").hidden = false;
      show(cards);
      say(`${count(cards)} with these words. Looking for what means the same …`);
      alike(wanted, show); // not waited for: the models may have to be loaded first
    });
  });
  field.addEventListener("keydown", (event) => { if (event.key === "Escape") field.blur(); });
}

async function alike(wanted, show) {
  try {
    const { cards, left_out: leftOut } = await ask("/alike", { words: wanted });
    if (wanted !== words) return;
    show(cards, true);
    say(leftOut ? `${count(cards)} found; ${leftOut}` : `${count(cards)} found`, { later: true });
  } catch (error) {
    if (wanted === words) say(error.message, { trouble: true });
  }
}

const count = (cards) => (cards.length === 1 ? "1 video" : `${cards.length} videos`);
