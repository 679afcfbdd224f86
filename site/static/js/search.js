// Suggestions while typing and results that update in place. The search page works without this file.
"use strict";

const PAUSE_MS = 150;
const MIN_LENGTH = 2;
const PARTS = ["facets", "results"];

class Suggestions {
  constructor(box) {
    this.address = box.dataset.suggest;
    this.input = box.querySelector("input[name=q]");
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}-vorschlaege`;
    this.list.className = "dsr-suggest";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels[0]?.textContent.trim() ?? "");
    this.list.hidden = true;
    box.append(this.list);
    this.active = -1;
    this.asked = 0;
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // A press on a suggestion must not take the focus from the field before the click arrives.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const asked = ++this.asked;
    const typed = this.input.value.trim();
    if (typed.length < MIN_LENGTH) {
      this.close();
      return;
    }
    try {
      const answer = await fetch(`${this.address}?${new URLSearchParams({ q: this.input.value })}`);
      const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
      if (asked === this.asked && document.activeElement === this.input) {
        this.show(suggestions);
      }
    } catch {
      this.close();
    }
  }

  show(suggestions) {
    this.list.replaceChildren(
      ...suggestions.map((suggestion, position) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${position}`;
        option.className = "dsr-suggest__option";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = suggestion.url;
        const text = document.createElement("span");
        text.className = "dsr-suggest__text";
        text.lang = "de";
        text.textContent = suggestion.text;
        option.append(text);
        if (suggestion.kind) {
          const kind = document.createElement("span");
          kind.className = "dsr-suggest__kind";
          kind.textContent = suggestion.kind;
          option.append(kind);
        }
        option.addEventListener("click", () => location.assign(suggestion.url));
        return option;
      }),
    );
    this.select(-1);
    this.list.hidden = suggestions.length === 0;
    this.input.setAttribute("aria-expanded", String(suggestions.length > 0));
  }

  key(event) {
    const count = this.list.hidden ? 0 : this.list.children.length;
    if (event.key === "Escape" && count) {
      this.close();
      event.preventDefault();
    } else if (event.key === "Enter" && count && this.active >= 0) {
      location.assign(this.list.children[this.active].dataset.url);
      event.preventDefault();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      // One place more than there are suggestions: the field itself is part of the round.
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.select(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
      event.preventDefault();
    }
  }

  select(position) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = position;
    const option = this.list.children[position];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  close() {
    ++this.asked;
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

class LiveResults {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector("[data-search-form]");
    this.newest = 0;
    root.classList.add("dsr-search--live");
    this.form.addEventListener("change", (event) => {
      if (event.target.matches("input[type=checkbox], select")) {
        this.go(this.address(), true);
      }
    });
    root.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-search-link], .dsr-pagination a");
      if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        this.go(link.href, true, Boolean(link.closest(".dsr-pagination")));
      }
    });
    window.addEventListener("popstate", () => this.go(location.href, false));
  }

  address() {
    const data = new FormData(this.form);
    const pairs = [...data].filter(([, value]) => value !== "");
    return `${this.form.action}?${new URLSearchParams(pairs)}`;
  }

  async go(address, isNew, toTop = false) {
    const asked = ++this.newest;
    this.root.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address);
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (asked !== this.newest) {
        return;
      }
      this.replace(page);
      if (isNew) {
        history.pushState(null, "", answer.url);
      }
      document.title = page.title;
      if (toTop) {
        this.root.querySelector("#treffer")?.scrollIntoView();
      }
    } catch {
      // Whatever went wrong, the browser can still go there itself.
      location.assign(address);
    } finally {
      this.root.removeAttribute("aria-busy");
    }
  }

  replace(page) {
    const focused = document.activeElement;
    const wanted = focused?.name ? `[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]` : "";
    const open = new Map([...this.root.querySelectorAll("[data-facet]")].map((item) => [item.dataset.facet, item.open]));
    for (const part of PARTS) {
      const fresh = page.querySelector(`[data-search-part="${part}"]`);
      const old = this.root.querySelector(`[data-search-part="${part}"]`);
      if (!fresh || !old) {
        throw new Error("another page");
      }
      old.replaceWith(fresh);
    }
    for (const item of this.root.querySelectorAll("[data-facet]")) {
      item.open = item.open || Boolean(open.get(item.dataset.facet));
    }
    if (wanted) {
      this.root.querySelector(wanted)?.focus();
    }
    const q = page.querySelector("#suchbegriff");
    const input = this.root.querySelector("#suchbegriff");
    if (q && input && document.activeElement !== input) {
      input.value = q.value;
    }
  }
}

for (const box of document.querySelectorAll("[data-suggest]")) {
  new Suggestions(box);
}

for (const root of document.querySelectorAll("[data-search]")) {
  new LiveResults(root);
}
