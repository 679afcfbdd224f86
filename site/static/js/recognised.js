// Offers what a text seems to be about, beside the fields where it is chosen; similar.js asks, and hands the offers on.
// Nothing is set before a button is pressed, what was set is said, and can be undone. Without this file the short form
// has a button of its own.
"use strict";

{
  /* One field of the form: a list, boxes, Wagtail's tags, or a line of text. */
  class Choice {
    constructor(form, name) {
      const found = form.elements.namedItem(name);
      this.boxes = found instanceof RadioNodeList ? [...found] : found?.type === "checkbox" ? [found] : null;
      this.input = this.boxes ? null : found;
      this.isTags = Boolean(this.input?.matches("[data-controller~='w-tag']"));
    }

    /* True if what is taken replaces what was there. */
    get isSingle() {
      return !this.boxes && !this.isTags;
    }

    get exists() {
      return Boolean(this.boxes || this.input);
    }

    /* Sets it and returns how to take it back. */
    take(value, label) {
      if (this.isTags) {
        const tags = window.jQuery(this.input);
        tags.tagit("createTag", label);
        // Wagtail puts what has a space in quotation marks.
        const tag = tags.tagit("assignedTags").at(-1);
        this.tell(this.input);
        return () => {
          tags.tagit("removeTagByLabel", tag);
          this.tell(this.input);
        };
      }
      const [control, property, wanted] = this.boxes
        ? [this.boxes.find((box) => box.value === value), "checked", true]
        : [this.input, "value", value];
      const before = control[property];
      control[property] = wanted;
      this.tell(control);
      return () => {
        control[property] = before;
        this.tell(control);
      };
    }

    tell(control) {
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  class Recognised {
    constructor(place) {
      this.place = place;
      this.form = place.closest("form");
      for (const part of ["answer", "status", "undo", "ask"]) {
        this[part] = place.querySelector(`[data-recognised-${part}]`);
      }
      // Offers come by themselves.
      this.ask?.remove();
      this.undo.type = "button";
      this.show(this.answer.firstElementChild);
      this.form.addEventListener("similar:answered", (event) => this.offer(event.detail));
      this.answer.addEventListener("click", (event) => this.pressed(event.target.closest("button")));
      this.answer.addEventListener("focusout", (event) => this.left(event.relatedTarget));
      this.answer.addEventListener("pointerleave", () => this.left(document.activeElement));
      this.undo.addEventListener("click", () => this.takeBack());
    }

    /* Nothing is replaced under the hands of somebody who is about to press. */
    offer(fresh) {
      if (!fresh) return;
      this.held = fresh;
      if (!this.answer.contains(document.activeElement) && !this.answer.matches(":hover")) this.show(fresh);
    }

    left(next) {
      if (this.held && !this.answer.contains(next)) this.show(this.held);
    }

    show(fresh) {
      this.held = null;
      // Enter in a field must not press the first of them.
      for (const button of fresh.querySelectorAll("button")) button.type = "button";
      this.answer.replaceChildren(fresh);
    }

    pressed(button) {
      if (!button) return;
      const { field, value, label } = button.dataset;
      const choice = new Choice(this.form, field);
      if (!choice.exists) return;
      const takeBack = choice.take(value, label);
      for (const other of choice.isSingle ? this.offersFor(field) : [button]) other.closest("li").hidden = true;
      this.last = { takeBack, label, field };
      this.say("taken", label);
      this.undo.hidden = false;
      this.undo.focus();
    }

    offersFor(field) {
      return [...this.answer.querySelectorAll("button")].filter((button) => button.dataset.field === field);
    }

    takeBack() {
      const { takeBack, label, field } = this.last;
      takeBack();
      this.say("undone", label);
      for (const entry of this.answer.querySelectorAll("li[hidden]")) entry.hidden = false;
      const again = this.offersFor(field).find((button) => button.dataset.label === label);
      // It may have left the list meanwhile; it comes back with the next answer.
      (again || this.place).focus();
      this.undo.hidden = true;
    }

    say(what, label) {
      this.status.textContent = this.status.dataset[what].replace("{label}", label);
    }
  }

  const begin = () => {
    for (const place of document.querySelectorAll("[data-recognised]")) new Recognised(place);
  };
  // The admin runs its scripts before the page is there.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
}
