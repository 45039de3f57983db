// Asks for the next part of a long work, as its button would, once the page that tells how far it is has been seen.

const SEEN_AFTER = 500;

window.addEventListener("load", () => {
  setTimeout(() => document.querySelector("[data-go-on]")?.click(), SEEN_AFTER);
});
