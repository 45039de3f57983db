// Asks for the next part of a long work, as its button would.

document.querySelector("[data-go-on]")?.click();
