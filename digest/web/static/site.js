// What script adds for readers: copying a citation, printing. Everything else works without it.
"use strict";

for (const box of document.querySelectorAll(".needs-script")) box.hidden = false;

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.querySelector("span");
  const before = label.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      // An insecure address has no clipboard: select the words, so that Ctrl+C takes them.
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      if (!document.execCommand("copy")) return;
    }
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = before; }, 4000);
  });
}
