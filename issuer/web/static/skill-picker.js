// A combobox over the ESCO search, as ARIA 1.2 describes it (editable, list, manual selection).
// Without this script the same is done by a search page; nothing here is needed to save the form.
const language = document.documentElement.lang || "en";
const status = document.getElementById("said");
const WAIT = 120; // milliseconds after the last letter
const FEWEST = 2;

async function search(words, tongue = language) {
  const asked = new URLSearchParams({ q: words, lang: tongue, limit: "12" });
  const answer = await fetch(`/api/esco/skills?${asked}`, { headers: { Accept: "application/json" } });
  if (answer.status === 404 && tongue !== "en") return search(words, "en");
  return answer.ok ? (await answer.json()).skills : [];
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

class Picker {
  constructor(box) {
    this.box = box;
    this.field = box.dataset.outcome;
    this.input = box.querySelector('[role="combobox"]');
    this.list = box.querySelector('[role="listbox"]');
    this.chosen = box.querySelector(".chosen");
    this.found = [];
    this.active = -1;
    box.querySelector(".combo").hidden = false;
    for (const way of box.querySelectorAll(".plain-way")) way.hidden = true;
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the text field keeps the focus
      const option = event.target.closest('[role="option"]');
      if (option) this.choose(Number(option.dataset.place));
    });
  }

  typed() {
    clearTimeout(this.timer);
    const words = this.input.value.trim();
    if (words.length < FEWEST) return this.close();
    this.timer = setTimeout(async () => {
      const found = await search(words);
      if (this.input.value.trim() === words) this.show(found);
    }, WAIT);
  }

  show(found) {
    this.found = found;
    this.active = -1;
    this.list.replaceChildren(...found.map((skill, place) => {
      const option = element("li", { role: "option", id: `${this.field}.option.${place}`, "data-place": place, "aria-selected": "false" }, skill.label);
      if (skill.alternatives.length) option.append(element("span", { class: "quiet" }, skill.alternatives.slice(0, 2).join(", ")));
      return option;
    }));
    this.list.hidden = found.length === 0;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? `${found.length} ${this.input.dataset.many}` : this.input.dataset.none;
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "Enter") {
      event.preventDefault(); // never sends the whole form from here
      if (open && this.active >= 0) this.choose(this.active);
    } else if (event.key === "Escape") {
      if (open) this.close(); else this.input.value = "";
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return this.typed();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark((this.active + step + this.found.length) % this.found.length);
    }
  }

  mark(place) {
    this.active = place;
    [...this.list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    const option = this.list.children[place];
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  choose(place) {
    const skill = this.found[place];
    const known = [...this.chosen.querySelectorAll('input[type="checkbox"]')].find((box) => box.value === skill.uri);
    if (known) known.checked = true; else this.chosen.append(this.row(skill));
    status.textContent = `${skill.label}: ${this.input.dataset.added}`;
    this.input.value = "";
    this.close();
  }

  row(skill) {
    const box = element("input", { type: "checkbox", name: `${this.field}.skills`, value: skill.uri });
    box.checked = true;
    const level = `${this.field}.level.${skill.uri}`;
    const levels = ["", "basic", "intermediate", "advanced", "expert"].map((value) => element("option", { value }, value || this.input.dataset.noLevel));
    return element("li", {},
      element("label", { class: "skill" }, box, element("span", {}, element("bdi", {}, skill.label))),
      element("label", { class: "visually-hidden", for: level }, `${this.input.dataset.level}: ${skill.label}`),
      element("select", { id: level, name: level, class: "small" }, ...levels));
  }
}

for (const box of document.querySelectorAll("[data-outcome]")) new Picker(box);
