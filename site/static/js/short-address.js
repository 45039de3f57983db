// Leaves what was not filled in out of the address that a form leads to, so that it stays short enough to be passed on.

for (const form of document.querySelectorAll("form[data-short-address]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) {
      if (value === "" && formData.getAll(name).every((one) => one === "")) {
        formData.delete(name);
      }
    }
  });
}
