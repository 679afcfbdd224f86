// What the server says in the editor while it saves by itself: why there is no new preview, and that a draft with the
// same title was begun before. A button that saves waits for what is being saved: otherwise the page it leads to
// takes that for a newer version from another window, and a new page is stored twice.
(() => {
  // A server that is alive has answered by then; going on before that would store a new page twice.
  const PATIENCE_MS = 30000;
  const CHECKED_EVERY_MS = 500;
  let offered = null;
  let isSaving = false;
  let goOn = null;

  const offer = (draft) => {
    if (offered && offered.dataset.url === draft?.url) return;
    offered?.remove();
    offered = null;
    const form = document.querySelector("[data-edit-form]");
    if (!draft || !form) return;
    offered = document.createElement("div");
    offered.className = "help-block help-warning dsr-earlier-draft";
    offered.setAttribute("role", "status");
    offered.dataset.url = draft.url;
    const text = document.createElement("p");
    text.textContent = draft.text;
    const link = document.createElement("a");
    link.className = "button button-small button-secondary";
    link.href = draft.url;
    link.textContent = draft.button;
    offered.append(text, link);
    form.prepend(offered);
  };

  // Wagtail does not watch a form that came back with errors: it would be saved once and never again.
  const watchAgain = (form) => {
    const interval = "data-w-unsaved-check-interval-value";
    if (!form.hasAttribute(interval)) form.setAttribute(interval, CHECKED_EVERY_MS);
  };

  const finish = () => {
    isSaving = false;
    const waiting = goOn;
    goOn = null;
    waiting?.();
  };

  document.addEventListener("w-autosave:save", () => {
    isSaving = true;
  });

  document.addEventListener("w-autosave:error", finish);

  document.addEventListener("w-autosave:success", ({ detail, target }) => {
    watchAgain(target);
    offer(detail.data?.earlier_draft);
    finish();
  });

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!isSaving || !form.matches("[data-edit-form]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const isFirst = goOn === null;
      goOn = () => {
        // The button may be disabled by now, and would not be sent.
        const pressed = document.createElement("input");
        pressed.type = "hidden";
        pressed.name = event.submitter?.name ?? "";
        pressed.value = event.submitter?.value ?? "";
        if (pressed.name) form.append(pressed);
        form.requestSubmit();
      };
      if (isFirst) setTimeout(() => goOn && finish(), PATIENCE_MS);
    },
    true,
  );

  document.addEventListener("w-preview:json", ({ detail }) => {
    const shown = document.querySelector(".w-preview__error-details");
    if (shown && detail.data.error_message) shown.textContent = detail.data.error_message;
  });
})();
