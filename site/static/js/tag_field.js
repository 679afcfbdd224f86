/* Wagtail's tag field puts a nameless text field in place of the one the label belongs to: it gets that label's name. */
(() => {
  const name = (list) => {
    const original = list.previousElementSibling || list.parentElement.querySelector("[data-controller~='w-tag']");
    const typed = list.querySelector(".tagit-new input");
    const label = original && original.labels && original.labels[0];
    if (!typed || !label || typed.hasAttribute("aria-label")) {
      return;
    }
    typed.setAttribute("aria-label", label.textContent.replace("*", "").trim());
  };

  const nameAll = () => document.querySelectorAll("ul.tagit").forEach(name);
  new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
})();
