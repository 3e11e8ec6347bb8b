// What scripts add; every page works without them.
"use strict";
(() => {
  // A form that is being sent is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (!("again" in form.dataset)) form.dataset.sent = "yes";
    sessionStorage.setItem(sent, JSON.stringify([...form.elements].filter((field) => field.id).map(place)));
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
  // What was typed survives the end of a session in this tab, and nowhere else, until the page says that it was done.
  const drafts = "draft " + location.pathname + " ";
  const sent = "sent " + location.pathname;
  const place = (field) => drafts + field.id;
  if (new URLSearchParams(location.search).has("done")) {
    for (const key of JSON.parse(sessionStorage.getItem(sent) || "[]")) sessionStorage.removeItem(key);
  }
  for (const field of document.querySelectorAll("[data-keep]")) {
    const kept = sessionStorage.getItem(place(field));
    if (kept && !field.value) { field.value = kept; const box = field.closest("details"); if (box) box.open = true; }
    field.addEventListener("input", () => sessionStorage.setItem(place(field), field.value));
  }
  // A contact is saved from the first key on; without scripts the buttons save it.
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    let waiting = 0;
    const said = form.querySelector("[data-saved]");
    const save = async () => {
      if (form.dataset.sent || form.dataset.saving) { waiting = setTimeout(save, 500); return; }
      form.dataset.saving = "yes";
      try {
        const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form)) });
        if (answer.ok) {
          const kept = await answer.json();
          let version = form.elements.version;
          if (!version) {
            version = document.createElement("input");
            version.type = "hidden"; version.name = "version"; form.append(version);
            form.action = "/staff/calls/" + kept.id + "/save";
          }
          version.value = kept.version;
          said.textContent = said.dataset.saved;
        }
      } catch { /* The session ended or the line broke: what was typed is kept in this tab. */ }
      delete form.dataset.saving;
    };
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(save, form.elements.version ? 900 : 50); });
    form.addEventListener("submit", (event) => {
      clearTimeout(waiting);
      if (!form.dataset.saving) return;
      // What is being saved brings a newer version; the form is sent with that.
      event.preventDefault();
      event.stopPropagation();
      setTimeout(() => form.requestSubmit(event.submitter), 100);
    });
  }
  // Alt with a key, by its place on the keyboard, so that it works while Hangul is typed.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const target = document.querySelector('[data-key="' + event.code + '"]');
    if (!target) return;
    event.preventDefault();
    if (target.tagName === "DETAILS") { target.open = !target.open; target.querySelector("summary").focus(); }
    else if (target.tagName === "A" || target.hasAttribute("popovertarget")) target.click();
    else target.focus();
  });
  // How long an offer stands.
  const clock = document.querySelector("[data-until]");
  if (clock) {
    const until = Date.parse(clock.dataset.until);
    const show = () => {
      const left = Math.max(0, Math.floor((until - Date.now()) / 60000));
      // Days away, hours say less than days; where there are no words for days, the date is enough.
      clock.textContent = left > 4320 ? (clock.dataset.days || "").replace("{d}", Math.floor(left / 1440)) : clock.dataset.words.replace("{h}", Math.floor(left / 60)).replace("{m}", left % 60);
    };
    show();
    setInterval(show, 30000);
  }
})();
