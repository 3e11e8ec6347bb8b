// What scripts add to a citizen's pages; every page works without them.
"use strict";
(() => {
  // What was sent is kept no longer.
  if (location.pathname.endsWith("/done")) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft /my/")) sessionStorage.removeItem(key);
  }
  const wrong = document.getElementById("wrong");
  if (wrong) wrong.focus();
  // Another code can be asked for after a while; the button counts down to it.
  const again = document.querySelector("[data-wait]");
  if (again) {
    const words = again.textContent;
    const from = Date.now() + Number(again.dataset.wait) * 1000;
    const count = () => {
      const left = Math.ceil((from - Date.now()) / 1000);
      again.disabled = left > 0;
      again.textContent = left > 0 ? again.dataset.words.replace("{n}", left) : words;
      if (left > 0) setTimeout(count, 1000);
    };
    count();
  }
  const print = document.getElementById("print");
  if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }
  // Before a session ends there is a warning, and it can be extended; when it ended, nothing stays on the screen.
  const session = document.querySelector("[data-seconds]");
  const box = document.getElementById("ending");
  if (!session || !box) return;
  const stay = document.getElementById("stay");
  const go = document.getElementById("go");
  const warning = 60000;
  let end = Date.now() + Number(session.dataset.seconds) * 1000;
  let hasEnded = false;
  let focused = null;
  const rest = [...document.querySelectorAll("header, footer, main > *")].filter((part) => part !== box);
  const finish = () => {
    hasEnded = true;
    for (const part of rest) part.hidden = true;
    const text = document.getElementById("ending-text");
    text.textContent = text.dataset.ended;
    stay.textContent = stay.dataset.ended;
    go.hidden = true;
    stay.focus();
  };
  const tick = () => {
    const left = end - Date.now();
    if (left <= warning && box.hidden) {
      focused = document.activeElement;
      box.hidden = false;
      for (const part of rest) part.inert = true;
      stay.focus();
    }
    if (left <= 0) { finish(); return; }
    setTimeout(tick, Math.min(1000, left));
  };
  stay.addEventListener("click", async () => {
    if (hasEnded) {
      // The form is sent as it is: what was typed comes back after signing in.
      const kept = [...document.querySelectorAll("[data-keep]")].find((field) => field.value);
      if (kept) kept.form.submit(); else location.href = go.href;
      return;
    }
    const answer = await fetch("/my/stay", {
      method: "POST", redirect: "error", body: new URLSearchParams({ csrf: session.dataset.csrf }),
    }).catch(() => null);
    if (!answer || !answer.ok) { finish(); return; }
    end = Date.now() + Number(await answer.text()) * 1000;
    box.hidden = true;
    for (const part of rest) part.inert = false;
    if (focused) focused.focus();
  });
  tick();
})();
