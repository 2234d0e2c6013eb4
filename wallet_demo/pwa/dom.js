/** Building pages from values: text is always text, so nothing a stranger wrote becomes markup. */

/** Make an element; `on…` members listen, `class` and the like are attributes. */
export function h(tag, members = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(members)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Show a page: its nodes, its title, and the focus where reading starts. */
export function show(title, ...nodes) {
  const main = document.getElementById("main");
  main.replaceChildren(...nodes.flat().filter(Boolean));
  document.title = `${title} · learnseal wallet`;
  for (const link of document.querySelectorAll(".masthead nav a")) {
    const here = link.hash === (location.hash || "#/");
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Tell people who listen what just happened. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

/** A notice in the tone of `kind`: valid, genuine_with_remarks, not_valid, could_not_check. */
export function notice(kind, title, ...children) {
  return h("div", { class: `notice ${kind}` }, h("h2", {}, title), ...children);
}

/** Put what went wrong into `place`, where screen readers speak it at once. */
export function complain(place, problem) {
  const alert = h(
    "div",
    { class: "notice not_valid", role: "alert", tabindex: "-1" },
    h("h2", {}, problem.message || String(problem)),
    problem.remedy ? h("p", {}, problem.remedy) : null,
  );
  place.replaceChildren(alert);
  alert.focus();
}

/** Run `work` for a button: it waits, and a problem is told in `place`. */
export async function busy(button, place, work) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  place.replaceChildren();
  try {
    await work();
  } catch (problem) {
    button.disabled = false;
    complain(place, problem);
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}
