/* Counts what is typed, as the server will count it, and says so once typing has rested. */
(() => {
  const REST = 1000;

  class Counter extends window.StimulusModule.Controller {
    static values = { limit: Number, advised: Number, left: String, over: String, count: String };

    connect() {
      // Cutting off what is pasted would lose it without a word; the server refuses what is too long.
      this.element.removeAttribute("maxlength");
      this.shown = document.createElement("p");
      this.shown.className = "dsr-counter";
      this.shown.setAttribute("aria-hidden", "true");
      this.spoken = document.createElement("p");
      this.spoken.className = "w-sr-only";
      this.spoken.setAttribute("role", "status");
      this.element.closest("[data-field-input]").after(this.shown, this.spoken);
      this.listener = () => this.update();
      this.element.addEventListener("input", this.listener);
      this.show();
    }

    disconnect() {
      clearTimeout(this.timer);
      this.element.removeEventListener("input", this.listener);
      this.shown.remove();
      this.spoken.remove();
    }

    update() {
      this.show();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.spoken.textContent = this.shown.textContent;
      }, REST);
    }

    /* A line break is one character, and so is an emoji. */
    get length() {
      return [...this.element.value.trim()].length;
    }

    show() {
      const isOver = this.limitValue > 0 && this.length > this.limitValue;
      this.shown.classList.toggle("dsr-counter--over", isOver);
      this.shown.textContent = this.sentence(isOver);
    }

    sentence(isOver) {
      if (isOver) return this.overValue.replace("{n}", this.length - this.limitValue);
      if (this.limitValue && !this.advisedValue) return this.leftValue.replace("{n}", this.limitValue - this.length);
      return this.countValue.replace("{n}", this.length).replace("{advised}", this.advisedValue);
    }
  }

  window.wagtail.app.register("dsr-counter", Counter);
})();
