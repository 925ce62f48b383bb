// What script adds at the desk: ticks and notes save themselves, steps refresh the board in place, dragging.
"use strict";

document.documentElement.classList.add("scripted");

let running = null;
let pause = 0;

// Sends a form and puts the answer's board in place of this one; anything unforeseen falls back to a normal load.
async function send(form, submitter) {
  while (running) await running.catch(() => {});
  if (!form.isConnected) {
    // The board was refreshed meanwhile: the same step goes on from what it shows now, not from before.
    form = twin(form);
    submitter = null;
    if (!form) return;
  }
  const data = new FormData(form, submitter);
  running = (async () => {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    const here = document.querySelector("[data-live]");
    if (!answer.ok || !fresh || !here) {
      if (answer.redirected) location.href = answer.url;
      else document.body.replaceWith(page.body); // a refusal says itself what to do
      return;
    }
    // What is being typed elsewhere on the board goes over into the new one: nothing typed is lost.
    for (const typed of here.querySelectorAll("textarea[data-save]")) {
      const saved = typed.form === form ? data.get(typed.name) : typed.defaultValue;
      const same = typed.value !== saved && fresh.querySelector(`#${CSS.escape(typed.id)}`);
      if (!same) continue;
      same.value = typed.value;
      later(same);
    }
    const focus = document.activeElement && document.activeElement.id;
    const caret = focus && document.activeElement.selectionStart;
    here.replaceWith(fresh);
    document.querySelector(".desk-bar").replaceWith(page.querySelector(".desk-bar"));
    history.replaceState(null, "", answer.url);
    const again = focus && document.getElementById(focus);
    if (again) {
      again.focus({ preventScroll: true });
      if (typeof caret === "number" && again.setSelectionRange) again.setSelectionRange(caret, caret);
    }
  })();
  try { await running; } finally { running = null; }
}

// A note saves itself when its writer pauses.
function later(typed) {
  clearTimeout(pause);
  pause = setTimeout(() => typed.isConnected && typed.form.requestSubmit(), 1500);
}

// The form of the present board that means the same as one of a board before, with what was typed and ticked there.
function twin(old) {
  const means = (form) => ["lam", "bai"].map((name) => form.elements[name] && form.elements[name].value).join();
  const form = [...document.querySelectorAll("[data-live] form")].find((one) => means(one) === means(old));
  if (!form) return null;
  for (const typed of old.querySelectorAll("textarea")) form.elements[typed.name].value = typed.value;
  for (const tick of old.querySelectorAll("input[type=checkbox]")) {
    const same = [...form.querySelectorAll("input[type=checkbox]")].find((one) => one.value === tick.value);
    if (same) same.checked = tick.checked;
  }
  return form;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("[data-live]")) return;
  event.preventDefault();
  clearTimeout(pause);
  send(form, event.submitter).catch(() => location.reload());
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-ticks]");
  if (form) form.requestSubmit();
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-save]")) return;
  later(event.target);
});

// Dragging has buttons beside it for everyone who cannot drag.
let dragged = null;
document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".grip");
  const item = grip && grip.closest(".board-item");
  for (const other of document.querySelectorAll(".board-item")) other.draggable = other === item;
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest && event.target.closest(".board-item");
  if (dragged) dragged.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const item = event.target.closest && event.target.closest(".board-item, .board-section");
  if (!dragged || !item) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".over")) other.classList.remove("over");
  if (item.matches(".board-item")) item.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const section = event.target.closest && event.target.closest(".board-section");
  if (!dragged || !section) return;
  event.preventDefault();
  const items = [...section.querySelectorAll(".board-item")].filter((one) => one !== dragged);
  const item = event.target.closest(".board-item");
  const form = document.getElementById("keo");
  form.elements.bai.value = dragged.dataset.article;
  form.elements.section.value = section.dataset.section;
  form.elements.place.value = item && item !== dragged ? items.indexOf(item) : items.length;
  dragged = null;
  form.requestSubmit();
});
document.addEventListener("dragend", () => {
  dragged = null;
  for (const one of document.querySelectorAll(".dragged, .over")) one.classList.remove("dragged", "over");
});
