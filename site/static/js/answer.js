// Sends the answer of a reminder as soon as a person sees the page; without this file a button does.
"use strict";

const form = document.querySelector("[data-send-at-once]");

function sendOnce() {
  if (document.visibilityState === "visible") {
    document.removeEventListener("visibilitychange", sendOnce);
    form.requestSubmit();
  }
}

// A page fetched in advance, or kept by "back", is not somebody's answer.
const navigation = performance.getEntriesByType("navigation")[0];

if (form && navigation?.type !== "back_forward") {
  document.addEventListener("visibilitychange", sendOnce);
  sendOnce();
}
