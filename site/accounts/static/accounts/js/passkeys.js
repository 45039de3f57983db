// Shows what needs passkeys only where the browser has them.
if (window.PublicKeyCredential) {
  for (const element of document.querySelectorAll("[data-needs-passkeys]")) {
    element.hidden = false;
  }
  for (const element of document.querySelectorAll("[data-without-passkeys]")) {
    element.hidden = true;
  }
}
