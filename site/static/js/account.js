/* Says on the page what went wrong with a security key; without it only the browser's console would know. */
document.addEventListener("allauth.error", (event) => {
  const place = document.getElementById("schluessel-fehler");
  if (place) {
    event.preventDefault();
    place.hidden = false;
  }
});

/* allauth's script listens since a moment ago; pressed before, or without it, the button would do and say nothing. */
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-key]")) button.disabled = !window.allauth?.webauthn;
});
