// Comforts of the verify page; every job works without them.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("[type=submit]");
  const file = form.querySelector("[type=file]");
  const idle = button.textContent;
  form.addEventListener("submit", () => {
    button.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.busy;
  });
  window.addEventListener("pageshow", () => {
    button.removeAttribute("aria-busy");
    button.textContent = idle;
  });
  for (const [event, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
    file.addEventListener(event, () => file.classList.toggle("over", over));
  }
}
