// Conveniences only: every page works without this file.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const menu = document.querySelector(".dsr-menu");

if (menu) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) {
      menu.open = false;
    }
  });
}

// An error summary takes the focus, so that screen readers read it first.
document.querySelector(".dsr-errors")?.focus();

// Closed disclosures print empty: open them for the paper, close them again afterwards.
const opened = [];

window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("main details:not([open])")) {
    details.open = true;
    opened.push(details);
  }
});
window.addEventListener("afterprint", () => {
  for (const details of opened.splice(0)) {
    details.open = false;
  }
});

// On narrow screens the filters fold away, so that results are in sight; without script they stay open.
const facets = document.querySelector(".dsr-facets");

if (facets) {
  const fold = document.createElement("details");
  const summary = document.createElement("summary");
  const narrow = window.matchMedia(getComputedStyle(document.documentElement).getPropertyValue("--dsr-narrow"));
  const adapt = () => {
    summary.hidden = !narrow.matches;
    fold.open = !narrow.matches;
  };
  fold.className = "dsr-facets-fold";
  summary.textContent = facets.querySelector("h2")?.textContent ?? "";
  facets.replaceWith(fold);
  fold.append(summary, facets);
  adapt();
  narrow.addEventListener("change", adapt);
}
