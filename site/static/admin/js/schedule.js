// Tells beside the form of an event which dates its plan makes, and shows only those fields of a repetition that its
// kind has a use for. Without it the form is whole, and saving says what is wrong.

const PATIENCE = 400;

// Which fields belong to which kind of repetition; all others of the list are folded away.
const USED = {
  "": [],
  daily: ["every", "months", "until", "count", "skips"],
  weekly: ["every", "on", "months", "until", "count", "skips"],
  "monthly-day": ["every", "months", "until", "count", "skips"],
  "monthly-weekday": ["every", "months", "until", "count", "skips"],
  "monthly-last": ["every", "months", "until", "count", "skips"],
  "monthly-weekdays": ["every", "which", "on", "months", "until", "count", "skips"],
  "monthly-days": ["every", "days", "months", "until", "count", "skips"],
  yearly: ["every", "until", "count", "skips"],
  "yearly-weekdays": ["every", "which", "on", "months", "until", "count", "skips"],
};
const FIELDS = {
  every: "repeat_every",
  on: "repeat_on",
  which: "repeat_which",
  days: "repeat_days",
  months: "repeat_months",
  until: "repeat_until",
  count: "repeat_count",
  skips: "skips_days_off",
};

function wrapperOf(form, name) {
  const input = form.querySelector(`[name="${name}"]`);
  return input?.closest("[data-contentpath]") ?? input?.closest(".w-panel__wrapper, .w-field__wrapper") ?? null;
}

function isFilled(wrapper, key) {
  const inputs = [...wrapper.querySelectorAll("input")];
  return key !== "every" && inputs.some((one) => (one.type === "checkbox" ? one.checked : one.value !== ""));
}

function fold(form) {
  const kind = form.elements.repeat?.value ?? "";
  const used = USED[kind] ?? Object.keys(FIELDS);
  for (const [key, name] of Object.entries(FIELDS)) {
    const wrapper = wrapperOf(form, name);
    if (!wrapper) {
      continue;
    }
    // What is wrong, or filled in, is never hidden: it counts, whatever the kind.
    const isWrong = wrapper.querySelector(".w-field--error, .error-message") !== null;
    wrapper.hidden = !used.includes(key) && !isWrong && !isFilled(wrapper, key);
  }
}

function follow(place) {
  const form = place.closest("form");
  const told = place.querySelector("[data-schedule-told]");
  const failed = place.querySelector("[data-schedule-failed]");
  let timer = null;
  let asked = null;

  async function ask() {
    if (!form.querySelector('[name="left_out-count"]')) {
      // Wagtail has not built the lists of dates yet.
      later();
      return;
    }
    asked?.abort();
    asked = new AbortController();
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (value instanceof File) {
        data.delete(name);
      }
    }
    try {
      const answer = await fetch(place.dataset.schedulePreview, {
        method: "POST",
        body: data,
        credentials: "same-origin",
        signal: asked.signal,
      });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const html = await answer.text();
      if (told.dataset.html !== html) {
        told.dataset.html = html;
        told.innerHTML = html;
      }
      failed.hidden = true;
    } catch (error) {
      if (error.name !== "AbortError") {
        failed.hidden = false;
      }
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PATIENCE);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", () => {
    fold(form);
    later();
  });
  for (const name of ["left_out", "added"]) {
    const stream = form.querySelector(`[data-contentpath="${name}"]`);
    if (stream) {
      new MutationObserver(later).observe(stream, { childList: true, subtree: true });
    }
  }
  fold(form);
  ask();
}

for (const place of document.querySelectorAll("[data-schedule-preview]")) {
  follow(place);
}
