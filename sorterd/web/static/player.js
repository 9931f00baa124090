// The video: it plays at once without sound, and says so where the browser cannot.
import { icon } from "./elements.js";

const $ = (id) => document.getElementById(id);
const video = $("video"), seek = $("seek");
let sound = false;
let id = null;

export function play(card) {
  if (card === null) {
    id = null;
    video.removeAttribute("src");
    video.load();
  }
  if (card !== null && card.id === id) return; // it plays, or has been found not to
  for (const part of [video, $("player")]) part.hidden = card === null;
  $("fallback").hidden = true;
  if (card === null) return;
  id = card.id;
  video.muted = !sound;
  video.setAttribute("aria-label", card.name);
  video.poster = `poster/${id}`;
  video.src = `video/${id}`;
  start();
}

export function togglePlay() {
  if (video.paused) start(); else video.pause();
}

export function toggleSound() {
  sound = !sound;
  video.muted = !sound;
  labels();
}

function start() {
  video.play().catch((error) => {
    if (error.name !== "NotAllowedError" || video.muted) return;
    video.muted = true; // a browser plays nothing with sound before the first click
    video.play().catch(() => {});
  });
}

function cannotPlay() {
  if (id === null) return;
  video.hidden = $("player").hidden = true;
  $("unplayable").textContent = "This browser cannot play this video. It can be filed all the same.";
  $("outside").href = `video/${id}?outside`;
  $("outside").hidden = false;
  for (const picture of ["poster", "strip"]) {
    $(picture).hidden = true;
    $(picture).src = `${picture}/${id}`;
  }
  $("fallback").hidden = false;
  const failed = id;
  fetch(`video/${id}`, { method: "HEAD" }).then((answer) => {
    if (answer.ok || failed !== id) return;
    $("unplayable").textContent = "This video cannot be read just now: its disk may be away, or it was moved.";
    $("outside").hidden = true;
  }).catch(() => {});
}

function clock(seconds) {
  const whole = Math.floor(Number.isFinite(seconds) ? seconds : 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function progress() {
  const length = Number.isFinite(video.duration) ? video.duration : 0;
  if (document.activeElement !== seek || !video.seeking) seek.value = length ? Math.round((1000 * video.currentTime) / length) : 0;
  seek.setAttribute("aria-valuetext", `${clock(video.currentTime)} of ${clock(length)}`);
}

function labels() {
  $("play").replaceChildren(icon(video.paused ? "play" : "pause"));
  $("play").ariaLabel = video.paused ? "Play" : "Pause";
  $("sound").replaceChildren(icon(sound ? "loud" : "quiet"));
  $("sound").ariaLabel = sound ? "Sound off" : "Sound on";
}

video.addEventListener("error", cannotPlay);
video.addEventListener("loadedmetadata", () => { if (!video.videoWidth) cannotPlay(); }); // sound, but no picture
for (const event of ["play", "pause", "volumechange"]) video.addEventListener(event, labels);
video.addEventListener("timeupdate", progress);
video.addEventListener("click", togglePlay);
seek.addEventListener("input", () => { if (video.duration) video.currentTime = (seek.value / 1000) * video.duration; });
$("play").addEventListener("click", togglePlay);
$("sound").addEventListener("click", toggleSound);
for (const picture of ["poster", "strip"]) $(picture).addEventListener("load", () => { $(picture).hidden = false; });
labels();

// A finger that goes right files into the best guess, one that goes left goes on.
export function onSwipe(offer, right, left) {
  const stage = $("stage"), sign = $("swipe");
  const far = () => Math.min(140, stage.clientWidth / 3);
  let from = null;
  stage.addEventListener("pointerdown", (event) => {
    from = event.pointerType === "touch" && !event.target.closest("button, input, a") ? event : null;
  });
  stage.addEventListener("pointermove", (event) => {
    if (from === null || event.pointerId !== from.pointerId) return;
    const way = event.clientX - from.clientX;
    const text = way > 0 ? offer() : "Next";
    sign.hidden = Math.abs(way) < 30 || text === null;
    sign.textContent = text ?? "";
    sign.style.opacity = Math.min(1, Math.abs(way) / far());
  });
  const end = (event, done) => {
    if (from === null || event.pointerId !== from.pointerId) return;
    const way = event.clientX - from.clientX;
    from = null;
    sign.hidden = true;
    if (!done || Math.abs(way) < far()) return;
    if (way < 0) left(); else if (offer() !== null) right();
  };
  stage.addEventListener("pointerup", (event) => end(event, true));
  stage.addEventListener("pointercancel", (event) => end(event, false));
}
