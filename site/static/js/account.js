/* Says on the page what went wrong with a security key; without it only the browser's console would know. */
document.addEventListener("allauth.error", (event) => {
  const place = document.getElementById("schluessel-fehler");
  if (place) {
    event.preventDefault();
    place.hidden = false;
  }
});
