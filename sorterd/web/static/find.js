// The search field: asks for the videos that fit. What is found is one more list of the page.
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
      const cards = await search();
      document.querySelector("[data-list=found]").hidden = false;
      show(cards);
      say(cards.length === 1 ? "1 video found" : `${cards.length} videos found`);
    });
  });
  field.addEventListener("keydown", (event) => { if (event.key === "Escape") field.blur(); });
}
