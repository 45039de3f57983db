// Sorts the list of branches by their distance from the device. The position is asked for on a click only, is used in
// this page alone, and is neither kept nor sent.

import { distanceWords, kilometresBetween } from "./distances.js";
import { placesOn } from "./places.js";

const DENIED = 1;
const TOO_LATE = 3;
const PATIENCE = { maximumAge: 300_000, timeout: 20_000 };

function failureWords(error, words) {
  if (error.code === DENIED) {
    return words.denied;
  }
  return error.code === TOO_LATE ? words.late : words.unknown;
}

function say(element, distance) {
  const there = element.querySelector("[data-distance]");
  there.textContent = distance;
  there.hidden = !distance;
}

function sort(list, position, words) {
  const places = placesOn(list).map((place) => ({ ...place, away: kilometresBetween(position, place) }));
  places.sort((one, other) => one.away - other.away);
  const placed = new Set(places.map((place) => place.element));
  const rest = [...list.children].filter((element) => !placed.has(element));
  for (const place of places) {
    say(place.element, distanceWords(place.away, words));
  }
  list.append(...places.map((place) => place.element), ...rest);
  return places[0];
}

function offer(box) {
  const button = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  const list = document.getElementById(box.dataset.list);
  const words = box.dataset;

  function found({ coords }) {
    button.removeAttribute("aria-busy");
    const first = sort(list, coords, words);
    document.querySelector("[data-near-district]")?.remove();
    const nearest = { name: first.name, distance: distanceWords(first.away, words) };
    status.textContent = words.sorted.replace(/\{(name|distance)\}/g, (_all, key) => nearest[key]);
  }

  function failed(error) {
    button.removeAttribute("aria-busy");
    status.textContent = failureWords(error, words);
  }

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-busy")) {
      return;
    }
    button.setAttribute("aria-busy", "true");
    status.textContent = words.waiting;
    navigator.geolocation.getCurrentPosition(found, failed, PATIENCE);
  });
  box.hidden = false;
}

const box = document.querySelector("[data-near-me]");
if (box && window.isSecureContext && "geolocation" in navigator) {
  offer(box);
}
