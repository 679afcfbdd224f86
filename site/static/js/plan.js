// Suggestions for the service while it is typed. Without this file the form finds it when it is sent.
"use strict";

{
  const PAUSE_MS = 200;
  const MIN_LENGTH = 2;

  for (const input of document.querySelectorAll("[data-services]")) {
    let timer;
    let asked = 0;

    const ask = async () => {
      const turn = ++asked;
      const typed = input.value.trim();
      if (typed.length < MIN_LENGTH || [...input.list.options].some((option) => option.value === typed)) {
        return;
      }
      try {
        const answer = await fetch(`${input.dataset.services}?${new URLSearchParams({ q: typed })}`);
        const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
        if (turn === asked) {
          input.list.replaceChildren(...suggestions.map((text) => new Option(text, text)));
        }
      } catch {
        // Nothing is suggested; what was typed is looked up when the form is sent.
        input.list.replaceChildren();
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    });
  }
}
