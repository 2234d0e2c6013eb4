// Comforts of the claim page; every job works without them.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    document.getElementById("said").textContent = `${button.dataset.done}: ${field.value}`;
  });
}
