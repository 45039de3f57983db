// Names the zone of an event where the visitor's clock shows another time then, and says what that time is.

for (const note of document.querySelectorAll("[data-zone-start]")) {
  const start = new Date(note.dataset.zoneStart);
  if (-start.getTimezoneOffset() === Number(note.dataset.zoneOffset)) {
    continue;
  }
  const place = note.dataset.zoneStart.slice(0, 10);
  const here = new Intl.DateTimeFormat("sv-SE").format(start);
  const shown = { hour: "2-digit", minute: "2-digit", ...(here === place ? {} : { day: "numeric", month: "long" }) };
  const words = new Intl.DateTimeFormat(document.documentElement.lang, shown).format(start);
  note.append(`. ${note.dataset.zoneWords} ${words}.`);
  note.hidden = false;
}
