// What scripts add; every page works without them.
"use strict";
(() => {
  // A form that is being sent is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
  // What was typed survives the end of a session in this tab, and nowhere else, until the page says it was done.
  const drafts = "draft " + location.pathname + " ";
  const place = (field) => drafts + field.form.action + " " + field.name;
  if (new URLSearchParams(location.search).has("done")) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(drafts)) sessionStorage.removeItem(key);
  }
  for (const field of document.querySelectorAll("textarea[data-keep]")) {
    const kept = sessionStorage.getItem(place(field));
    if (kept && !field.value) { field.value = kept; const box = field.closest("details"); if (box) box.open = true; }
    field.addEventListener("input", () => sessionStorage.setItem(place(field), field.value));
  }
  // Alt with a key, by its place on the keyboard, so that it works while Hangul is typed.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const target = document.querySelector('[data-key="' + event.code + '"]');
    if (!target) return;
    event.preventDefault();
    if (target.tagName === "DETAILS") { target.open = !target.open; target.querySelector("summary").focus(); }
    else if (target.tagName === "A") target.click();
    else target.focus();
  });
  // How long an offer stands.
  const clock = document.querySelector("[data-until]");
  if (clock) {
    const until = Date.parse(clock.dataset.until);
    const show = () => {
      const left = Math.max(0, Math.floor((until - Date.now()) / 60000));
      clock.textContent = clock.dataset.words.replace("{h}", Math.floor(left / 60)).replace("{m}", left % 60);
    };
    show();
    setInterval(show, 30000);
  }
})();
