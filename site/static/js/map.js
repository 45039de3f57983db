// Shows the branches on a map, once somebody asks for it: until then neither the map's program nor a tile is fetched.

import { placesOn } from "./places.js";

const CLOSE_ENOUGH = 16;
const MARGIN = [36, 36];

function addStyles(address) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.append(link);
  });
}

async function fetchProgram({ program, styles }) {
  await Promise.all([import(program), addStyles(styles)]);
  // Built for any kind of loader, it leaves its name behind instead of exporting anything.
  return window.L;
}

function credit({ credit: words, creditUrl }) {
  const text = document.createElement(creditUrl ? "a" : "span");
  text.textContent = words;
  if (creditUrl) {
    text.href = creditUrl;
    text.rel = "noopener noreferrer";
  }
  return text.outerHTML;
}

// What a bubble says is what the list says: a copy of it, its heading made an ordinary line.
function bubble(place) {
  const source = place.element.querySelector("[data-bubble]") ?? place.element;
  const copy = document.createElement("div");
  copy.append(...[...(source.content ?? source).childNodes].map((node) => node.cloneNode(true)));
  for (const heading of copy.querySelectorAll("h3")) {
    const line = document.createElement("p");
    line.className = "map-name";
    line.append(...heading.childNodes);
    heading.replaceWith(line);
  }
  for (const left of copy.querySelectorAll("[data-not-on-map]")) {
    left.remove();
  }
  return copy;
}

const closeButton = (box) => box.querySelector(".leaflet-popup-close-button");

function makeDialog(box, marker, name, words) {
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", name);
  closeButton(box).setAttribute("aria-label", words.close);
  closeButton(box).title = words.close;
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      marker.closePopup();
    }
  });
}

function addMarker(L, map, place, words) {
  const icon = L.divIcon({ className: "map-pin", iconSize: [28, 38], iconAnchor: [14, 38], popupAnchor: [0, -34] });
  const marker = L.marker([place.latitude, place.longitude], { icon, title: place.name, riseOnHover: true });
  marker.bindPopup(bubble(place), { minWidth: 180, maxWidth: 240 }).addTo(map);
  const pin = marker.getElement();
  pin.setAttribute("aria-label", place.name);
  pin.setAttribute("aria-haspopup", "dialog");
  marker.on("popupopen", ({ popup }) => {
    const box = popup.getElement();
    if (!box.hasAttribute("role")) {
      makeDialog(box, marker, place.name, words);
    }
    (box.querySelector(".leaflet-popup-content a") ?? closeButton(box)).focus({ preventScroll: true });
  });
  marker.on("popupclose", ({ popup }) => {
    if (popup.getElement()?.contains(document.activeElement)) {
      pin.focus({ preventScroll: true });
    }
  });
  return marker;
}

function draw(L, canvas, places, words, status) {
  const map = L.map(canvas, { zoomControl: false, scrollWheelZoom: false });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "bottomleft", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  // The server of the tiles learns which site asks, as most of them demand, but not which page.
  const tiles = L.tileLayer(words.tiles, { attribution: credit(words), maxZoom: 19, referrerPolicy: "strict-origin" });
  let arrived = false;
  tiles.on("tileload", () => {
    arrived = true;
  });
  tiles.on("tileerror", () => {
    status.textContent = arrived ? "" : words.noTiles;
  });
  const points = places.map((place) => [place.latitude, place.longitude]);
  map.fitBounds(points, { padding: MARGIN, maxZoom: CLOSE_ENOUGH, animate: false });
  tiles.addTo(map);
  for (const place of places) {
    addMarker(L, map, place, words);
  }
}

function offer(box) {
  const button = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  const canvas = box.querySelector("[data-canvas]");
  const words = box.dataset;

  async function show() {
    if (button.getAttribute("aria-busy")) {
      return;
    }
    button.setAttribute("aria-busy", "true");
    status.textContent = words.waiting;
    try {
      const L = await fetchProgram(words);
      canvas.hidden = false;
      box.classList.add("is-shown");
      status.textContent = "";
      draw(L, canvas, placesOn(document), words, status);
      box.querySelector("[data-offer]").hidden = true;
      canvas.focus({ preventScroll: true });
    } catch {
      canvas.hidden = true;
      status.textContent = words.failed;
    }
    button.removeAttribute("aria-busy");
  }

  button.addEventListener("click", show);
  box.hidden = false;
}

const box = document.querySelector("[data-map]");
if (box) {
  offer(box);
}
