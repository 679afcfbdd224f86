/* Brings several files to the server, one after the other, and adds a row for each that was kept. */
(() => {
  class Upload extends window.StimulusModule.Controller {
    static targets = ["input", "list", "status", "template"];
    static values = {
      url: String, max: Number, prefix: String,
      waiting: String, done: String, kind: String, large: String, failed: String, refused: String, summary: String,
    };

    connect() {
      this.element.hidden = false;
      this.queue = [];
      this.counts = { done: 0, failed: 0 };
    }

    choose() {
      this.add(this.inputTarget.files);
      this.inputTarget.value = "";
    }

    over(event) {
      event.preventDefault();
      this.element.classList.add("dsr-upload--over");
    }

    leave() {
      this.element.classList.remove("dsr-upload--over");
    }

    drop(event) {
      event.preventDefault();
      this.leave();
      this.add(event.dataTransfer.files);
    }

    add(files) {
      for (const file of files) this.queue.push({ file, line: this.lineFor(file) });
      this.work();
    }

    lineFor(file) {
      const line = this.templateTarget.content.firstElementChild.cloneNode(true);
      line.querySelector(".dsr-upload__name").textContent = file.name;
      line.querySelector("progress").setAttribute("aria-label", file.name);
      line.querySelector(".dsr-upload__state").textContent = this.waitingValue;
      line.querySelector("button").setAttribute("aria-description", file.name);
      this.listTarget.append(line);
      return line;
    }

    async work() {
      if (this.isBusy) return;
      this.isBusy = true;
      while (this.queue.length) await this.bring(this.queue.shift());
      this.isBusy = false;
      this.statusTarget.textContent = this.summaryValue
        .replace("{done}", this.counts.done)
        .replace("{failed}", this.counts.failed);
    }

    async bring({ file, line }) {
      try {
        if (file.size > this.maxValue) throw new Error(this.largeValue);
        const kept = await this.send(file, line.querySelector("progress"));
        this.addRow(kept);
        this.counts.done += 1;
        this.tell(line, kept.kind ? this.doneValue : this.kindValue);
      } catch (error) {
        this.counts.failed += 1;
        this.tell(line, error.message);
        this.offerRetry(file, line);
      }
    }

    tell(line, text) {
      line.querySelector(".dsr-upload__state").textContent = text;
      line.querySelector("progress").hidden = true;
    }

    offerRetry(file, line) {
      const button = line.querySelector("button");
      line.classList.add("dsr-upload__file--failed");
      button.hidden = false;
      button.onclick = () => {
        const hadFocus = document.activeElement === button;
        line.remove();
        this.counts.failed -= 1;
        if (hadFocus) this.inputTarget.focus();
        this.add([file]);
      };
    }

    /* A request of the older kind: only it tells how far it is. */
    send(file, progress) {
      return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", this.urlValue);
        request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
        request.setRequestHeader("X-CSRFToken", document.querySelector("[name=csrfmiddlewaretoken]").value);
        request.responseType = "json";
        request.upload.onprogress = (event) => {
          if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
        };
        request.onerror = () => reject(new Error(this.failedValue));
        request.onload = () => {
          if (request.status === 200 && request.response?.document) resolve(request.response);
          else if (request.response?.error) reject(new Error(request.response.error));
          else if (request.status === 413) reject(new Error(this.largeValue));
          else reject(new Error(request.status === 403 ? this.refusedValue : this.failedValue));
        };
        const data = new FormData();
        data.append("file", file);
        request.send(data);
      });
    }

    addRow(kept) {
      const number = Number(document.getElementById(`id_${this.prefixValue}-TOTAL_FORMS`).value);
      document.getElementById(`id_${this.prefixValue}-ADD`).click();
      const field = (name) => document.getElementById(`id_${this.prefixValue}-${number}-${name}`);
      field("title").value = kept.title;
      if (kept.kind) field("kind").value = kept.kind;
      document.getElementById(`id_${this.prefixValue}-${number}-file-chooser`).widget.setState(kept.document);
      for (const name of ["title", "kind"]) field(name).dispatchEvent(new Event("change", { bubbles: true }));
      field("title").dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  window.wagtail.app.register("dsr-upload", Upload);
})();
