// Shows what is like a text while it is typed, in the short form and in the editor of projects. Without this file the
// form asks before it stores anything. Never moves the focus, and changes nothing the person is at.
"use strict";

{
  const PAUSE_MS = 700;
  // From there on there is room beside the fields.
  const WIDE = getComputedStyle(document.documentElement).getPropertyValue("--dsr-wide");

  class Similar {
    constructor(panel) {
      this.panel = panel;
      this.form = panel.closest("form");
      for (const part of ["summary", "answer", "away", "status"]) {
        this[part] = panel.querySelector(`[data-similar-${part}]`);
      }
      const details = panel.querySelector("details");
      details.open = panel.matches(".dsr-similar--beside") && window.matchMedia(WIDE).matches;
      panel.hidden = false;
      this.form.addEventListener("input", () => this.later());
      this.form.addEventListener("change", () => this.later());
      // The editor stores drafts by itself; a new page has its number from then on.
      document.addEventListener("w-autosave:success", (event) => this.stored(event.detail?.data));
      this.answer.addEventListener("focusout", (event) => this.left(event.relatedTarget));
      this.later();
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), PAUSE_MS);
    }

    stored(data) {
      if (data?.pk) this.panel.dataset.similarPage = data.pk;
      this.later();
    }

    get question() {
      const { similarForm, similarPage, similarBody, similarFields } = this.panel.dataset;
      const typed = new FormData(this.form);
      const sent = new URLSearchParams({ form: similarForm, seite: similarPage || "", stelle: similarBody || "" });
      for (const name of similarFields.split(" ")) {
        for (const value of typed.getAll(name)) sent.append(name, value);
      }
      // What is chosen already stays chosen in the next answer.
      for (const field of this.answer.querySelectorAll("input:checked, textarea")) sent.append(field.name, field.value);
      return sent;
    }

    async ask() {
      const question = this.question;
      if (question.toString() === this.asked) return;
      this.running?.abort();
      const running = new AbortController();
      this.running = running;
      try {
        // Where nothing is to be seen yet, a quick look comes first; later it would take strong ones away for a moment.
        if (!this.answer.querySelector(".dsr-match")) {
          this.take(await this.answered(new URLSearchParams([...question, ["erster_blick", "1"]]), running));
        }
        const fresh = await this.answered(question, running);
        this.asked = question.toString();
        this.take(fresh);
      } catch (error) {
        if (error.name !== "AbortError") this.away.hidden = false;
      }
    }

    async answered(question, running) {
      const response = await fetch(this.panel.dataset.similar, {
        method: "POST",
        body: question,
        signal: running.signal,
        headers: { "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]").value },
      });
      // A session that has ended leads to the log-in.
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      const { body } = new DOMParser().parseFromString(await response.text(), "text/html");
      const recognised = body.querySelector("[data-recognised-offers]");
      this.form.dispatchEvent(new CustomEvent("similar:answered", { detail: recognised }));
      return body.firstElementChild;
    }

    take(fresh) {
      if ("outage" in fresh.dataset && this.shown) {
        this.away.hidden = false;
        return;
      }
      this.away.hidden = true;
      this.held = fresh;
      if (!this.answer.contains(document.activeElement)) this.show();
    }

    /* Nothing is replaced under the hands of somebody who reads or decides in the panel. */
    left(next) {
      if (this.held && !this.answer.contains(next)) this.show();
      else this.later();
    }

    show() {
      const { summary, strong } = this.held.dataset;
      this.answer.replaceChildren(this.held);
      this.shown = true;
      this.held = null;
      this.panel.classList.toggle("dsr-similar--strong", strong !== undefined);
      this.summary.textContent = summary;
      // The same words again would be read out again.
      if (this.status.textContent !== summary) this.status.textContent = summary;
    }
  }

  const begin = () => {
    for (const panel of document.querySelectorAll("[data-similar]")) new Similar(panel);
  };
  // The admin runs its scripts before the page is there.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
}
