// Puts a button beside the address of a page. Without this script the address can be marked and copied by hand.

async function copy(input) {
  input.focus();
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch {
    // Not allowed, or an address without https.
    return document.execCommand("copy");
  }
}

for (const field of document.querySelectorAll(".share-copy")) {
  const input = field.querySelector("input");
  const button = document.createElement("button");
  const said = document.createElement("p");
  button.type = "button";
  button.textContent = field.dataset.copy;
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    said.textContent = "";
    if (await copy(input)) {
      button.focus();
      said.textContent = field.dataset.copied;
    }
  });
  field.append(button, said);
}
