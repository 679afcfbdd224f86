/* After each saved draft the server says what is still missing; each sentence leads to its field. */
(() => {
  const FOCUSABLE = "input:not([type=hidden]), textarea, select, button, [contenteditable=true]";

  class Completeness extends window.StimulusModule.Controller {
    static targets = ["content", "status"];
    static values = { url: String };

    async refresh(event) {
      // A new page has its number from its first saving on; only that answer names it.
      const pk = event.detail?.data?.pk;
      if (pk) this.urlValue = this.urlValue.replace(/\/\d+\//, `/${pk}/`);
      const response = await fetch(this.urlValue, { headers: { "X-Requested-With": "XMLHttpRequest" } }).catch(() => null);
      if (response?.ok) this.replace(await response.text());
    }

    /* An open list stays open, and a focus within it stays near. */
    replace(html) {
      const title = () => this.contentTarget.querySelector("h2").textContent.trim();
      const before = title();
      const isOpen = this.contentTarget.querySelector("details")?.open;
      const hadFocus = this.contentTarget.contains(document.activeElement);
      const fresh = new DOMParser().parseFromString(html, "text/html");
      this.contentTarget.replaceChildren(...fresh.body.childNodes);
      const details = this.contentTarget.querySelector("details");
      if (details && isOpen) details.open = true;
      if (hadFocus) details?.querySelector("summary").focus();
      if (title() !== before) this.statusTarget.textContent = title();
    }

    show(event) {
      const target = document.getElementById(event.currentTarget.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      const panel = target.closest("[role=tabpanel]");
      if (panel) document.getElementById(panel.getAttribute("aria-labelledby")).click();
      // The tabs open after this event is over.
      setTimeout(() => this.lead(target));
    }

    lead(target) {
      const place = target.closest(".w-panel, [data-field]") || target;
      const within = [target, ...place.querySelectorAll(FOCUSABLE)];
      const field = within.find((element) => element.matches(FOCUSABLE) && element.offsetParent !== null);
      (field || place).scrollIntoView({ block: "center" });
      field?.focus({ preventScroll: true });
    }
  }

  window.wagtail.app.register("dsr-completeness", Completeness);
})();
