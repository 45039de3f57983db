// The places that a page names: each element with coordinates, and the words that stand with it.

export function placesOn(root) {
  return [...root.querySelectorAll("[data-latitude]")].map((element) => ({
    element,
    latitude: Number(element.dataset.latitude),
    longitude: Number(element.dataset.longitude),
    name: element.dataset.name,
  }));
}
