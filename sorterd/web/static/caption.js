// The caption of the video on screen. It is asked for, and shown, only if the user wants it for this video.
import { ask, say } from "./service.js";

const $ = (id) => document.getElementById(id);
const NONE = "no caption";
let id = null; // of the video whose caption is wanted

export function toggleCaption(card) {
  if (card === null) return;
  if (card.id === id) return show(null);
  const wanted = id = card.id;
  $("caption-button").ariaExpanded = "true";
  ask("/caption", { id }).then(({ caption }) => {
    if (id === wanted) show(caption || NONE);
  }).catch((error) => {
    if (id === wanted) show(null);
    say(error.message, { trouble: true });
  });
}

export function hideCaption(card) { // unless it is this video's
  if (id !== null && card?.id !== id) show(null);
}

function show(text) {
  if (text === null) {
    id = null;
    if ($("caption").textContent && $("live").textContent === $("caption").textContent) $("live").textContent = "";
  }
  $("caption").textContent = text ?? "";
  $("caption").hidden = text === null;
  $("caption-button").ariaExpanded = String(text !== null);
  if (text !== null) $("live").textContent = text;
}
