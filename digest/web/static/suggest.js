// What the search box offers while someone types. A list box beside the field, for mouse, finger, keyboard and
// screen reader alike (WAI-ARIA combobox); without script the field is a plain one.
"use strict";

for (const field of document.querySelectorAll("input[data-offers]")) {
  const list = document.createElement("ul");
  list.id = `${field.id}-offers`;
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.offersName);
  field.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) field.setAttribute(name, value);

  let chosen = -1;
  let typed = "";
  let pause = 0;
  let asked = 0;

  function close() {
    asked += 1; // an answer under way is for nobody now
    clearTimeout(pause);
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(at) {
    for (const [place, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(place === at));
    chosen = at;
    field.value = at < 0 ? typed : list.children[at].textContent;
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[at].id);
  }

  function show(offers) {
    chosen = -1;
    list.replaceChildren(...offers.map((words, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.textContent = words;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
      option.addEventListener("click", () => { choose(at); field.form.requestSubmit(); });
      return option;
    }));
    list.hidden = !offers.length;
    field.setAttribute("aria-expanded", String(offers.length > 0));
  }

  async function ask() {
    const mine = asked += 1;
    try {
      const answer = await fetch(`${field.dataset.offers}?q=${encodeURIComponent(typed)}`, { credentials: "same-origin" });
      const offers = answer.ok ? (await answer.json())[1] : [];
      if (mine === asked) show(offers);
    } catch {
      close(); // without a line there is nothing to offer, and searching says what is wrong
    }
  }

  field.addEventListener("input", () => {
    typed = field.value;
    close();
    if (typed.trim().length > 1) pause = setTimeout(ask, 150);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") choose(chosen < last ? chosen + 1 : -1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? last : chosen - 1);
    else if (event.key === "Escape") { choose(-1); close(); }
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
}
