// Nothing is shown in another font first and moved then: the page appears when its own fonts are unpacked.
// They are in the style sheet, so nothing is waited for but a frame or two; without script it works as well.
"use strict";

if (document.fonts && document.fonts.load) {
  const show = () => document.documentElement.classList.remove("fonts-come");
  document.documentElement.classList.add("fonts-come");
  Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 1em "Be Vietnam Pro"`))).then(show, show);
}
